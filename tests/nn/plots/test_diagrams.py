import sys

import numpy as np
import pytest

import autograd as ag
import nn
from nn.pictures import COLORS
from nn.plots import network
from nn.plots.stages import stages_of


@pytest.fixture(autouse=True)
def pyplot():
    from matplotlib import pyplot

    yield pyplot
    pyplot.close("all")


def circles(ax):
    from matplotlib.patches import Circle

    return [each for each in ax.patches if isinstance(each, Circle)]


def segments(ax):
    return np.concatenate([each.get_segments() for each in ax.collections]) if ax.collections else np.zeros((0, 2, 2))


def texts(ax):
    return [each.get_text() for each in ax.texts if each.get_text()]


def dots(ax):
    return [line for line in ax.get_lines() if line.get_marker() == "."]


def told(model, input_size=None):
    """Name, kind, shape and captions of each stage."""
    return [(each.name, each.kind, each.shape, each.captions) for each in stages_of(model, input_size)]


# ---------------------------------------------------------------- drawing


def test_a_small_network_has_a_circle_for_each_neuron_and_a_line_for_each_weight():
    ax = network([2, 3, 1], inputs=["age", "income"], classes=["no", "yes"])
    assert len(circles(ax)) == 6
    assert len(segments(ax)) == 2 * 3 + 3 * 1
    assert not dots(ax)
    assert texts(ax) == ["input", "2", "hidden", "3", "output", "1", "age", "income", "yes"]
    assert ax.get_title(loc="right") == "13 parameters"
    centres = {tuple(np.round(each.center, 6)) for each in circles(ax)}
    ends = {tuple(point) for segment in np.round(segments(ax), 6) for point in segment}
    assert ends == centres


def test_large_layers_show_their_first_and_last_neurons():
    ax = network([784, 512, 256, 10], classes=range(10))
    assert len(circles(ax)) == 16 * 3 + 10
    assert len(segments(ax)) == 16 * 16 * 2 + 16 * 10
    assert len(dots(ax)) == 3
    assert texts(ax)[1:8:2] == ["784", "512", "256", "10"]
    assert ax.get_title(loc="right") == "535,818 parameters"


def test_names_stay_with_their_neurons_where_some_are_left_out():
    ax = network([5, 2], inputs=["a", "b", "c$", "d", "e"], max_neurons=3)
    assert texts(ax)[-3:] == ["a", "b", "e"]
    assert len(circles(ax)) == 5


def test_columns_stand_side_by_side_and_nothing_sticks_out():
    ax = network([4, 30, 3], classes=["setosa", "versicolor", "a very long name of a class that is shortened"])
    centres = np.array([each.center for each in circles(ax)])
    assert len(np.unique(centres[:, 0])) == 3
    for column in np.unique(centres[:, 0]):
        heights = np.sort(centres[centres[:, 0] == column, 1])
        assert np.all(np.diff(heights) > 2 * circles(ax)[0].radius)
        assert heights.mean() == pytest.approx(0)
    renderer = ax.figure.canvas.get_renderer()
    ax.figure.canvas.draw()
    for each in ax.texts:
        box = each.get_window_extent(renderer)
        assert box.x0 >= 0
        assert box.x1 <= ax.figure.bbox.x1


@pytest.mark.parametrize("columns", [2, 28])
def test_headings_do_not_overlap(columns):
    model = nn.Sequential(*[layer for _ in range(columns) for layer in (nn.Linear(8, 8), nn.BatchNorm1d(8), nn.LeakyReLU())])
    ax = network(model)
    ax.figure.canvas.draw()
    boxes = [each.get_window_extent() for each in ax.texts]
    for i, a in enumerate(boxes):
        assert not any(a.overlaps(b) for b in boxes[i + 1 :])
    assert ax.figure.get_size_inches()[0] < 20.5


def test_weights_are_colours_and_widths():
    ag.seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    ax = network(model, weights=True)
    first, _ = ax.collections
    from matplotlib.colors import to_rgb

    weight = model[0].weight.numpy().T.ravel()  # lines go from each input to all outputs
    assert [to_rgb(each) for each in first.get_colors()[:, :3]] == [
        to_rgb(COLORS[0] if each > 0 else COLORS[1]) for each in weight
    ]
    share = np.abs(weight) / np.abs(weight).max()
    np.testing.assert_allclose(first.get_linewidths(), 0.2 + 2.2 * share, rtol=1e-6)
    assert texts(ax)[-2:] == ["positive weight", "negative weight"]
    for y, (start, _) in zip(np.repeat([1, 0, -1], 4), first.get_segments(), strict=True):
        assert np.sign(start[1]) == y


def test_weights_of_0_are_drawn():
    layer = nn.Linear(2, 2)
    nn.init.zeros_(layer.weight)
    assert len(segments(network(layer, weights=True))) == 4


def test_maps_are_sheets_and_a_flat_vector_is_a_block(pyplot):
    from matplotlib.patches import Polygon, Rectangle

    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 49, 3)
    )
    ax = network(model, (1, 14, 14))
    assert texts(ax) == [
        *["input", "1×14×14", "Conv2d 3×3", "8×14×14", "BatchNorm2d", "ReLU", "MaxPool2d 2×2", "8×7×7"],
        *["Flatten", "392", "Linear", "3"],
    ]
    sheets = [each for each in ax.patches if isinstance(each, Rectangle)]
    assert len(sheets) == 1 + 4 + 4 + 1
    assert sheets[1].get_width() == pytest.approx(np.sqrt(2) * sheets[5].get_width())
    assert len([each for each in ax.patches if isinstance(each, Polygon)]) == 1  # from the flat vector to the neurons
    assert len(circles(ax)) == 3
    assert len(segments(ax)) == 0


def test_given_axes_are_drawn_on_with_smaller_letters(pyplot):
    axes = pyplot.figure(figsize=(3, 2)).add_subplot()
    ax = network(nn.Sequential(nn.Linear(4, 20), nn.BatchNorm1d(20), nn.Linear(20, 20), nn.ReLU(), nn.Linear(20, 3)), ax=axes)
    assert ax is axes
    assert all(5 <= each.get_fontsize() < 7 for each in ax.texts)
    ax.figure.canvas.draw()
    boxes = [each.get_window_extent() for each in ax.texts]
    for i, a in enumerate(boxes):
        assert not any(a.overlaps(b) for b in boxes[i + 1 :])


# ---------------------------------------------------------------- stages


def test_captions_are_what_does_not_mix_neurons():
    model = nn.Sequential(
        *[nn.Dropout(0.1), nn.Linear(4, 6), nn.LayerNorm(6), nn.PReLU(), nn.Identity(), nn.Dropout(0.25)],
        nn.Sequential(nn.Linear(6, 3), nn.Sequential(nn.Softmax(1))),
    )
    assert told(model) == [
        ("input", "neurons", (4,), ["Dropout 0.1"]),
        ("Linear", "neurons", (6,), ["LayerNorm", "PReLU", "Dropout 0.25"]),
        ("Linear", "neurons", (3,), ["Softmax"]),
    ]


def test_names_of_ones_own_are_shown():
    model = nn.Sequential({"hidden": nn.Linear(2, 3), "squash": nn.Tanh(), "out": nn.Linear(3, 1)})
    assert told(model) == [
        ("input", "neurons", (2,), []),
        ("hidden", "neurons", (3,), ["squash"]),
        ("out", "neurons", (1,), []),
    ]


class Classifier(nn.Module):
    """A forward of one's own, with functions between the layers."""

    def __init__(self):
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc1 = nn.Linear(4 * 9, 6)
        self.drop = nn.Dropout(0.5)
        self.fc2 = nn.Linear(6, 3)

    def forward(self, x):
        x = nn.functional.max_pool2d(nn.functional.relu(self.conv(x)), 2)
        x = self.drop(np.tanh(self.fc1(x.reshape(len(x), -1))))
        return nn.functional.softmax(self.fc2(x), 1)


def test_a_forward_of_ones_own_is_laid_out_with_the_functions_between():
    found = told(Classifier(), (1, 8, 8))
    assert [each[:3] for each in found] == [
        ("input", "sheets", (1, 8, 8)),
        ("conv 3×3", "sheets", (4, 6, 6)),
        ("function", "flat", (36,)),
        ("fc1", "neurons", (6,)),
        ("fc2", "neurons", (3,)),
    ]
    assert [each[3] for each in found[3:]] == [["tanh", "drop 0.5"], ["softmax"]]


class Residual(nn.Module):
    def __init__(self, size):
        self.layer = nn.Linear(size, size)

    def forward(self, x):
        return x + nn.functional.relu(self.layer(x))


def test_a_part_that_branches_is_a_block():
    model = nn.Sequential(nn.Linear(3, 5), Residual(5), nn.ReLU(), nn.Linear(5, 2))
    assert told(model) == [
        ("input", "neurons", (3,), []),
        ("Linear", "neurons", (5,), []),
        ("Residual", "block", (5,), ["ReLU"]),
        ("Linear", "neurons", (2,), []),
    ]
    ax = network(model)
    assert len(circles(ax)) == 3 + 5 + 2
    assert len(segments(ax)) == 3 * 5


class Skipping(nn.Module):
    def __init__(self):
        self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x):
        return self.b(self.a(x)) + self.a(x)


class Scaled(nn.Module):
    def __init__(self):
        self.layer, self.scale = nn.Linear(4, 4), nn.Parameter([2.0])

    def forward(self, x):
        return self.layer(x) * self.scale


@pytest.mark.parametrize("model", [Skipping(), Scaled(), Residual(4)])
def test_a_model_that_branches_is_refused(model):
    with pytest.raises(ValueError, match=rf"network: .*{type(model).__name__}.forward branches. .* ag.draw\(model\(x\)\)"):
        network(model, 4)


def test_constants_and_functions_of_one_result_are_no_branches():
    class Swish(nn.Module):
        def __init__(self):
            self.layer, self.out = nn.Linear(4, 4), nn.Linear(4, 2)

        def forward(self, x):
            h = self.layer(2.0 * x - np.ones(4, np.float32))
            return self.out(h * nn.functional.sigmoid(h))

    assert told(Swish()) == [
        ("input", "neurons", (4,), ["function"]),
        ("layer", "neurons", (4,), ["function"]),
        ("out", "neurons", (2,), []),
    ]


def test_sequences_and_indices():
    class Reader(nn.Module):
        def __init__(self):
            self.table, self.lstm, self.head = nn.Embedding(20, 6), nn.LSTM(6, 5, batch_first=True), nn.Linear(5, 2)

        def forward(self, x):
            hidden, _ = self.lstm(self.table(x))
            return self.head(hidden[:, -1])

    assert [each[:3] for each in told(Reader(), 7)] == [
        ("input", "neurons", (7,)),
        ("table", "block", (7, 6)),
        ("lstm", "block", (7, 5)),
        ("getitem", "flat", (5,)),
        ("head", "neurons", (2,)),
    ]


def test_signals_have_channels():
    model = nn.Sequential(nn.Conv1d(3, 8, 5), nn.ReLU(), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(8, 2))
    assert [each[:3] for each in told(model, (3, 50))] == [
        ("input", "sheets", (3, 50)),
        ("Conv1d 5", "sheets", (8, 46)),
        ("AdaptiveAvgPool1d", "sheets", (8, 1)),
        ("Flatten", "flat", (8,)),
        ("Linear", "neurons", (2,)),
    ]


def test_one_layer_alone_and_a_layer_that_is_used_twice():
    assert [each[:3] for each in told(nn.Linear(3, 2))] == [("input", "neurons", (3,)), ("Linear", "neurons", (2,))]
    shared = nn.Linear(3, 3)
    ax = network(nn.Sequential(shared, nn.ReLU(), shared))
    assert len(circles(ax)) == 9
    assert ax.get_title(loc="right") == "12 parameters"


def test_flatten_in_front_of_a_linear_layer_needs_no_input_size():
    assert [each[:3] for each in told(nn.Sequential(nn.Flatten(), nn.Linear(9, 2)))] == [
        ("input", "neurons", (9,)),
        ("Linear", "neurons", (2,)),
    ]
    assert [each[1] for each in told(nn.Sequential(nn.Flatten(), nn.Linear(9, 2)), (1, 3, 3))] == ["sheets", "flat", "neurons"]


def test_the_model_is_left_as_it_was():
    model = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 3)).requires_grad_(False)
    model[1].eval()
    state = {path: each.tobytes() for path, each in model.state_dict().items()}
    attributes = [set(vars(each)) for each in model.modules()]
    generator = ag.generator().bit_generator.state
    network(model)
    assert {path: each.tobytes() for path, each in model.state_dict().items()} == state
    assert [set(vars(each)) for each in model.modules()] == attributes
    assert [each.training for each in model] == [True, False, True, True]
    assert not any(each.requires_grad for each in model.parameters())
    assert ag.generator().bit_generator.state == generator


@pytest.mark.parametrize(
    ("given", "settings", "error", "message"),
    [
        ("MLP", {}, TypeError, r"expected a module or sizes such as \[20, 64, 3\], received str"),
        ([3], {}, ValueError, "two sizes or more"),
        ([3, 0], {}, ValueError, r"expected sizes\[1\]"),
        ([3, 2.5], {}, TypeError, r"expected sizes\[1\], a whole number"),
        ([3, 2], {"weights": True}, ValueError, "received sizes alone"),
        ([3, 2], {"input_size": 3}, ValueError, "received sizes alone"),
        ([3, 2], {"max_neurons": 2}, ValueError, "expected max_neurons"),
        ([3, 2], {"weights": "all"}, TypeError, "expected weights, True or False"),
        ([3, 2], {"inputs": ["a"]}, ValueError, "expected inputs, 3 names; received 1"),
        ([3, 2], {"classes": ["a"]}, ValueError, "expected classes, 2 names; received 1"),
        ([3, 1], {"classes": ["a", "b", "c"]}, ValueError, "expected classes, 1 names; received 3"),
        ([3, 2], {"ax": "here"}, TypeError, "expected ax"),
        (nn.Conv2d(1, 2, 3), {}, ValueError, r"expected input_size, the shape of one example, such as 20 or \(1, 28, 28\)"),
        (nn.Conv2d(1, 2, 3), {"input_size": (1, 8, 8), "inputs": ["a"]}, ValueError, "none, since this is no vector"),
        (nn.Linear(3, 2), {"input_size": (0,)}, ValueError, "expected input_size"),
        (nn.Linear(3, 2), {"input_size": "3"}, TypeError, "expected input_size"),
    ],
)
def test_what_cannot_be_drawn_is_refused(given, settings, error, message):
    with pytest.raises(error, match=f"network: .*{message}"):
        network(given, **settings)


def test_an_input_that_does_not_fit_is_told_by_its_layer():
    with pytest.raises(ValueError, match=r"0 \(Linear\(.*expected input of shape \(..., 3\), received \(1, 4\)"):
        network(nn.Sequential(nn.Linear(3, 2), nn.ReLU()), 4)


def test_it_says_what_it_needs(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"network needs matplotlib; install it with"):
        network([2, 1])
