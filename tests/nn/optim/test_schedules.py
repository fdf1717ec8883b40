"""Schedules as one table: PyTorch's numbers, going on in the middle, looking ahead, and what they refuse."""

import copy
import json
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
import nn
from nn.optim import lr_curve, lr_scheduler

DATA = Path(__file__).parents[2] / "data"
sys.path.insert(0, str(DATA))
from schedule_cases import CASES, TWO, Case  # noqa: E402 - the recorder shares it

RECORDED = json.loads((DATA / "torch_schedules.json").read_text())["cases"]
BEGUN = [case for case in CASES if case.last_epoch == -1]
every = pytest.mark.parametrize("case", BEGUN, ids=str)


def started(case):
    return case.start(lr_scheduler, nn.optim, lambda: nn.Parameter([0.0]))


def assert_close(found, expected):
    np.testing.assert_allclose(np.array(found, float), np.array(expected, float), rtol=1e-12, atol=1e-15)


def settings(optimizer):
    return [{name: value for name, value in group.items() if name != "params"} for group in optimizer.param_groups]


# ---------------------------------------------------------------- the numbers


@pytest.mark.parametrize("case", CASES, ids=str)
def test_learning_rates_and_momenta_are_pytorchs(case):
    found = case.run(*started(case))
    for name, expected in RECORDED[str(case)].items():
        assert_close(found[name], expected)


def test_every_schedule_is_recorded():
    bases = {"LRScheduler", "lr_curve"}
    assert {case.name for case in CASES} == set(lr_scheduler.__all__) - bases


RESUMED = sorted({case.text for case in CASES if case.last_epoch != -1} | {"S.SWALR(o, 0.05, 7)"})


@pytest.mark.parametrize("last_epoch", range(12))
@pytest.mark.parametrize("text", RESUMED)
def test_resuming_goes_on_as_if_nothing_had_been(text, last_epoch):
    whole = Case(text, steps=last_epoch + 11)
    resumed = Case(text, steps=10, last_epoch=last_epoch)
    expected = whole.run(*started(whole))["lr"][last_epoch + 1 :]
    assert_close(resumed.run(*started(resumed))["lr"], expected)


@pytest.mark.parametrize("last_epoch", range(12))
def test_warm_restarts_that_get_longer_resume_too(last_epoch):
    test_resuming_goes_on_as_if_nothing_had_been("S.CosineAnnealingWarmRestarts(o, 2, 2)", last_epoch)


# ---------------------------------------------------------------- saving, copying


@every
def test_state_is_saved_and_loaded_in_the_middle(case):
    optimizer, schedule = started(case)
    half = len(case.given) // 2
    for each in case.given[:half]:
        schedule.step(*each)
    state = json.loads(json.dumps(schedule.state_dict()))
    saved = optimizer.state_dict()
    other_optimizer, other = started(case)
    other.load_state_dict(state)
    assert other.get_last_lr() == schedule.get_last_lr() == [group["lr"] for group in other_optimizer.param_groups]
    other_optimizer.load_state_dict(saved)
    assert settings(other_optimizer) == settings(optimizer)
    for each in case.given[half:]:
        schedule.step(*each)
        other.step(*each)
        assert settings(other_optimizer) == settings(optimizer)


@every
def test_a_saved_state_is_a_copy(case):
    _, schedule = started(case)
    state = schedule.state_dict()
    before = copy.deepcopy(state)
    for each in case.given:
        schedule.step(*each)
    assert state == before


def test_a_copy_has_an_optimizer_of_its_own():
    optimizer, schedule = started(Case("S.SequentialLR(o, [S.LinearLR(o), S.ExponentialLR(o, 0.9)], [3])"))
    for copied in (copy.deepcopy, lambda both: pickle.loads(pickle.dumps(both))):
        other_optimizer, other = copied((optimizer, schedule))
        for _ in range(5):
            other.step()
        assert other_optimizer.param_groups[0]["lr"] == other.get_last_lr()[0] != 0.1
        assert optimizer.param_groups[0]["lr"] == schedule.get_last_lr()[0] == pytest.approx(0.1)


def test_a_state_that_does_not_fit_changes_nothing():
    _, step = started(Case("S.StepLR(o, 3)"))
    optimizer, sequence = started(Case("S.SequentialLR(o, [S.LinearLR(o), S.ExponentialLR(o, 0.9)], [3])"))
    saved = sequence.state_dict()
    before = settings(optimizer), copy.deepcopy(saved)
    wrong = [
        (step.state_dict(), ValueError, "SequentialLR.load_state_dict: expected the entries .*milestones.*another schedule"),
        ({**saved, "schedulers": saved["schedulers"][:1]}, ValueError, "expected 2 schedulers, received 1"),
        (
            {**saved, "last_epoch": 7, "schedulers": saved["schedulers"][::-1]},
            ValueError,
            "LinearLR.load_state_dict: expected the entries .*start_factor",
        ),
        ([1], TypeError, "expected what state_dict.. returned, received list"),
    ]
    for state, error, message in wrong:
        with pytest.raises(error, match=message):
            sequence.load_state_dict(state)
    assert (settings(optimizer), sequence.state_dict()) == before


# ---------------------------------------------------------------- looking ahead


@every
def test_a_curve_is_what_steps_give_and_changes_nothing(case):
    optimizer, schedule = started(case)
    count = len(case.given)
    for start in (0, count // 3):
        for each in case.given[: count // 3] if start else ():
            schedule.step(*each)
        before = settings(optimizer), schedule.state_dict()
        given = case.given[start:]
        steps = len(given) + 1 if isinstance(case.steps, int) else [*[each for (each,) in given], None]
        assert_close(lr_curve(schedule, steps), RECORDED[str(case)]["lr"][start:])
        assert (settings(optimizer), schedule.state_dict()) == before


def test_a_curve_does_not_copy_the_model():
    class Uncopied(nn.Parameter):
        def __deepcopy__(self, memo):
            raise AssertionError("copied")

    schedule = nn.optim.StepLR(nn.optim.SGD([Uncopied([0.0])], lr=0.1), 2)
    assert lr_curve(schedule, 3).shape == (3, 1)
    assert lr_curve(schedule, 0).shape == (0, 1)


@pytest.fixture
def pyplot():
    from matplotlib import pyplot

    yield pyplot
    pyplot.close("all")


@pytest.mark.parametrize("case", {case.name: case for case in BEGUN}.values(), ids=str)
def test_plot_draws_the_curve(case, pyplot):
    optimizer, schedule = started(case)
    before = settings(optimizer), schedule.state_dict()
    steps = len(case.given) + 1 if isinstance(case.steps, int) else [0.0 if each is None else each for each in case.steps]
    axes = schedule.plot(steps)
    assert (settings(optimizer), schedule.state_dict()) == before
    expected = RECORDED[str(case)]
    drawn = np.array([line.get_ydata() for line in axes.get_lines()]).T
    if isinstance(case.steps, int):
        assert_close(drawn, expected["lr"])
    assert drawn.shape == (len(case.given) + isinstance(case.steps, int), len(case.lrs))
    changes = len(set(map(tuple, expected["momentum"]))) > 1
    beside = [each.get_ylabel() for each in axes.figure.axes[1:]]
    assert beside == ["metric (dashed)"] * (case.name == "ReduceLROnPlateau") + ["momentum (dashed)"] * changes


def test_plot_draws_into_given_axes_from_the_present_step_on(pyplot):
    _, schedule = started(Case("S.StepLR(o, 3)", TWO))
    for _ in range(4):
        schedule.step()
    axes = pyplot.figure().add_subplot()
    assert schedule.plot(5, ax=axes) is axes
    assert axes.get_lines()[1].get_xdata().tolist() == [4, 5, 6, 7, 8]
    assert axes.get_lines()[1].get_ydata() == pytest.approx([2e-3, 2e-3, 2e-4, 2e-4, 2e-4])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["group 0", "group 1"]


def test_plot_says_what_it_needs(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"plot needs matplotlib; install it with `pip install chainrule\[plot\]`"):
        started(Case("S.StepLR(o, 3)"))[1].plot(5)


# ---------------------------------------------------------------- with an optimizer


def test_updates_use_the_learning_rate_of_the_schedule():
    w = nn.Parameter([0.0])
    optimizer = nn.optim.SGD([w], lr=1.0)
    schedule = nn.optim.StepLR(optimizer, 2, gamma=0.1)
    for _ in range(4):
        optimizer.zero_grad()
        w.sum().backward()
        optimizer.step()
        schedule.step()
    assert w.item() == pytest.approx(-2.2)


def test_a_learning_rate_that_is_changed_by_hand_is_gone_on_from():
    optimizer, schedule = started(Case("S.ExponentialLR(o, 0.5)"))
    optimizer.param_groups[0]["lr"] = 8.0
    schedule.step()
    assert schedule.get_last_lr() == [4.0]


def test_initial_learning_rates_are_saved_with_the_optimizer():
    optimizer, schedule = started(Case("S.LinearLR(o, 0.1)", TWO))
    schedule.step()
    saved = pickle.loads(pickle.dumps(optimizer.state_dict()))
    assert [group["initial_lr"] for group in saved["param_groups"]] == list(TWO)
    other = nn.optim.SGD([{"params": [nn.Parameter([0.0])], "initial_lr": 5.0}, {"params": [nn.Parameter([0.0])]}], lr=1.0)
    assert nn.optim.StepLR(other, 3).base_lrs == [5.0, 1.0]
    other.load_state_dict(saved)
    assert nn.optim.ExponentialLR(other, 0.5, last_epoch=0).base_lrs == list(TWO)


def test_a_metric_may_be_a_tensor():
    _, schedule = started(Case("S.ReduceLROnPlateau(o, patience=0, factor=0.5)"))
    loss = (nn.Parameter([1.0]) * 2).sum()
    schedule.step(loss)
    schedule.step(ag.tensor(3.0))
    assert schedule.get_last_lr() == [0.15]


def test_a_schedule_inside_a_sequence_inside_a_sequence():
    """Where PyTorch raises: a composition that is not the first one."""
    inner = "S.SequentialLR(o, [S.ConstantLR(o, 0.5, 2), S.ExponentialLR(o, 0.5)], [2])"
    nested = Case(f"S.SequentialLR(o, [S.LambdaLR(o, lambda t: 1.0), {inner}], [3])", (1.0,), steps=8)
    assert_close(np.ravel(nested.run(*started(nested))["lr"]), [1, 1, 1, 0.5, 0.5, 1, 0.5, 0.25])
    chained = "S.ChainedScheduler([S.ConstantLR(o, 0.5, 2), S.ExponentialLR(o, 0.5)])"
    nested = Case(f"S.SequentialLR(o, [S.LambdaLR(o, lambda t: 2.0), {chained}], [2])", (1.0,), steps=6)
    assert_close(np.ravel(nested.run(*started(nested))["lr"]), [2, 2, 0.5, 0.25, 0.25, 0.125])


def test_schedules_of_no_length():
    for text, expected in [
        ("S.ConstantLR(o, 0.5, total_iters=0)", [1, 1, 1]),
        ("S.LinearLR(o, 0.5, 0.25, total_iters=0)", [0.25, 0.25, 0.25]),
        ("S.PolynomialLR(o, 0)", [1, 1, 1]),
        ("S.OneCycleLR(o, 1.0, 3, pct_start=1 / 3, div_factor=4, anneal_strategy='linear')", [1.0, 0.5000125, 0.000025]),
    ]:
        case = Case(text, (1.0,), steps=3)
        assert_close(np.ravel(case.run(*started(case))["lr"]), expected)


def test_the_step_after_the_last_update_of_one_cycle():
    _, schedule = started(Case("S.OneCycleLR(o, 1.0, 3, div_factor=1, final_div_factor=10)"))
    for _ in range(3):
        schedule.step()
    assert schedule.get_last_lr() == [0.1]
    with pytest.raises(ValueError, match="OneCycleLR: expected 3 steps, as was said at the start; this is step 4"):
        schedule.step()


def test_schedules_are_printed():
    assert repr(started(Case("S.StepLR(o, 3)", TWO))[1]) == "StepLR(last_epoch=0, lr=[0.3, 0.02])"


# ---------------------------------------------------------------- what is refused


ERRORS = [
    ("S.LRScheduler(o)", NotImplementedError, "LRScheduler has no get_lr; define `def get_lr"),
    ("S.StepLR(3, 3)", TypeError, "StepLR: expected an optimizer of nn.optim, received int"),
    ("S.OneCycleLR(None, 0.1, 3)", TypeError, "OneCycleLR: expected an optimizer of nn.optim, received NoneType"),
    ("S.StepLR(o, 0)", ValueError, "StepLR: expected step_size, a finite number of 1 or more; received 0"),
    ("S.StepLR(o, 2.5)", TypeError, "StepLR: expected step_size, a whole number; received 2.5"),
    ("S.StepLR(o, 2, 'a')", TypeError, "StepLR: expected gamma, a number; received 'a'"),
    (
        "S.StepLR(o, 2, last_epoch=3)",
        ValueError,
        "expected 'initial_lr' in group 0 of the optimizer, to go on after last_epoch=3",
    ),
    ("S.StepLR(o, 2, last_epoch=-2)", ValueError, "StepLR: expected last_epoch of -1 or more, received -2"),
    ("S.MultiStepLR(o, [1, -2])", ValueError, "MultiStepLR: expected milestones, a finite number of 0 or more; received -2"),
    ("S.ConstantLR(o, 0.0)", ValueError, "ConstantLR: expected factor above 0, since learning rates are divided by it later"),
    ("S.ConstantLR(o, 1.5)", ValueError, "ConstantLR: expected factor, a finite number from 0 to 1; received 1.5"),
    ("S.LinearLR(o, 0)", ValueError, "LinearLR: expected start_factor above 0"),
    ("S.LinearLR(o, end_factor=2)", ValueError, "LinearLR: expected end_factor, a finite number from 0 to 1; received 2"),
    ("S.PolynomialLR(o, -1)", ValueError, "PolynomialLR: expected total_iters, a finite number of 0 or more; received -1"),
    ("S.LambdaLR(o, 0.5)", TypeError, "LambdaLR: expected lr_lambda, a function of the step; received float"),
    ("S.MultiplicativeLR(o, [abs, abs])", ValueError, "expected one lr_lambda, or a list .* of which there are 1; received 2"),
    ("S.CosineAnnealingLR(o, 0)", ValueError, "CosineAnnealingLR: expected T_max, a finite number of 1 or more; received 0"),
    ("S.CosineAnnealingWarmRestarts(o, 5, 0)", ValueError, "expected T_mult, a finite number of 1 or more; received 0"),
    ("S.CosineAnnealingWarmRestarts(o, 5).step(-1)", ValueError, "step: expected epoch, a finite number of 0 or more"),
    ("S.SWALR(o, 0.1, 3, 'exp')", ValueError, "SWALR: expected anneal_strategy 'cos' or 'linear', received 'exp'"),
    ("S.SWALR(o, [0.1, 0.2])", ValueError, "SWALR: expected one swa_lr, or a list"),
    ("S.OneCycleLR(o, 0.1)", ValueError, "OneCycleLR: expected total_steps, or epochs and steps_per_epoch; received neither"),
    ("S.OneCycleLR(o, 0.1, epochs=3, steps_per_epoch=0)", ValueError, "expected steps_per_epoch, a finite number of 1 or more"),
    ("S.OneCycleLR(o, 0.1, 5, pct_start=2)", ValueError, "expected pct_start, a finite number from 0 to 1; received 2"),
    ("S.OneCycleLR(o, 0.1, 5, div_factor=0)", ValueError, "OneCycleLR: expected div_factor above 0, received 0"),
    ("S.CyclicLR(o, 0.1, 0.2, mode='sine')", ValueError, "CyclicLR: expected mode 'triangular', .*, received 'sine'"),
    ("S.CyclicLR(o, 0.1, 0.2, scale_mode='step')", ValueError, "CyclicLR: expected scale_mode 'cycle' or 'iterations'"),
    ("S.CyclicLR(o, 0.1, 0.2, 0)", ValueError, "expected step_size_up and step_size_down of more than 0 together"),
    ("S.ReduceLROnPlateau(o, 'least')", ValueError, "ReduceLROnPlateau: expected mode 'min' or 'max', received 'least'"),
    ("S.ReduceLROnPlateau(o, factor=1.0)", ValueError, "ReduceLROnPlateau: expected a factor below 1, received 1.0"),
    ("S.ReduceLROnPlateau(o, patience=-1)", ValueError, "expected patience, a finite number of 0 or more; received -1"),
    ("S.ReduceLROnPlateau(o, min_lr=[1, 2])", ValueError, "ReduceLROnPlateau: expected one min_lr, or a list"),
    ("S.lr_curve(S.ReduceLROnPlateau(o), 9)", TypeError, "expected a metric for each step, received their number, 9"),
    ("S.SequentialLR(o, [], [])", ValueError, "SequentialLR: expected schedules, received none"),
    ("S.ChainedScheduler([])", ValueError, "ChainedScheduler: expected schedules, received none"),
    ("S.ChainedScheduler([3])", TypeError, "ChainedScheduler: expected schedules, received int as number 0"),
    (
        "S.SequentialLR(o, [S.StepLR(o, 3)], [2])",
        ValueError,
        "expected a milestone for each schedule but the first, 0; received 1",
    ),
    ("S.SequentialLR(o, [S.StepLR(o, 3)] * 3, [4, 2])", ValueError, r"expected milestones in order, received \[4, 2\]"),
    (
        "S.SequentialLR(o, [S.StepLR(o, 3)], [], 4)",
        ValueError,
        "expected last_epoch=-1, received 4; to resume, .*load_state_dict",
    ),
    ("S.ChainedScheduler([S.ReduceLROnPlateau(o)])", ValueError, "cannot be part of it, since its step needs a metric"),
    ("S.ChainedScheduler([S.StepLR(o, 3), S.StepLR(p, 3)])", ValueError, r"number 1, StepLR\(last_epoch=0, .*another one's"),
]


@pytest.mark.parametrize(("text", "error", "message"), ERRORS)
def test_bad_input_is_explained(text, error, message):
    o, p = [nn.optim.SGD([nn.Parameter([0.0])], lr=0.1, momentum=0.9) for _ in range(2)]
    with pytest.raises(error, match=message):
        eval(text, {"S": lr_scheduler, "o": o, "p": p})


class Settled(nn.optim.UpdateRule):
    """An optimizer without learning rate and momentum."""

    def __init__(self, params, **settings):
        super().__init__(params, settings)

    def update(self, value, gradient, state, **settings):
        return value, state


def test_optimizers_without_what_a_schedule_sets():
    with pytest.raises(ValueError, match="StepLR: expected an optimizer with a learning rate, 'lr', among its settings"):
        nn.optim.StepLR(Settled([nn.Parameter([0.0])]), 3)
    for make in (lambda o: nn.optim.OneCycleLR(o, 0.1, 3), lambda o: nn.optim.CyclicLR(o, 0.1, 0.2)):
        with pytest.raises(ValueError, match="expected an optimizer with momentum or betas, received Settled"):
            make(Settled([nn.Parameter([0.0])], lr=0.1))
    assert nn.optim.OneCycleLR(Settled([nn.Parameter([0.0])], lr=0.1), 0.1, 3, cycle_momentum=False)


def test_a_group_that_came_later():
    optimizer, schedule = started(Case("S.LambdaLR(o, lambda t: 1.0)"))
    optimizer.add_param_group({"params": [nn.Parameter([0.0])]})
    with pytest.raises(ValueError, match="expected a learning rate for each of 2 groups, received 1; was a group added after"):
        schedule.step()


@pytest.mark.parametrize("kind", [nn.optim.LambdaLR, nn.optim.MultiplicativeLR])
@pytest.mark.parametrize(("factor", "error"), [(None, TypeError), ("a", TypeError), (np.nan, ValueError)])
def test_a_factor_that_is_no_number(kind, factor, error):
    schedule = kind(nn.optim.SGD([nn.Parameter([0.0])]), lambda step: factor if step else 1.0)
    with pytest.raises(error, match=rf"^{kind.__name__}: expected what lr_lambda gives for step 1, a .*; received {factor!r}"):
        schedule.step()


def test_a_metric_that_is_no_number():
    schedule = nn.optim.ReduceLROnPlateau(nn.optim.SGD([nn.Parameter([0.0])]))
    with pytest.raises(TypeError, match="ReduceLROnPlateau.step: expected metrics, a number; received 'a'"):
        schedule.step("a")
    assert schedule.last_epoch == 0


@pytest.mark.parametrize(("steps", "error"), [(2.5, TypeError), (-1, ValueError), (None, TypeError)])
def test_a_number_of_steps_that_there_is_not(steps, error):
    schedule = nn.optim.StepLR(nn.optim.SGD([nn.Parameter([0.0])]), 3)
    with pytest.raises(error, match=f"^StepLR: expected steps, a .*; received {steps}"):
        lr_curve(schedule, steps)
