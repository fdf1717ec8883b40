"""Histories as pictures: what is drawn is what is in them."""

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_hex

import autograd as ag
import nn
from nn.plots.smoothing import running_mean

RECORD = {
    "loss": [0.9, 0.5, 0.3, 0.2],
    "val_loss": [1.0, 0.6, 0.7, 0.8],
    "accuracy": [0.5, 0.7, 0.9, 0.95],
    "val_accuracy": [0.4, 0.8, 0.6, 0.9],
    "lr": [0.1, 0.1, 0.01, 0.001],
}


def line(axes, label):
    (found,) = [each for each in axes.lines if each.get_label() == label]
    return found


def test_each_quantity_has_a_panel_with_training_and_validation():
    figure = nn.plots.history(RECORD)
    loss, accuracy, lr = figure.axes
    assert [each.get_title("left") for each in figure.axes] == ["loss", "accuracy", "learning rate"]
    for panel, name in ((loss, "loss"), (accuracy, "accuracy")):
        for label, key in (("training", name), ("validation", f"val_{name}")):
            np.testing.assert_array_equal(line(panel, label).get_xdata(), [1, 2, 3, 4])
            np.testing.assert_array_equal(line(panel, label).get_ydata(), RECORD[key])
    np.testing.assert_array_equal(lr.lines[0].get_ydata(), RECORD["lr"])
    assert (loss.get_yscale(), lr.get_yscale()) == ("linear", "log")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "training",
        "validation",
        "best epoch: 2 (lowest val_loss)",
    ]
    assert all(panel.get_xlabel() == "epoch" for panel in figure.axes)
    assert {tick % 1 for panel in figure.axes for tick in panel.get_xticks()} == {0.0}
    assert loss.get_xlim()[0] > 0


def test_the_learning_rate_comes_last_and_is_linear_within_a_decade():
    figure = nn.plots.history({"lr": [0.1, 0.05], "loss": [1.0, 0.5]})
    assert [each.get_title("left") for each in figure.axes] == ["loss", "learning rate"]
    assert figure.axes[1].get_yscale() == "linear"


def test_the_best_epoch_is_marked_where_the_validation_curve_is():
    figure = nn.plots.history(RECORD)
    for panel, name in zip(figure.axes, ("val_loss", "val_accuracy", "lr"), strict=True):
        ring = panel.lines[-1]
        assert (ring.get_xdata()[0], ring.get_ydata()[0]) == (2, RECORD[name][1])
    figure = nn.plots.history(RECORD, best="val_accuracy", mode="max")
    assert figure.axes[0].lines[-1].get_xdata()[0] == 4
    assert figure.legends[0].get_texts()[-1].get_text() == "best epoch: 4 (highest val_accuracy)"
    figure = nn.plots.history(RECORD, best=None)
    assert [len(panel.lines) for panel in figure.axes] == [2, 2, 1]
    assert nn.plots.history({"loss": [1.0, 0.5]}).axes[0].get_title("right") == ""


def test_metrics_are_chosen_in_an_order_and_judged_by_others():
    figure = nn.plots.history(RECORD, ["val_accuracy", "loss"])
    assert [each.get_title("left") for each in figure.axes] == ["accuracy", "loss"]
    assert nn.plots.history(RECORD, ["accuracy"]).axes[0].lines[-1].get_xdata()[0] == 2
    assert [each.get_title("left") for each in nn.plots.history(RECORD, "lr").axes] == ["learning rate"]


def test_a_history_of_training_is_drawn():
    record = nn.History()
    record.append({"loss": 0.9, "val_loss": 1.0})
    record.append({"loss": np.float32(0.4), "val_loss": 0.7})
    figure = nn.plots.history(record)
    np.testing.assert_array_equal(line(figure.axes[0], "validation").get_ydata(), [1.0, 0.7])


def test_tensors_are_numbers():
    drawn = nn.plots.history({"loss": [ag.tensor(2.0), np.array([1.0], np.float32)]}).axes[0].lines[0]
    np.testing.assert_array_equal(drawn.get_ydata(), [2.0, 1.0])


@pytest.mark.parametrize("record", [{}, {"loss": [], "val_loss": [], "lr": []}, {"loss": np.empty(0)}])
def test_a_history_without_epochs_is_said_to_be_one(record):
    figure = nn.plots.history(record)
    assert "no epoch yet" in [text.get_text() for text in figure.axes[0].texts]
    figure.draw_without_rendering()


def test_one_epoch_is_a_point():
    axes = nn.plots.history({"loss": [0.5]}).axes[0]
    assert axes.lines[0].get_marker() == "."
    assert axes.get_xlim() == (0.5, 1.5)


def test_a_thousand_epochs_are_all_drawn():
    loss = np.random.default_rng(0).normal(size=1000)
    drawn = nn.plots.history({"loss": loss}).axes[0].lines[0]
    np.testing.assert_array_equal(drawn.get_ydata(), loss)
    assert drawn.get_marker() == ""


def test_what_is_not_finite_is_passed_over_and_the_end_marked():
    nan, inf = float("nan"), float("inf")
    figure = nn.plots.history({"loss": [2.0, 1.0, nan, inf], "val_loss": [2.0, nan, 1.5, nan], "accuracy": [nan] * 4})
    loss = figure.axes[0]
    np.testing.assert_array_equal(line(loss, "training").get_xdata(), [1, 2])
    np.testing.assert_array_equal(line(loss, "validation").get_xdata(), [1, 3])
    crosses = [each for each in loss.lines if each.get_label() == "not finite from here on"]
    assert [float(each.get_xdata()[0]) for each in crosses] == [3.0]  # validation goes on after a gap
    assert line(figure.axes[1], "not finite from here on").get_xdata()[0] == 1
    assert "best epoch: 3 (lowest val_loss)" in [text.get_text() for text in figure.legends[0].get_texts()]
    figure.draw_without_rendering()


def test_thirty_metrics_of_long_names_have_titles_of_their_own():
    record = {f"a_rather_long_name_of_metric_number_{i}_macro_averaged": [1.0, 2.0] for i in range(30)}
    figure = nn.plots.history(record)
    titles = [panel.get_title("left") for panel in figure.axes]
    assert len(set(titles)) == 30
    assert max(len(row) for title in titles for row in title.split("\n")) <= 30


def test_given_axes_receive_the_panels_and_the_legend():
    figure, axes = pyplot.subplots(1, 2)
    assert nn.plots.history(RECORD, ["loss", "accuracy"], axes=axes) is figure
    assert not figure.legends
    assert axes[0].get_legend() is not None
    assert len(axes[1].lines) == 4
    with pytest.raises(ValueError, match="history: expected 3 axes, one for each panel; received 2"):
        nn.plots.history(RECORD, axes=axes)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            ({"loss": [1.0, 2.0], "val_loss": [1.0]},),
            ValueError,
            r"several lengths \(loss: 2, val_loss: 1\); put float\('nan'\)",
        ),
        ((RECORD, ["f1"]), ValueError, "history: expected metrics among loss, accuracy, lr; received f1"),
        ((RECORD, []), ValueError, "history: expected metrics among loss, accuracy, lr; received none"),
        (({"loss": [1.0, "x"]},), TypeError, r"history: expected loss\[1\], a number; received 'x'"),
        (({"loss": [np.ones(3)]},), TypeError, r"history: expected loss\[0\], a number; received shape \(3,\)"),
        ((RECORD, None, None, "val_f1"), ValueError, "history: expected best, a name in the history .*; received 'val_f1'"),
        ((RECORD, None, None, "val_loss", "least"), ValueError, "history: expected mode, 'min' or 'max'; received 'least'"),
    ],
)
def test_mistakes_are_named(arguments, error, message):
    with pytest.raises(error, match=message):
        nn.plots.history(*arguments)
    assert not pyplot.get_fignums()  # no empty picture is left behind


# ---------------------------------------------------------------- several runs


RUNS = {"SGD": {"loss": [1.0, 0.8, 0.7]}, "Adam": {"loss": [1.0, 0.5, 0.3, 0.2]}, "RMSprop": {"loss": [1.0, 0.9, 0.95]}}


def test_runs_are_compared_in_one_panel():
    axes = nn.plots.compare(RUNS)
    for name, run in RUNS.items():
        np.testing.assert_array_equal(line(axes, name).get_ydata(), run["loss"])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["RMSprop", "SGD", "Adam"]  # as the lines end
    assert axes.get_title("left") == "loss"
    assert len({to_hex(each.get_color()) for each in axes.lines}) == 3


def test_many_runs_differ_in_colour_or_style():
    axes = nn.plots.compare({str(i): {"loss": [1.0, i]} for i in range(24)})
    assert len({(to_hex(each.get_color()), each.get_linestyle()) for each in axes.lines}) == 24


def test_smoothed_runs_keep_their_numbers_behind():
    axes = nn.plots.compare({"a": {"val_loss": [1.0, 3.0, 5.0]}}, "val_loss", smooth=0.5, log=True, unit="step")
    pale, mean = axes.lines
    np.testing.assert_array_equal(pale.get_ydata(), [1.0, 3.0, 5.0])
    np.testing.assert_allclose(mean.get_ydata(), [1.0, (0.25 * 1 + 0.5 * 3) / 0.75, (0.125 * 1 + 0.25 * 3 + 0.5 * 5) / 0.875])
    assert (axes.get_yscale(), axes.get_xlabel(), axes.get_title("left")) == ("log", "step", "validation loss")


def test_running_means_leave_out_what_is_not_finite():
    values = np.array([1.0, np.nan, 3.0, np.inf])
    np.testing.assert_allclose(running_mean(values, 0.5), [1.0, np.nan, (0.25 * 1 + 0.5 * 3) / 0.75, np.inf])
    np.testing.assert_array_equal(running_mean(values, 0.0), values)
    assert running_mean(np.empty(0), 0.9).shape == (0,)


def test_no_runs_and_runs_without_epochs_are_drawn():
    assert nn.plots.compare({}).texts[0].get_text() == "no epoch yet"
    axes = nn.plots.compare({"a": {"loss": []}, "b": {"loss": [1.0]}})
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["b", "a"]


def test_runs_that_broke_down_share_an_entry():
    nan = float("nan")
    axes = nn.plots.compare({"a": {"loss": [1.0, nan]}, "b": {"loss": [2.0, nan]}, "c": {"loss": [nan, nan]}})
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["b", "a", "c", "not finite from here on"]


def test_mistakes_in_comparisons_are_named():
    with pytest.raises(ValueError, match="compare: expected 'loss' in every history; that of 'b' has accuracy"):
        nn.plots.compare({"a": {"loss": [1.0]}, "b": {"accuracy": [1.0]}})
    with pytest.raises(ValueError, match="compare: expected smooth, a finite number from 0.0 to"):
        nn.plots.compare(RUNS, smooth=1.0)
    with pytest.raises(TypeError, match="compare: expected log, True or False; received 'yes'"):
        nn.plots.compare(RUNS, log="yes")


def test_what_is_no_history_is_refused():
    with pytest.raises(TypeError, match="history: expected a History, or lists of numbers by name; received 'loss'"):
        nn.plots.history("loss")
    with pytest.raises(TypeError, match="compare: expected histories by name, .* received \\["):
        nn.plots.compare([{"loss": [1.0]}])
