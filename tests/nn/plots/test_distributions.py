"""Distributions as pictures: no weight is lost on the way into the picture."""

import numpy as np
import pytest
from matplotlib import pyplot

import nn

RNG = np.random.default_rng(0)


def recorded(size, steps, bins=64):
    return [(step, *np.histogram(RNG.normal(scale=0.1 * step, size=size), bins)) for step in steps]


def mesh(axes):
    (found,) = axes.collections
    return found


def test_each_parameter_has_a_panel_over_the_steps():
    figure = nn.plots.weight_histograms({"0.weight": recorded(1000, range(1, 11)), "0.bias": recorded(10, range(1, 11))})
    assert [axes.get_title("left") for axes in figure.axes] == ["0.weight", "0.bias"]
    shown = np.asarray(mesh(figure.axes[0]).get_array())
    assert shown.shape[1] == 10
    np.testing.assert_allclose(shown.max(axis=0), 1.0)  # relative to the most frequent value of each epoch
    assert figure.axes[0].get_xlim() == (0.5, 10.5)
    assert [axes.get_xlabel() for axes in figure.axes] == ["epoch", "epoch"]
    figure.draw_without_rendering()


def test_histograms_are_brought_into_common_bins_without_loss():
    figure = nn.plots.weight_histograms({"w": [(1, [1, 3], [0.0, 1.0, 2.0]), (3, [4, 0, 0, 0], [-2.0, -1.0, 0.0, 1.0, 2.0])]})
    shown = np.asarray(mesh(figure.axes[0]).get_array())
    coordinates = mesh(figure.axes[0]).get_coordinates()
    np.testing.assert_allclose(coordinates[0, :, 0], [0.0, 2.0, 4.0])  # steps 1 and 3 meet at 2
    edges = coordinates[:, 0, 1]
    assert (edges[0], edges[-1]) == (-2.0, 2.0)
    centers = (edges[1:] + edges[:-1]) / 2
    first, second = shown.T
    np.testing.assert_allclose(first[(centers > 0) & (centers < 1)] / first[centers > 1].max(), 1 / 3)
    np.testing.assert_allclose(first[centers < 0], 0.0)
    np.testing.assert_allclose(second > 0, centers < -1)


def test_the_median_is_drawn():
    values = RNG.normal(size=5000)
    figure = nn.plots.weight_histograms({"w": [(i, *np.histogram(values + i, 100)) for i in (1, 2, 3)]})
    x, y = figure.axes[0].lines[0].get_data()
    np.testing.assert_array_equal(x, [1, 2, 3])
    np.testing.assert_allclose(y, np.median(values) + np.array([1, 2, 3]), atol=0.03)


def test_epochs_without_finite_numbers_stay_empty():
    histograms = [*recorded(100, (1, 2)), (3, np.zeros(64, int), np.linspace(0, 1, 65))]
    figure = nn.plots.weight_histograms({"w": histograms, "never": [(1, [0], [0.0, 1.0])]})
    shown = mesh(figure.axes[0]).get_array()
    assert np.ma.getmaskarray(np.ma.masked_invalid(shown))[:, 2].all()
    assert np.isnan(figure.axes[0].lines[0].get_ydata()[2])
    figure.draw_without_rendering()


def test_a_recorder_has_weights_and_gradients():
    recorder = nn.callbacks.HistogramRecorder()
    recorder.weights["w"] = recorded(50, (1, 2))
    recorder.gradients["w"] = [(1, [1], [5.0, 6.0])]
    assert mesh(nn.plots.weight_histograms(recorder).axes[0]).get_coordinates()[0, 0, 1] < 0
    figure = nn.plots.weight_histograms(recorder, gradients=True)
    assert mesh(figure.axes[0]).get_coordinates()[0, 0, 1] == 5.0
    assert figure.get_supylabel() == "gradient"


def test_of_many_parameters_some_are_chosen_and_it_is_said():
    many = {f"layers.{i}.weight": recorded(10, (1,)) for i in range(30)}
    figure = nn.plots.weight_histograms(many)
    titles = [axes.get_title("left") for axes in figure.axes]
    assert len(titles) == 12
    assert (titles[0], titles[-1]) == ("layers.0.weight", "layers.29.weight")
    assert "12 of 30 parameters" in figure.get_suptitle()
    assert len(nn.plots.weight_histograms(many, most=3).axes) == 3
    chosen = nn.plots.weight_histograms(many, ["layers.7.weight"])
    assert [axes.get_title("left") for axes in chosen.axes] == ["layers.7.weight"]


def test_a_thousand_steps_are_drawn():
    figure = nn.plots.weight_histograms({"w": recorded(100, range(1, 1001))}, unit="step")
    assert np.asarray(mesh(figure.axes[0]).get_array()).shape[1] == 1000
    assert figure.axes[0].get_xlabel() == "step"


# ---------------------------------------------------------------- one state


def test_bars_hold_all_numbers_of_a_parameter():
    model = nn.Sequential(nn.Linear(20, 10), nn.ReLU(), nn.Linear(10, 3))
    figure = nn.plots.parameter_histograms(model)
    assert [axes.get_title("left") for axes in figure.axes] == [
        "0.weight (10 × 20)",
        "0.bias (10)",
        "2.weight (3 × 10)",
        "2.bias (3)",
    ]
    for axes, (_, parameter) in zip(figure.axes, model.named_parameters(), strict=True):
        values, edges, _ = axes.patches[0].get_data()
        expected, bounds = np.histogram(parameter.numpy().astype(float), len(values))
        np.testing.assert_array_equal(values, expected)
        np.testing.assert_allclose(edges, bounds)
        assert values.sum() == parameter.size
        told = f"mean {parameter.numpy().mean():.2g}, standard deviation {parameter.numpy().std():.2g}"
        assert axes.texts[0].get_text() == told


def test_gradients_are_drawn_where_there_are_any():
    model = nn.Linear(4, 2)
    with pytest.raises(ValueError, match=r"expected gradients; no parameter has one: call loss.backward\(\)"):
        nn.plots.parameter_histograms(model, gradients=True)
    model(np.ones((3, 4), np.float32)).sum().backward()
    figure = nn.plots.parameter_histograms(model, gradients=True, bins=7)
    values, _, _ = figure.axes[0].patches[0].get_data()
    assert (len(values), values.sum()) == (7, 8)


def test_what_is_not_finite_is_counted():
    figure = nn.plots.parameter_histograms({"a": [np.nan, 1.0, np.inf], "b": [np.nan], "c": 3.0})
    assert [axes.texts[0].get_text() for axes in figure.axes] == [
        "2 of 3 not finite",
        "no finite number",
        "mean 3, standard deviation 0",
    ]
    assert figure.axes[2].get_title("left") == "c (one number)"
    figure.draw_without_rendering()


def test_given_axes_are_used():
    figure, axes = pyplot.subplots(1, 2)
    assert nn.plots.parameter_histograms(nn.Linear(2, 2), axes=axes) is figure
    assert (figure.get_supylabel(), figure.get_suptitle(), axes[1].get_ylabel()) == ("", "", "how many")
    assert nn.plots.weight_histograms({"w": recorded(10, (1,))}, axes=axes[0]) is figure


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: nn.plots.weight_histograms({}),
            ValueError,
            "expected something to draw; received no parameters",
        ),
        (
            lambda: nn.plots.weight_histograms({"w": []}),
            ValueError,
            "expected histograms of 'w'; received none",
        ),
        (
            lambda: nn.plots.weight_histograms(3),
            TypeError,
            "expected an .*Recorder or histograms by path; received int",
        ),
        (
            lambda: nn.plots.weight_histograms({"w": [(1, [1], [0, 1])]}, gradients=True),
            ValueError,
            "expected a recorder",
        ),
        (
            lambda: nn.plots.weight_histograms({"w": [(4, [1, 2], [0.0, 1.0])]}),
            ValueError,
            r"expected counts \(bins,\) and finite edges \(bins \+ 1,\); received \(2,\) and \(2,\) for 'w' in step 4",
        ),
        (
            lambda: nn.plots.weight_histograms({"w": [(1, [1], [0, 1])]}, ["v"]),
            ValueError,
            "names among w; received v",
        ),
        (lambda: nn.plots.parameter_histograms(nn.ReLU()), ValueError, "parameter_histograms: expected something to draw"),
        (lambda: nn.plots.parameter_histograms([1.0]), TypeError, "expected a module or arrays by name; received list"),
        (
            lambda: nn.plots.parameter_histograms(nn.Linear(1, 1), bins=0),
            ValueError,
            "expected bins, a finite number of 1",
        ),
    ],
)
def test_mistakes_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
    assert not pyplot.get_fignums()
