"""Pictures of learning rates: schedules, and the sweep that looks for a rate."""

import numpy as np
import pytest
from matplotlib import pyplot

import nn

RATES = np.geomspace(1e-6, 10, 141)  # 20 a decade


def mark(axes, name):
    (found,) = [line for line in axes.lines if str(line.get_label()).startswith(name)]
    return found


def test_a_schedule_draws_itself():
    optimizer = nn.optim.SGD([nn.Parameter(0.0)], lr=0.1)
    schedule = nn.optim.StepLR(optimizer, step_size=2, gamma=0.5)
    axes = pyplot.subplots()[1]
    assert nn.plots.schedule(schedule, 5, axes) is axes
    np.testing.assert_allclose(axes.lines[0].get_ydata(), [0.1, 0.1, 0.05, 0.05, 0.025])
    with pytest.raises(TypeError, match="schedule: expected a schedule of nn.optim; received SGD"):
        nn.plots.schedule(optimizer, 5)


def test_the_curve_and_its_running_mean_are_drawn():
    losses = np.random.default_rng(0).normal(size=141)
    axes = nn.plots.learning_rates(RATES, losses, smooth=0.5)
    np.testing.assert_array_equal(mark(axes, "loss").get_data(), (RATES, losses))
    mean = mark(axes, "running mean").get_ydata()
    np.testing.assert_allclose(mean[:2], [losses[0], (0.25 * losses[0] + 0.5 * losses[1]) / 0.75])
    assert axes.get_xscale() == "log"
    np.testing.assert_allclose(axes.get_xlim(), (1e-6, 10))


def test_marks_are_where_the_curve_says():
    position = np.log10(RATES)
    losses = np.where(position < -1, -np.tanh(2 * (position + 3)), (position + 1) * 30 - 1)  # steepest at 1e-3, lowest at 1e-1
    axes = nn.plots.learning_rates(RATES, losses, suggestion=5e-3, smooth=0.0)
    assert mark(axes, "steepest fall").get_xdata()[0] == pytest.approx(1e-3)
    assert mark(axes, "minimum / 10").get_xdata()[0] == pytest.approx(1e-2)
    assert mark(axes, "suggestion: 0.005").get_xdata()[0] == 5e-3
    assert axes.get_ylim()[1] < losses.max()  # the explosion is cut off
    assert axes.get_ylim()[1] > losses[0]
    assert axes.get_ylim()[0] < losses.min()
    axes = nn.plots.learning_rates(RATES, losses, suggestion=float(RATES[60]), smooth=0.0)
    assert [line.get_label() for line in axes.lines if ":" in str(line.get_label())] == [
        "minimum / 10: 0.01",
        "suggestion, steepest fall: 0.001",
    ]


def test_a_breakdown_is_marked():
    losses = np.ones(141)
    losses[100:] = np.nan
    axes = nn.plots.learning_rates(RATES, losses)
    assert mark(axes, "loss no longer finite").get_xdata()[0] == RATES[100]
    assert len(mark(axes, "running mean").get_xdata()) == 100


@pytest.mark.parametrize(("rates", "losses"), [([], []), ([1.0, 2.0], [np.nan, np.inf])])
def test_without_a_finite_loss_that_is_said(rates, losses):
    axes = nn.plots.learning_rates(rates, losses)
    assert axes.texts[0].get_text() == "no finite loss"
    axes.figure.draw_without_rendering()


def test_one_step_is_a_point():
    axes = nn.plots.learning_rates([0.1], [2.0], suggestion=0.1)
    assert mark(axes, "loss").get_marker() == "."
    axes.figure.draw_without_rendering()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, 2.0], [1.0]), "expected one loss for each rate; received 2 rates and 1 losses"),
        (([0.0, 1.0], [1.0, 1.0]), "expected rates that are positive and grow"),
        (([2.0, 1.0], [1.0, 1.0]), "expected rates that are positive and grow"),
        (([1.0, np.nan], [1.0, 1.0]), "expected rates that are positive and grow"),
        (([[1.0]], [1.0]), r"expected rates, a list of numbers; received shape \(1, 1\)"),
        (([1.0], ["a"]), "expected losses, a list of numbers; received shape"),
        (([1.0], [1.0], -0.1), "expected suggestion, a finite number of 0.0 or more; received -0.1"),
        (([1.0], [1.0], None, 1.0), "expected smooth, a finite number from 0.0 to"),
    ],
)
def test_mistakes_are_named(arguments, message):
    with pytest.raises(ValueError, match=f"learning_rates: {message}"):
        nn.plots.learning_rates(*arguments)
    assert not pyplot.get_fignums()
