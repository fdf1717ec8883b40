"""Modules, optimizers, schedules, generators: after loading, a run goes on as if it had never stopped, to the bit."""

import copy

import numpy as np
import pytest

import autograd as ag
import nn
from tests.data.optimizer_cases import DESCENTS, STARTS, Descent, started, trained
from tests.data.schedule_cases import CASES
from tests.nn.serialization.trees import assert_identical

formats = pytest.mark.parametrize("ending", ["safetensors", "npz"])
OPTIMIZERS = [*DESCENTS, Descent("Lion", {"lr": 0.01}, [])]  # which PyTorch does not have
BIT_GENERATORS = ["MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"]


def network(seed):
    ag.seed(seed)
    return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 3))


@formats
def test_a_model(ending, tmp_path):
    model = network(0)
    model(np.random.default_rng(0).normal(size=(5, 4)))
    nn.save(model, tmp_path / f"model.{ending}")
    other = network(1)
    assert nn.load(tmp_path / f"model.{ending}", into=other) is other
    assert_identical(other.state_dict(), model.state_dict())
    assert_identical(nn.load(tmp_path / f"model.{ending}"), model.state_dict())


@formats
def test_a_model_in_float64_and_float16(ending, tmp_path):
    for dtype in (np.float64, np.float16):
        model = network(0).astype(dtype)
        nn.save(model, tmp_path / f"model.{ending}")
        assert_identical(nn.load(tmp_path / f"model.{ending}", into=network(1).astype(dtype)).state_dict(), model.state_dict())


@pytest.mark.parametrize("descent", OPTIMIZERS, ids=str)
def test_every_optimizer_goes_on(descent, tmp_path):
    """... also those whose ``state_dict`` ``np.savez`` cannot write, since its keys are numbers."""
    parameters = started(np.float32)
    optimizer = descent.made(parameters)
    trained(parameters, optimizer, range(3))
    values = [each.detach().numpy().copy() for each in parameters]
    for ending in ("safetensors", "npz"):
        nn.save(optimizer, tmp_path / f"optimizer.{ending}")
        assert_identical(nn.load(tmp_path / f"optimizer.{ending}"), optimizer.state_dict())
    trained(parameters, optimizer, range(3, 6))
    again = [nn.Parameter(each) for each in values]
    resumed = nn.load(tmp_path / "optimizer.npz", into=descent.made(again))
    trained(again, resumed, range(3, 6))
    assert_identical([each.numpy() for each in again], [each.numpy() for each in parameters])
    assert_identical(resumed.state_dict(), optimizer.state_dict())


def test_the_table_has_every_optimizer():
    named = {each.optimizer for each in OPTIMIZERS}
    classes = [getattr(nn.optim, name) for name in nn.optim.__all__]
    rules = {each.__name__ for each in classes if isinstance(each, type) and issubclass(each, nn.optim.UpdateRule)}
    assert rules - {"UpdateRule"} <= named


def test_lbfgs_goes_on(tmp_path):
    def run(weight, optimizer, steps):
        def closure():
            optimizer.zero_grad()
            loss = ((weight - 1) ** 4).sum() + (weight[0] * weight[1]) ** 2
            loss.backward()
            return loss

        for _ in range(steps):
            optimizer.step(closure)

    weight = nn.Parameter(STARTS[0].reshape(-1)[:2])
    optimizer = nn.optim.LBFGS([weight], max_iter=3, history_size=4)
    run(weight, optimizer, 2)
    nn.save({"weight": weight, "optimizer": optimizer}, tmp_path / "run.safetensors")
    run(weight, optimizer, 2)
    other = nn.Parameter(np.zeros(2))
    resumed = nn.optim.LBFGS([other], max_iter=3, history_size=4)
    nn.load(tmp_path / "run.safetensors", into={"weight": other, "optimizer": resumed})
    run(other, resumed, 2)
    assert_identical(other.numpy(), weight.numpy())


@pytest.mark.parametrize("case", [each for each in CASES if each.last_epoch == -1], ids=str)
def test_every_schedule_goes_on(case, tmp_path):
    def start():
        return case.start(nn.optim, nn.optim, lambda: nn.Parameter(0.0))

    def run(optimizer, schedule, given):
        seen = []
        for each in given:
            schedule.step(*each)
            seen.append(copy.deepcopy([{k: v for k, v in group.items() if k != "params"} for group in optimizer.param_groups]))
        return seen

    optimizer, schedule = start()
    run(optimizer, schedule, case.given[:7])
    nn.save({"schedule": schedule, "optimizer": optimizer}, tmp_path / "run.npz")
    other, resumed = start()
    nn.load(tmp_path / "run.npz", into={"schedule": resumed, "optimizer": other})
    assert_identical(run(other, resumed, case.given[7:]), run(optimizer, schedule, case.given[7:]))
    assert_identical(resumed.state_dict(), schedule.state_dict())


@formats
@pytest.mark.parametrize("name", BIT_GENERATORS)
def test_every_generator_goes_on(name, ending, tmp_path):
    rng = np.random.Generator(getattr(np.random, name)(0))
    rng.integers(10, size=3, dtype=np.int32)  # which leaves half of a number for the next call
    rng.normal(size=3)
    nn.save(rng, tmp_path / f"rng.{ending}")
    other = nn.load(tmp_path / f"rng.{ending}", into=np.random.Generator(getattr(np.random, name)(1)))
    for draw in (lambda each: each.integers(10, size=5, dtype=np.int32), lambda each: each.normal(size=700)):
        assert_identical(draw(other), draw(rng))


def test_every_bit_generator_of_numpy_is_tested():
    found = [
        each.__name__
        for each in vars(np.random).values()
        if isinstance(each, type) and issubclass(each, np.random.BitGenerator)
    ]
    assert sorted(found) == sorted(["BitGenerator", *BIT_GENERATORS])


@formats
def test_a_whole_run_goes_on(ending, tmp_path):
    """Dropout, batch statistics, order of the data, momentum, learning rates: all of it."""
    x = np.random.default_rng(5).normal(size=(40, 4)).astype(np.float32)
    labels = np.arange(40) % 3

    def parts(seed):
        model = network(seed)
        optimizer = nn.optim.AdamW(model.parameters(), lr=1e-2)
        schedule = nn.optim.CosineAnnealingLR(optimizer, T_max=6)
        return {"model": model, "optimizer": optimizer, "schedule": schedule, "rng": np.random.default_rng(seed)}

    def run(model, optimizer, schedule, rng, epochs):
        losses = []
        for _ in range(epochs):
            for batch in np.array_split(rng.permutation(40), 4):
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(model(x[batch]), labels[batch])
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
            schedule.step()
        return losses

    path = tmp_path / f"run.{ending}"
    first = parts(0)
    losses = run(**first, epochs=3)
    nn.save({**first, "drawing": ag.generator(), "losses": losses}, path)
    expected = run(**first, epochs=3)
    second = parts(1)
    loaded = nn.load(path, into={**second, "drawing": ag.generator()})
    assert loaded["losses"] == losses
    assert loaded["model"] is second["model"]
    assert run(**second, epochs=3) == expected
    for name in ("model", "optimizer", "schedule"):
        assert_identical(second[name].state_dict(), first[name].state_dict())


def test_an_average_and_a_loader(tmp_path):
    model = nn.Linear(2, 1)
    average = nn.optim.AveragedModel(model)
    average.update_parameters(model)
    loader = nn.data.DataLoader(nn.data.TensorDataset(np.arange(6.0)), batch_size=2, shuffle=True)
    next(iter(loader))
    nn.save({"average": average, "loader": loader}, tmp_path / "run.npz")
    other = nn.optim.AveragedModel(nn.Linear(2, 1))
    again = nn.data.DataLoader(nn.data.TensorDataset(np.arange(6.0)), batch_size=2, shuffle=True)
    nn.load(tmp_path / "run.npz", into={"average": other, "loader": again})
    assert_identical(other.state_dict(), average.state_dict())
    assert_identical(again.state_dict(), loader.state_dict())


def test_states_by_themselves_load_too(tmp_path):
    """``save(model.state_dict())``, as in PyTorch."""
    model, other = nn.Linear(3, 2), nn.Linear(3, 2)
    optimizer = nn.optim.Adam(model.parameters())
    model(np.ones(3)).sum().backward()
    optimizer.step()
    nn.save(model.state_dict(), tmp_path / "model.safetensors")
    nn.save({"optimizer": optimizer.state_dict()}, tmp_path / "optimizer.safetensors")
    nn.load(tmp_path / "model.safetensors", into=other)
    assert_identical(other.state_dict(), model.state_dict())
    resumed = nn.load(tmp_path / "optimizer.safetensors", into={"optimizer": nn.optim.Adam(other.parameters())})["optimizer"]
    assert_identical(resumed.state_dict(), optimizer.state_dict())
