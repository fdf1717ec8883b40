"""``load(into=...)``: all objects or none; what does not fit is said, with what is in the file."""

import copy
import math
import re

import numpy as np
import pytest

import autograd as ag
import nn
from tests.nn.serialization.trees import assert_identical


class Counter:
    """An object of a user's own, whose ``load_state_dict`` changes something before it fails."""

    def __init__(self, count=0, error=None):
        self.count = count
        self.error = error

    def state_dict(self):
        return {"count": self.count, "seen": np.arange(self.count)}

    def load_state_dict(self, state):
        self.count = state["count"]
        if self.error and state["count"] == 7:
            raise self.error


def network(seed, width=4):
    ag.seed(seed)
    return nn.Sequential(nn.Linear(3, width), nn.Tanh(), nn.Linear(width, 2))


def parts(seed, width=4):
    """What a run consists of, after a step."""
    rng = np.random.default_rng(seed)
    model = network(seed, width)
    optimizer = nn.optim.Adam(model.parameters(), lr=0.1)
    schedule = nn.optim.StepLR(optimizer, 2)
    model(rng.normal(size=(5, 3))).sum().backward()
    optimizer.step()
    schedule.step()
    return {
        "w": ag.tensor(float(seed)),
        "v": ag.tensor([1.0, seed]),
        "model": model,
        "optimizer": optimizer,
        "rng": rng,
        "counter": Counter(7),
        "schedule": schedule,
    }


def states(objects):
    """A copy of the states of all."""
    taken = {name: objects[name].state_dict() for name in ("model", "optimizer", "schedule", "counter")}
    return copy.deepcopy(
        {**taken, "rng": objects["rng"].bit_generator.state, "tensors": [objects[name].numpy() for name in "wv"]}
    )


@pytest.fixture
def path(tmp_path):
    nn.save({**parts(0), "epoch": 3, "history": {"loss": [1.0, 0.5]}}, tmp_path / "run.safetensors")
    return tmp_path / "run.safetensors"


def test_all_are_loaded_and_plain_data_come_with_them(path):
    objects = parts(1)
    loaded = nn.load(path, into=objects)
    assert_identical(states(objects), states(parts(0)))
    assert list(loaded) == [*objects, "epoch", "history"]
    assert all(loaded[name] is each for name, each in objects.items())
    assert loaded["epoch"] == 3
    assert loaded["history"] == {"loss": [1.0, 0.5]}
    assert list(objects) == list(parts(0))  # the dict that was given is not changed


def test_objects_in_lists_and_dicts(tmp_path):
    models = [network(i) for i in range(3)]
    nn.save({"ensemble": models, "pair": (models[0][0], 5, {"more": models[1][0]})}, tmp_path / "run.npz")
    others = [network(i) for i in range(3, 6)]
    one, two = nn.Linear(3, 4), nn.Linear(3, 4)
    with pytest.raises(TypeError, match=re.escape("expected an object with a state as into['pair'][1], received int")):
        nn.load(tmp_path / "run.npz", into={"ensemble": others, "pair": (one, 5, {"more": two})})
    nn.save({"ensemble": models, "pair": (models[0][0], {"more": models[1][0]})}, tmp_path / "run.npz")
    loaded = nn.load(tmp_path / "run.npz", into={"ensemble": others, "pair": (one, {"more": two})})
    assert loaded["ensemble"][2] is others[2]
    assert loaded["pair"] == (one, {"more": two})
    assert_identical([each.state_dict() for each in others], [each.state_dict() for each in models])
    assert_identical(two.state_dict(), models[1][0].state_dict())


# ---------------------------------------------------------------- all or none


def test_another_architecture_changes_nothing(path):
    objects = parts(1) | {"model": network(1, width=5)}
    before = states(objects)
    with pytest.raises(
        ValueError,
        match=r"(?s)run\.safetensors: the state does not fit the \w+ in into\['model'\].*0\.weight: expected shape \(5, 3\)",
    ):
        nn.load(path, into=objects)
    assert_identical(states(objects), before)


@pytest.mark.parametrize("error", [ValueError("no"), KeyError("key"), KeyboardInterrupt()])
def test_a_failing_object_brings_all_back(error, path):
    objects = parts(1) | {"counter": Counter(2, error)}
    for group in objects["optimizer"].param_groups:
        group["lr"] = 0.77  # set by hand: the schedule does not know of it
    before = states(objects)
    with pytest.raises(type(error)):
        nn.load(path, into=objects)
    assert_identical(states(objects), before)


def test_another_optimizer_schedule_generator_or_tensor_changes_nothing(path):
    other = {
        "optimizer": nn.optim.SGD(network(1).parameters(), lr=0.1),
        "rng": np.random.Generator(np.random.MT19937(0)),
        "w": ag.tensor(1),
        "schedule": nn.optim.ExponentialLR(nn.optim.SGD(network(1).parameters(), lr=0.1), 0.5),
    }
    for name, each in other.items():
        objects = parts(1)
        before = states(objects)
        with pytest.raises(
            (ValueError, TypeError), match=rf"the state does not fit the \w+ in into\['{name}'\]; all objects are as they were"
        ):
            nn.load(path, into={**objects, name: each})
        assert_identical(states(objects), before)


def test_what_cannot_be_put_back_is_said(path):
    class Stubborn(Counter):
        def load_state_dict(self, state):
            raise ValueError("never")

    objects = parts(1) | {"counter": Stubborn()}
    before = states(objects)
    with pytest.raises(ValueError, match=r"into\['counter'\] could not be put back into its state before \(never\)"):
        nn.load(path, into=objects)
    assert_identical(states(objects), before)


def test_learning_rates_that_were_set_by_hand(tmp_path):
    """... are the optimizer's, which so is loaded after its schedule."""
    objects = parts(0)
    objects["optimizer"].param_groups[0]["lr"] = 0.77
    nn.save({"optimizer": objects["optimizer"], "schedule": objects["schedule"]}, tmp_path / "run.npz")
    others = parts(1)
    nn.load(tmp_path / "run.npz", into={"optimizer": others["optimizer"], "schedule": others["schedule"]})
    assert others["optimizer"].param_groups[0]["lr"] == 0.77


# ---------------------------------------------------------------- what is in the file and what is asked for


def without(objects, *names):
    return {name: each for name, each in objects.items() if name not in names}


MISMATCHES = {
    "one object of a file of several": (
        lambda: network(1),
        "expected the state of a module for into; the file holds a dict of 'w' (Tensor), 'v' (Tensor), 'model' (Sequential)",
    ),
    "an object that has no place": (
        lambda: without(parts(1), "optimizer", "rng"),
        "expected an object in into for each state, received none for 'optimizer', 'rng'",
    ),
    "a state that is not there": (
        lambda: {**parts(1), "average": nn.optim.AveragedModel(network(1))},
        "expected 'average' for into; the file holds a dict of 'w' (Tensor)",
    ),
    "another kind of object": (
        lambda: {**parts(1), "model": nn.optim.SGD(network(1).parameters())},
        "expected the state of an optimizer for into['model']; there the file holds the state of a module (Sequential)",
    ),
    "an object for plain data": (
        lambda: {**parts(1), "epoch": network(1)},
        "the state does not fit the Sequential in into['epoch']",
    ),
    "a list": (lambda: [network(1)], "expected a list of 1 for into; the file holds a dict of"),
    "the same twice": (
        lambda: (lambda objects: {**objects, "history": objects["model"]})(parts(1)),
        "expected each object once, received that at into['history'] a second time",
    ),
}


@pytest.mark.parametrize("name", MISMATCHES)
def test_what_does_not_fit_is_said(name, path):
    into, message = MISMATCHES[name]
    with pytest.raises((ValueError, TypeError)) as caught:
        nn.load(path, into=into())
    assert str(caught.value).startswith(f"load: {path}: ")
    assert message in str(caught.value)


def test_plain_data_in_into_are_refused(path):
    with pytest.raises(TypeError, match=r"as into\['epoch'\], received int; leave plain data out, load returns them"):
        nn.load(path, into={**parts(1), "epoch": 0})
    with pytest.raises(TypeError, match="expected an object with a state as into, received type"):
        nn.load(path, into=nn.Linear)


def test_a_file_of_one_object(tmp_path):
    nn.save(network(0), tmp_path / "model.npz")
    with pytest.raises(
        ValueError, match=r"expected a dict for into; the file holds the state of a module \(Sequential\); pass the object"
    ):
        nn.load(tmp_path / "model.npz", into={"model": network(1)})
    with pytest.raises(ValueError, match="expected the state of an optimizer for into; the file holds the state of a module"):
        nn.load(tmp_path / "model.npz", into=nn.optim.SGD(network(1).parameters()))
    with pytest.raises(
        ValueError, match="expected the state of a random generator for into; the file holds the state of a module"
    ):
        nn.load(tmp_path / "model.npz", into=np.random.default_rng())
    nn.save(network(0).state_dict(), tmp_path / "model.npz")
    with pytest.raises(ValueError, match=r"expected 'model' for into; the file holds a dict of '0\.weight' \(ndarray\)"):
        nn.load(tmp_path / "model.npz", into={"model": network(1)})


def test_not_strict(tmp_path):
    model = network(0)
    nn.save(model, tmp_path / "model.npz")
    other = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2), nn.Linear(2, 2))
    with pytest.raises(ValueError, match=r"missing from the state: 3\.weight, 3\.bias"):
        nn.load(tmp_path / "model.npz", into=other)
    nn.load(tmp_path / "model.npz", into=other, strict=False)
    assert_identical(other[:3].state_dict(), model.state_dict())
    with pytest.raises(
        ValueError, match=r"expected at least one key of the model, such as layers\.0\.weight; received 0\.weight"
    ):
        nn.load(tmp_path / "model.npz", into=Wrapped(network(1)), strict=False)
    with pytest.raises(TypeError, match="expected strict, True or False"):
        nn.load(tmp_path / "model.npz", into=other, strict="no")


class Wrapped(nn.Module):
    def __init__(self, layers):
        self.layers = layers


# ---------------------------------------------------------------- files that are not there, and notes


@pytest.mark.parametrize("ending", ["safetensors", "npz"])
def test_notes(ending, tmp_path):
    notes = {"epoch": 3, "loss": np.float32(0.5), "data": "digits", "best": True, "worst": -np.inf, "steps": 2**80, "δ": "é"}
    path = tmp_path / f"model.{ending}"
    nn.save({"model": network(0), "rng": np.random.default_rng(0), "epoch": 3}, path, metadata=notes)
    found = nn.read_metadata(path)
    own = found.pop("chainrule")
    assert_identical(found, {**notes, "loss": 0.5, "worst": -math.inf})
    assert own == {
        "format": 1,
        "chainrule": ag.__version__,
        "numpy": np.__version__,
        "contents": {"model": "Sequential", "rng": "Generator", "epoch": "int"},
    }
    nn.save(network(0), path)
    assert nn.read_metadata(path)["chainrule"]["contents"] == "Sequential"
    assert list(nn.read_metadata(path)) == ["chainrule"]


def test_notes_that_are_none(tmp_path):
    for notes, what in (([], "as a dict"), ({"a": [1]}, r"'a': \[1\]"), ({1: "a"}, "1: 'a'"), ({"a": None}, "'a': None")):
        with pytest.raises(TypeError, match=f"save: expected metadata .*{what}"):
            nn.save(network(0), tmp_path / "model.npz", metadata=notes)
    with pytest.raises(ValueError, match="by other names than 'chainrule'"):
        nn.save(network(0), tmp_path / "model.npz", metadata={"chainrule": "mine"})
    with pytest.raises(ValueError, match="expected metadata that can be written as UTF-8"):
        nn.save(network(0), tmp_path / "model.npz", metadata={"a": "\ud800"})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("read", [nn.load, nn.read_metadata])
def test_files_that_are_not_there(read, tmp_path):
    with pytest.raises(FileNotFoundError, match=f"{read.__name__}: No such file or directory: '{tmp_path}/x.npz'"):
        read(tmp_path / "x.npz")
    (tmp_path / "x.npz").mkdir()
    with pytest.raises(IsADirectoryError, match=f"{read.__name__}: expected the path of a file, received a folder"):
        read(tmp_path / "x.npz")
    (tmp_path / "y.npz").write_bytes(b"")
    with pytest.raises(ValueError, match=f"{read.__name__}: the file {tmp_path}/y.npz is empty"):
        read(tmp_path / "y.npz")
