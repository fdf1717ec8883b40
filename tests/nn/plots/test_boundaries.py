import sys

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import autograd as ag
import nn
from nn.pictures import COLORS
from nn.plots import decision_boundary
from nn.vectors import vector_to_parameters


@pytest.fixture(autouse=True)
def pyplot():
    from matplotlib import pyplot

    yield pyplot
    pyplot.close("all")


RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 2))
Y = (X @ [1.0, 2.0] + 0.3 + RNG.normal(size=60) > 0).astype(int)


def linear(weights, outputs, inputs=2):
    layer = nn.Linear(inputs, outputs)
    vector_to_parameters(weights, layer.parameters())
    return layer


def lines(ax):
    """The vertices of all lines between regions."""
    from matplotlib.contour import ContourSet

    found = [path.vertices for each in ax.collections if isinstance(each, ContourSet) for path in each.get_paths()]
    return np.concatenate(found) if found else np.zeros((0, 2))


def scattered(ax):
    return {each.get_label(): np.asarray(each.get_offsets()) for each in ax.collections if each.get_label()[0] != "_"}


def test_the_line_of_one_logit_is_where_it_is_0():
    ax = decision_boundary(linear([1.0, 2.0, 0.3], 1), X, Y, resolution=100)
    vertices = lines(ax)
    assert len(vertices) > 50
    np.testing.assert_allclose(vertices @ [1.0, 2.0] + 0.3, 0, atol=1e-3)
    assert np.ptp(vertices[:, 0]) == pytest.approx(np.ptp(ax.get_xlim()), rel=0.02)


def test_lines_of_several_classes_are_where_two_logits_are_equal_and_largest():
    weights = np.array([[1.0, 0.0], [-1.0, 0.5], [0.0, -1.0]])
    ax = decision_boundary(linear([*weights.ravel(), 0.0, 0.1, 0.2], 3), X, np.arange(60) % 3, resolution=100)
    logits = np.sort(lines(ax) @ weights.T + [0.0, 0.1, 0.2], axis=1)
    assert len(logits) > 50
    np.testing.assert_allclose(logits[:, 2], logits[:, 1], atol=0.02)


def test_points_have_their_classes_and_wrong_ones_a_ring():
    ax = decision_boundary(linear([1.0, 2.0, 0.3], 1), X, Y, classes=["no", "y$s"], names=["a", "b"])
    predicted = X @ [1.0, 2.0] + 0.3 > 0
    wrong = predicted != Y
    drawn = scattered(ax)
    assert list(drawn) == ["no", r"y\$s", f"predicted wrongly ({wrong.sum()})"]
    assert np.array_equal(drawn["no"], X[Y == 0])
    assert np.array_equal(drawn[r"y\$s"], X[Y == 1])
    assert np.array_equal(drawn[f"predicted wrongly ({wrong.sum()})"], X[wrong])
    assert ax.get_title(loc="right") == f"{60 - wrong.sum()} of 60 right"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("a", "b")


def shades(ax):
    """How far the picture is from the ground to the colour of its class, and the class."""
    from matplotlib.colors import to_rgb

    picture = ax.images[0].get_array()
    distances = []
    for color in COLORS[:2]:
        direction = np.array(to_rgb(color)) - 1
        strength = ((picture - 1) @ direction) / (direction @ direction)
        distances.append(np.where(np.abs(picture - 1 - strength[..., None] * direction).max(axis=2) < 1e-6, strength, -1))
    return np.max(distances, axis=0), np.argmax(distances, axis=0)


def test_shades_grow_with_the_probability_and_all_spellings_of_it_agree():
    def probability(points):
        return 1 / (1 + np.exp(-(points @ [1.0, 2.0] + 0.3)))

    layer = linear([1.0, 2.0, 0.3], 1)
    pictures = [
        shades(decision_boundary(layer, X, Y, resolution=20)),
        shades(decision_boundary(linear([0, 0, 1.0, 2.0, 0, 0.3], 2), X, Y, resolution=20)),
        shades(decision_boundary(probability, X, Y, resolution=20)),
        shades(decision_boundary(lambda x: np.stack([1 - probability(x), probability(x)], 1), X, Y[:, None], resolution=20)),
        shades(decision_boundary(lambda x: x @ [1.0, 2.0] + 0.3, X, Y, resolution=20, output="logits")),
        shades(decision_boundary(nn.Sequential(layer, nn.Sigmoid()), X, Y, resolution=20, output="probabilities")),
    ]
    for strength, winners in pictures:
        np.testing.assert_allclose(strength, pictures[0][0], atol=1e-5)
        assert np.array_equal(winners, pictures[0][1])
    x, y = [
        np.linspace(low, high, 20)
        for low, high in ((each.min() - 0.08 * np.ptp(each), each.max() + 0.08 * np.ptp(each)) for each in X.T)
    ]
    share = probability(np.stack(np.meshgrid(x, y), axis=-1))
    assert np.array_equal(pictures[0][1], share > 0.5)
    np.testing.assert_allclose(pictures[0][0], 0.06 + 0.44 * np.abs(2 * share - 1), atol=1e-5)


def test_estimators_give_labels_or_probabilities():
    estimator = LogisticRegression().fit(X, Y)
    smooth = shades(decision_boundary(estimator.predict_proba, X, Y, resolution=20))
    sharp = shades(decision_boundary(estimator.predict, X, Y, resolution=20))
    flat = shades(decision_boundary(estimator.predict_proba, X, Y, resolution=20, probabilities=False))
    assert np.array_equal(smooth[1], sharp[1])
    assert np.array_equal(smooth[1], flat[1])
    assert np.ptp(smooth[0]) > 0.1
    assert np.ptp(sharp[0]) < 1e-9
    assert np.ptp(flat[0]) < 1e-9


@pytest.mark.parametrize(
    ("fixed", "expected"), [(None, "means"), ({0: 7.0}, [7.0, None, None, None]), ([1, 2, 3, 4], [1, 2, 3, 4])]
)
def test_the_other_features_are_held(fixed, expected):
    x = RNG.normal(size=(30, 4))
    seen = []

    def predict(points):
        seen.append(points.copy())
        return points[:, 3] > 0

    ax = decision_boundary(predict, x, x[:, 3] > 0, features=(3, -3), fixed=fixed, resolution=10, names=["a", "b", "c", "d"])
    grid, own = seen
    assert np.array_equal(own, x)
    expected = (
        x.mean(axis=0) if expected == "means" else [x[:, i].mean() if each is None else each for i, each in enumerate(expected)]
    )
    for column in (0, 2):
        np.testing.assert_allclose(grid[:, column], expected[column], rtol=1e-12)
    assert len(np.unique(grid[:, 3])) == len(np.unique(grid[:, 1])) == 10
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("d", "b")
    assert ax.get_title(loc="left") == "Decision boundary, other features fixed"
    np.testing.assert_allclose(lines(ax)[:, 0], 0, atol=0.5)


def test_the_model_is_evaluated_and_left_as_it_was():
    model = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 3))
    model[1].eval()
    state = {path: each.tobytes() for path, each in model.state_dict().items()}
    generator = ag.generator().bit_generator.state
    first = decision_boundary(model, X, np.arange(60) % 3, resolution=15).images[0].get_array()
    second = decision_boundary(model, X, np.arange(60) % 3, resolution=15).images[0].get_array()
    assert np.array_equal(first, second)
    assert {path: each.tobytes() for path, each in model.state_dict().items()} == state
    assert [each.training for each in model] == [True, False, True, True]
    assert ag.generator().bit_generator.state == generator


def test_a_recorded_result_of_a_function_is_taken():
    layer = linear([1.0, 2.0, 0.3], 1)
    ax = decision_boundary(lambda points: layer(points), X, Y, output="logits")
    assert len(lines(ax))
    assert layer.weight.grad is None


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([[1, 2]], [0]),
        ([[1, 2], [1, 3]], [1, 1]),
        (ag.tensor([[1.0, 2.0], [3.0, 2.0]]), ag.tensor([0.0, 1.0])),
        (X[::-2].astype(np.float32), Y[::-2]),
    ],
)
def test_small_and_other_data(x, y, pyplot):
    axes = pyplot.figure().add_subplot()
    assert decision_boundary(lambda points: np.zeros(len(points), int), x, y, ax=axes, resolution=10) is axes
    assert not len(lines(axes))  # one class everywhere
    axes.figure.canvas.draw()


def test_classes_that_no_point_has_are_regions_all_the_same():
    ax = decision_boundary(lambda points: (points[:, 0] > 0) * 2, X, np.zeros(60, int), classes=["a", "b", "c"])
    assert len(lines(ax))
    assert list(scattered(ax)) == ["a", f"predicted wrongly ({np.sum(X[:, 0] > 0)})"]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"model": 3}, TypeError, "expected model, a module or a function; received int"),
        ({"x": X[:, 0]}, ValueError, r"expected x, numbers of shape \(N, features\) .* received float64 of shape \(60,\)"),
        ({"x": X[:, :1]}, ValueError, "2 features or more"),
        ({"x": X[:0], "y": Y[:0]}, ValueError, "a point or more"),
        ({"x": np.where(np.arange(120).reshape(60, 2) == 7, np.nan, X)}, ValueError, "received nan at row 3, column 1"),
        ({"y": Y[:5]}, ValueError, r"expected y of shape \(60,\), a class for each point; received \(5,\)"),
        ({"y": Y - 1}, TypeError, "whole numbers from 0 on"),
        ({"y": Y + 0.5}, TypeError, "whole numbers from 0 on"),
        ({"y": ["a"] * 60}, TypeError, r"number them with np.unique\(y, return_inverse=True\)\[1\]"),
        ({"classes": ["a"]}, ValueError, "expected classes, 2 names; received 1"),
        ({"resolution": 1}, ValueError, "expected resolution"),
        ({"resolution": None}, TypeError, "expected resolution"),
        ({"features": (0, 2)}, ValueError, "two different columns of x, which has 2"),
        ({"features": (0, -2)}, ValueError, "two different columns"),
        ({"features": 1}, ValueError, "two different columns"),
        ({"features": ("a", "b")}, TypeError, "expected features, of columns, a whole number"),
        ({"fixed": {5: 1.0}}, ValueError, "received column 5"),
        ({"fixed": [1.0]}, ValueError, "expected fixed, 2 values"),
        ({"names": ["a", "b", "c"]}, ValueError, "expected names, 2 or the 2 that are drawn; received 3"),
        ({"probabilities": "yes"}, TypeError, "expected probabilities, True or False"),
        ({"output": "scores"}, ValueError, "expected output, 'logits', 'probabilities', 'labels' or None"),
        (
            {"model": lambda x: x[:, 0] * 5},
            ValueError,
            "expected probabilities, from 0 to 1; .* for logits pass output='logits'",
        ),
        ({"model": lambda x: x[:3, 0]}, ValueError, "for 40000 points; received"),
        ({"model": lambda x: 1.0}, ValueError, r"for 40000 points; received \(\)"),
        ({"model": lambda x: x[:, 0] * np.nan}, ValueError, "expected finite outputs"),
        ({"model": lambda x: np.array(["a"] * len(x))}, TypeError, "give classes as whole numbers"),
        ({"model": lambda x: x, "output": "labels"}, ValueError, "expected labels of shape"),
        ({"model": lambda x: x[:, 0], "output": "labels"}, ValueError, "expected labels, whole numbers from 0 on"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change, error, message):
    given = {"model": lambda x: x[:, 0] > 0, "x": X, "y": Y, **change}
    with pytest.raises(error, match=f"decision_boundary: .*{message}"):
        decision_boundary(**given)


def test_it_says_what_it_needs(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"decision_boundary needs matplotlib; install it with"):
        decision_boundary(lambda x: x[:, 0] > 0, X, Y)
