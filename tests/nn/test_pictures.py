"""The look of pictures: panels, texts, and that nothing of Matplotlib's own is changed."""

import builtins

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot

import nn
from nn.pictures import axes_or_new, finished, ink_on, literal, lowest, panels, shortened, spread, whole_ticks, wrapped


@pytest.fixture(autouse=True)
def _closed():
    yield
    pyplot.close("all")


@pytest.mark.parametrize(
    "draw",
    [
        lambda: nn.plots.history({"loss": [1.0]}),
        lambda: nn.plots.compare({"a": {"loss": [1.0]}}),
        lambda: nn.plots.activations("ReLU"),
        lambda: nn.plots.confusion_matrix([[1]]),
        lambda: nn.plots.filters(np.ones((2, 3, 3))),
        lambda: nn.plots.parameter_histograms({"w": [1.0, 2.0]}),
        lambda: nn.plots.weight_histograms({"w": [(1, [1], [0, 1])]}),
        lambda: nn.plots.learning_rates([1.0, 2.0], [1.0, 2.0]),
    ],
)
def test_without_matplotlib_it_is_said_how_to_install_it(draw, monkeypatch):
    original = builtins.__import__

    def without(name, *rest, **keywords):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return original(name, *rest, **keywords)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"needs matplotlib; install it with `pip install chainrule\[plot\]`"):
        draw()


@pytest.mark.parametrize("style", ["default", "dark_background", "classic"])
def test_any_style_can_be_used_and_no_setting_is_changed(style):
    with pyplot.style.context(style):
        before, backend = dict(matplotlib.rcParams), matplotlib.get_backend()
        figure = nn.plots.history({"loss": [2.0, 1.0], "val_loss": [2.0, 1.5]})
        nn.plots.confusion_matrix([[3, 1], [0, 4]]).figure.draw_without_rendering()
        nn.plots.activations("GELU").draw_without_rendering()
        figure.draw_without_rendering()
        assert dict(matplotlib.rcParams) == before
        assert matplotlib.get_backend() == backend
        assert figure.axes[0].title.get_color() == matplotlib.rcParams["text.color"]


def test_given_axes_are_drawn_on_and_others_refused():
    figure, axes = pyplot.subplots(1, 3)
    found, used = panels("receiver", 2, axes)
    assert found is figure
    assert used == list(axes[:2])
    assert axes_or_new("receiver", axes[0]) is axes[0]
    assert panels("receiver", 1, axes[2])[1] == [axes[2]]
    with pytest.raises(ValueError, match="receiver: expected 4 axes, one for each panel; received 3"):
        panels("receiver", 4, axes)
    with pytest.raises(TypeError, match="receiver: expected axes, Matplotlib Axes; received"):
        panels("receiver", 1, [figure])
    with pytest.raises(TypeError, match="receiver: expected ax, one Matplotlib Axes; received ndarray"):
        axes_or_new("receiver", axes)


@pytest.mark.parametrize(("count", "shape"), [(1, (1, 1)), (2, (1, 2)), (4, (2, 2)), (5, (2, 3)), (13, (4, 4))])
def test_panels_fill_rows_and_no_empty_one_stays(count, shape):
    figure, axes = panels("receiver", count)
    assert len(figure.axes) == len(axes) == count
    assert axes[0].get_gridspec().get_geometry() == shape
    assert figure.get_layout_engine() is not None
    columns = shape[1]
    assert set(lowest(axes)) == set(axes[-columns:])


def test_axes_are_finished_with_their_texts():
    axes = finished(pyplot.subplots()[1], "costs $1$", x="epoch", y="loss", beside="in $", above="$x^2$")
    assert (axes.get_title("left"), axes.get_title("right")) == (r"costs \$1\$", r"in \$")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "loss")
    assert axes.texts[0].get_text() == "$x^2$"
    assert not axes.spines["top"].get_visible()
    axes.figure.draw_without_rendering()


def test_names_are_shortened_in_the_middle_and_wrapped():
    assert shortened("validation", 20) == "validation"
    assert shortened("encoder.layers.11.weight", 11) == "encod…eight"
    assert len(shortened("x" * 100, 24)) == 24
    assert wrapped("a short one", 30) == "a short one"
    lines = wrapped("a rather long name of metric number 7 macro averaged", 30).split("\n")
    assert lines == ["a rather long name of metric", "number 7 macro averaged"]
    assert all(len(line) <= 12 for line in wrapped("much " * 40, 12).split("\n"))
    assert wrapped("", 5) == ""
    assert literal("$") == r"\$"


def test_parameters_are_spread_evenly():
    names = [str(i) for i in range(23)]
    assert spread(names, 12) == names[::2]
    assert spread(names, 2) == ["0", "22"]
    assert spread(names[:3], 12) == ["0", "1", "2"]


def test_ticks_are_whole():
    axes = pyplot.subplots()[1]
    axes.plot([1, 2, 3], [1.0, 2.0, 2.5])
    whole_ticks(axes)
    assert {float(tick) % 1 for tick in axes.get_xticks()} == {0.0}


@pytest.mark.parametrize(("color", "ink"), [("white", "black"), ("#08306b", "white"), ("#c6dbef", "black"), ("black", "white")])
def test_ink_is_read_on_its_colour(color, ink):
    assert ink_on(color) == ink
