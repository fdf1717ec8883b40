import copy
import sys

import numpy as np
import pytest

import autograd as ag
import nn
from nn.plots import loss_surface, surface_of
from nn.plots.planes import Landscape, Plane, given_plane, principal_plane, random_plane
from nn.plots.relief import Relief, shown
from nn.vectors import parameters_to_vector, vector_to_parameters

cross_entropy = nn.functional.cross_entropy


@pytest.fixture(autouse=True)
def pyplot():
    from matplotlib import pyplot

    yield pyplot
    pyplot.close("all")


@pytest.fixture
def model():
    ag.seed(0)
    return nn.Sequential(nn.Linear(2, 5), nn.BatchNorm1d(5), nn.Tanh(), nn.Dropout(0.5), nn.Linear(5, 3))


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    return rng.normal(size=(20, 2)), rng.integers(0, 3, 20)


def flat(model):
    return parameters_to_vector(model.parameters()).detach().numpy().astype(float)


def loss_with(model, weights, x, y):
    """The loss of a copy of the model that has these weights."""
    other = copy.deepcopy(model).eval()
    vector_to_parameters(weights, other.parameters())
    return cross_entropy(other(x), y).item()


def walk(model, steps=12, seed=0, size=0.1):
    rng = np.random.default_rng(seed)
    return flat(model) + np.cumsum(rng.normal(size=(steps, flat(model).size)), axis=0) * size


def texts(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


# ---------------------------------------------------------------- planes


def test_filters_of_random_directions_are_as_long_as_those_of_the_weights():
    ag.seed(0)
    model = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(3, 4))
    plane = random_plane(model, np.random.default_rng(0))
    assert np.array_equal(plane.origin, flat(model))
    for direction in plane.directions:
        parts = copy.deepcopy(model)
        vector_to_parameters(direction, parts.parameters())
        for own, drawn in zip(model.parameters(), parts.parameters(), strict=True):
            if own.ndim == 1:
                assert not drawn.numpy().any()
            else:
                lengths = [np.linalg.norm(each.numpy().reshape(len(own), -1), axis=1) for each in (own, drawn)]
                np.testing.assert_allclose(*lengths, rtol=1e-5)
    assert abs(np.corrcoef(plane.directions)[0, 1]) < 0.5


def test_a_model_of_vectors_alone_has_directions_too():
    class Line(nn.Module):
        def __init__(self):
            self.slope, self.offset = nn.Parameter([2.0, 1.0]), nn.Parameter(3.0)

    plane = random_plane(Line(), np.random.default_rng(0))
    np.testing.assert_allclose(np.linalg.norm(plane.directions[:, :2], axis=1), np.sqrt(5))
    np.testing.assert_allclose(np.abs(plane.directions[:, 2]), 3)


def test_a_model_of_zeros_has_no_random_directions(data):
    layer = nn.Linear(2, 3)
    vector_to_parameters(np.zeros(9), layer.parameters())
    with pytest.raises(ValueError, match="expected a model whose weights are not all 0"):
        loss_surface(layer, cross_entropy, *data)


@pytest.mark.parametrize("steps", [4, 90])
def test_principal_components_are_those_of_a_singular_value_decomposition(model, steps):
    paths = {"a": walk(model, steps), "b": walk(model, steps, seed=1)}
    plane = principal_plane(model, paths)
    points = np.concatenate(list(paths.values()))
    _, values, rows = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(plane.explained, values[:2] ** 2 / np.sum(values**2), rtol=1e-9)
    for name, path in paths.items():
        expected = (path - flat(model)) @ rows[:2].T
        found = plane.coordinates(path)
        np.testing.assert_allclose(found * np.sign(found[-1] * expected[-1]), expected, rtol=1e-6, atol=1e-9, err_msg=name)
    assert np.all(plane.directions[[0, 1], np.abs(plane.directions).argmax(axis=1)] > 0)


def test_coordinates_are_those_of_the_nearest_point_in_slanted_directions_too():
    plane = Plane(np.array([1.0, 1.0, 1.0]), np.array([[2.0, 0.0, 0.0], [1.0, 1.0, 0.0]]))
    weights = np.array([plane.at(3.0, -2.0) + np.array([0, 0, 7]), [1.0, 2.0, 0.0]])
    np.testing.assert_allclose(plane.coordinates(weights), [[3, -2], [-0.5, 1]])


# ---------------------------------------------------------------- losses


def test_losses_are_those_of_a_model_with_these_weights(model, data):
    model(np.random.default_rng(1).normal(size=(50, 2)) * 3)  # running statistics that differ from those at first
    plane = random_plane(model, np.random.default_rng(0))
    places = [(0.0, 0.0), (0.5, -1.0), (-0.3, 0.2)]
    found = Landscape(model, cross_entropy, *data, None).losses(plane.at(a, b) for a, b in places)
    np.testing.assert_allclose(found, [loss_with(model, plane.at(a, b), *data) for a, b in places], rtol=1e-6)
    assert len(set(found)) == 3


@pytest.mark.parametrize("batch_size", [1, 7, 20, 100])
def test_batches_count_by_their_examples(model, data, batch_size):
    weights = [flat(model)]
    whole = Landscape(model, nn.CrossEntropyLoss(), *data, None).losses(weights)
    np.testing.assert_allclose(Landscape(model, nn.CrossEntropyLoss(), *data, batch_size).losses(weights), whole, rtol=1e-6)


def test_losses_of_a_linear_model_are_the_parabola_that_they_have_to_be():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(9, 2)), rng.normal(size=(9, 1))
    layer = nn.Linear(2, 1, bias=False, dtype=np.float64)
    places = rng.normal(size=(7, 2))
    plane = given_plane(layer, np.eye(2))
    found = Landscape(layer, nn.MSELoss(), x, y, None).losses(plane.at(*place) for place in places)
    np.testing.assert_allclose(found, np.mean((x @ (layer.weight.numpy() + places).T - y) ** 2, axis=0))


@pytest.mark.parametrize("axis", [0, 1])
def test_the_first_direction_goes_across_and_the_second_up(axis):
    x = np.eye(2)[[axis, axis]]  # the loss depends on one of the weights alone
    layer = nn.Linear(2, 1, bias=False)
    ax = loss_surface(layer, nn.MSELoss(), x, [[1.0], [2.0]], directions=np.eye(2), resolution=5)
    lines = [path for path in ax.collections[-1].get_paths() if len(path.vertices)]
    assert lines
    for path in lines:
        for line in path.to_polygons(closed_only=False):
            assert np.ptp(line[:, axis]) < 1e-6 < np.ptp(line[:, 1 - axis])


@pytest.mark.parametrize("error", [None, ValueError, KeyboardInterrupt])
def test_the_model_is_the_same_to_the_bit_afterwards(model, data, error):
    calls = []

    def loss(outputs, targets):
        calls.append(1)
        if error is not None and len(calls) == 5:
            raise error
        return cross_entropy(outputs, targets)

    model[0].eval()
    recorded = cross_entropy(model(data[0]), data[1])
    state = {path: each.tobytes() for path, each in model.state_dict().items()}
    flags, members = [each.training for each in model.modules()], list(map(id, model.parameters()))
    ag.generator()
    generator = ag.generator().bit_generator.state
    if error is None:
        loss_surface(model, loss, *data, resolution=3)
        assert len(calls) == 10
    else:
        with pytest.raises(error):
            loss_surface(model, loss, *data, resolution=3)
    assert {path: each.tobytes() for path, each in model.state_dict().items()} == state
    assert [each.training for each in model.modules()] == flags
    assert list(map(id, model.parameters())) == members
    assert ag.generator().bit_generator.state == generator
    recorded.backward()  # nothing that it needs was written
    assert all(each.grad is not None for each in model.parameters())


# ---------------------------------------------------------------- loss_surface


def test_the_present_weights_are_marked_in_the_middle(model, data):
    ax = loss_surface(model, cross_entropy, *data, resolution=5)
    assert ax.get_title(loc="left") == "Loss around the weights"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("random direction 1", "random direction 2")
    assert texts(ax) == [f"these weights: loss {loss_with(model, flat(model), *data):.3g}"]
    assert ax.get_lines()[-1].get_xydata().tolist() == [[0, 0]]
    assert (*ax.get_xlim(), *ax.get_ylim()) == (-1, 1, -1, 1)
    bar = ax.figure.axes[1]
    assert bar.get_ylabel().startswith("loss")


def test_paths_are_drawn_where_their_components_are(model, data):
    paths = {"SGD": walk(model), "Adam $": walk(model, 80, seed=1).astype(np.float32)}
    ax = loss_surface(model, cross_entropy, *data, paths=paths, resolution=5)
    plane = principal_plane(model, paths)
    labelled = {line.get_label(): line for line in ax.get_lines() if not line.get_label().startswith("_")}
    assert list(labelled) == [f"{name}: loss {loss_with(model, path[-1], *data):.3g}" for name, path in paths.items()]
    for line, path in zip(labelled.values(), paths.values(), strict=True):
        np.testing.assert_allclose(line.get_xydata(), plane.coordinates(path))
    assert len({line.get_color() for line in labelled.values()}) == 2
    stars = [line.get_xydata()[0] for line in ax.get_lines() if line.get_marker() == "*"]
    np.testing.assert_allclose(stars, [plane.coordinates(path)[-1] for path in paths.values()])
    rings = [line.get_xydata()[0] for line in ax.get_lines() if line.get_marker() == "o" and len(line.get_xdata()) == 1]
    np.testing.assert_allclose(rings, [plane.coordinates(path)[0] for path in paths.values()])
    assert texts(ax)[1].startswith(r"Adam \$: loss")
    assert texts(ax)[2:] == ["start", "end"]
    assert ax.get_title(loc="right") == f"{sum(plane.explained):.0%} of the paths' variance"
    assert ax.get_xlabel() == f"principal component 1 ({plane.explained[0]:.0%})"
    for points in map(plane.coordinates, paths.values()):
        assert np.all((points[:, 0] > ax.get_xlim()[0]) & (points[:, 0] < ax.get_xlim()[1]))
        assert np.all((points[:, 1] > ax.get_ylim()[0]) & (points[:, 1] < ax.get_ylim()[1]))


def test_paths_over_given_directions_and_an_end_outside(model, data):
    directions = np.random.default_rng(3).normal(size=(2, flat(model).size))
    start, end = flat(model), flat(model) + 3 * directions[0]
    ax = loss_surface(model, cross_entropy, *data, paths={"SGD": [start, end]}, directions=directions, extent=1, resolution=3)
    line = next(line for line in ax.get_lines() if not line.get_label().startswith("_"))
    np.testing.assert_allclose(line.get_xydata(), [[0, 0], [3, 0]], atol=1e-6)
    assert line.get_label().endswith(", outside")
    assert ax.get_xlabel() == "given direction 1"


def test_a_landscape_is_drawn_in_three_dimensions_and_paths_lie_on_it(model, data, pyplot):
    axes = pyplot.figure().add_subplot(projection="3d")
    ax = loss_surface(model, cross_entropy, *data, paths={"SGD": walk(model, size=0.3)}, resolution=7, kind="3d", ax=axes)
    assert ax is axes
    line = next(line for line in ax.get_lines() if not line.get_label().startswith("_"))
    _, _, z = line.get_data_3d()
    assert np.all(np.isfinite(z))
    assert np.all((z >= ax.get_zlim()[0]) & (z <= ax.get_zlim()[1]))
    assert len(set(np.round(z, 6))) > 5
    ax.figure.canvas.draw()  # the ticks of a log scale are written


def test_the_random_directions_are_the_same_each_time_and_others_with_another_generator(model, data):
    def heights(**settings):
        loss_surface(model, lambda outputs, y: float(seen.append(outputs.numpy().sum()) or 1), *data, resolution=3, **settings)
        return seen[-10:]

    seen = []
    assert heights() == heights()
    assert heights() != heights(rng=np.random.default_rng(5))


@pytest.mark.parametrize("y", [[[0], [1], [1], [0]], np.array([[0.0], [1.0], [1.0], [0.0]], np.float32)])
def test_lists_and_other_dtypes_are_data(y):
    ag.seed(0)
    layer = nn.Linear(2, 1)
    loss_surface(layer, nn.MSELoss(), [[0, 0], [0, 1], [1, 0], [1, 1]], y, resolution=3)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"model": lambda x: x}, TypeError, "expected model, a module; received function; for a function see surface_of"),
        ({"x": np.ones((3, 2))}, ValueError, r"as many examples in both .* received shapes \(3, 2\) and \(20,\)"),
        ({"x": np.ones((0, 2)), "y": []}, ValueError, "at least one"),
        (
            {"loss": nn.CrossEntropyLoss(reduction="none")},
            ValueError,
            r"one number, received shape \(20,\); .* reduction='mean'",
        ),
        ({"loss": lambda outputs, y: np.nan}, ValueError, "received NaN or infinity at every point"),
        ({"resolution": 2}, ValueError, "expected resolution"),
        ({"resolution": 9.0}, TypeError, "expected resolution, a whole number"),
        ({"batch_size": 0}, ValueError, "expected batch_size"),
        ({"rng": 0}, TypeError, "expected rng"),
        ({"kind": "heatmap"}, ValueError, "expected kind, 'contour' or '3d'; received 'heatmap'"),
        ({"ax": 3}, TypeError, "expected ax, one Matplotlib Axes"),
        ({"extent": 0}, ValueError, "low < high"),
        ({"extent": ((1, 0), (0, 1))}, ValueError, r"expected extent\[0\]"),
        ({"extent": (1, 2, 3)}, ValueError, "expected extent, a number or"),
        ({"extent": "wide"}, TypeError, "expected extent, a number"),
        ({"directions": np.ones((2, 5))}, ValueError, r"expected directions, two vectors of 43 numbers .* shape \(2, 5\)"),
        ({"directions": np.ones((2, 43))}, ValueError, "neither is a multiple of the other"),
        ({"paths": [1, 2]}, TypeError, "expected paths, recordings by name"),
        ({"paths": {}}, ValueError, "received none"),
        ({"paths": {"SGD": np.ones((3, 5))}}, ValueError, r"paths\['SGD'\], numbers of shape \(steps, 43\)"),
        ({"paths": {"SGD": np.ones((5, 43))}}, ValueError, "5 points on a line; record more steps"),
        ({"paths": {"SGD": np.ones((1, 43))}}, ValueError, "1 points on a line"),
    ],
)
def test_what_cannot_be_drawn_is_refused(model, data, change, error, message):
    given = {"model": model, "loss": cross_entropy, "x": data[0], "y": data[1], "resolution": 3, **change}
    with pytest.raises(error, match=f"loss_surface: .*{message}"):
        loss_surface(**given)


def test_a_path_that_diverged_is_named_with_its_step(model, data):
    path = walk(model)
    path[7:] = np.nan
    with pytest.raises(ValueError, match=r"step 7 of paths\['SGD'\]; draw what comes before, recording\[:7\]"):
        loss_surface(model, cross_entropy, *data, paths={"SGD": path})


def test_axes_of_the_wrong_kind_are_refused(model, data, pyplot):
    with pytest.raises(TypeError, match=r"make them with subplot_kw=\{'projection': '3d'\}"):
        loss_surface(model, cross_entropy, *data, resolution=3, kind="3d", ax=pyplot.figure().add_subplot())


def test_it_says_what_it_needs(model, data, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"loss_surface needs matplotlib; install it with `pip install chainrule\[plot\]`"):
        loss_surface(model, cross_entropy, *data, resolution=3)


# ---------------------------------------------------------------- surface_of


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def test_a_function_is_drawn_with_paths_and_minima(pyplot):
    axes = pyplot.figure().add_subplot()
    paths = {f"path {i}": [[-1.0, 1.0], [0.0, i], [0.5, 0.25]] for i in range(8)}
    ax = surface_of(rosenbrock, (-2, 2), (-1, 3), paths=paths, minima=[1, 1], ax=axes)
    assert ax is axes
    assert (*ax.get_xlim(), *ax.get_ylim()) == (-2, 2, -1, 3)
    assert texts(ax) == [*[f"path {i}: f = 0.25" for i in range(8)], "minimum", "start", "end"]
    lines = [line for line in ax.get_lines() if line.get_label().startswith("path")]
    assert [line.get_xydata().tolist() for line in lines] == list(paths.values())
    assert len({(line.get_color(), line.get_linestyle()) for line in lines}) == 8
    assert [line.get_xydata().tolist() for line in ax.get_lines() if line.get_marker() == "x"][-1] == [[1, 1]]


def test_several_minima_and_a_landscape():
    ax = surface_of(
        lambda x, y: np.cos(x) + np.cos(y), (-4, 4), (-4, 4), minima=[[np.pi, np.pi], [-np.pi, np.pi]], kind="3d", resolution=21
    )
    assert texts(ax) == ["minima"]


def test_paths_lie_on_the_landscape():
    path = np.array([[-1.0, 2.0], [0.3, 0.7], [1.0, 0.0]])
    ax = surface_of(lambda x, y: x - 10 * y, (-2, 2), (-1, 3), paths={"a": path}, kind="3d", resolution=9)
    line = next(line for line in ax.get_lines() if line.get_label() == "a: f = 1")
    np.testing.assert_allclose(line.get_data_3d(), [*path.T, path @ [1, -10]])


def test_a_function_of_tensors_is_a_function_too():
    ax = surface_of(lambda x, y: ag.tensor(x) ** 2 + y, (0, 1), (0, 1), resolution=5)
    assert ax.get_legend() is None


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"f": lambda x, y: 1.0}, ValueError, r"of shape \(201, 201\); received float64 of shape \(\)"),
        ({"f": lambda x, y: x + 1j}, ValueError, "a real number for each element"),
        ({"f": lambda x, y: np.log(-1 - x**2)}, ValueError, "NaN or infinity at every point"),
        ({"x_range": (1, 1)}, ValueError, "expected x_range"),
        ({"y_range": 3}, ValueError, "expected y_range, two numbers"),
        ({"y_range": (0, np.inf)}, ValueError, "expected y_range, two finite numbers"),
        ({"minima": [1, 2, 3]}, ValueError, r"expected minima, a point or points \(n, 2\); received shape \(3,\)"),
        ({"paths": {"a": [[1.0, 2.0, 3.0]]}}, ValueError, r"paths\['a'\], numbers of shape \(steps, 2\)"),
        ({"paths": {"a": [[1.0, 2.0], [3.0]]}}, ValueError, r"paths\['a'\]: expected rows of one length"),
        ({"paths": {"a": [[1.0, np.inf]]}}, ValueError, "infinity in step 0"),
    ],
)
def test_what_is_no_surface_is_refused(change, error, message):
    given = {"f": rosenbrock, "x_range": (-1, 1), "y_range": (-1, 1), **change}
    with pytest.raises(error, match=f"surface_of: .*{message}"):
        surface_of(**given)


# ---------------------------------------------------------------- bands


def relief(heights):
    heights = np.asarray(heights, float)
    return Relief(np.arange(heights.shape[1]), np.arange(heights.shape[0]), heights)


def test_bands_of_heights_of_several_magnitudes_are_even_on_a_log_scale():
    bounds, logarithmic = relief([[0.01, 0.1], [1.0, 10.0]]).bands()
    assert logarithmic
    np.testing.assert_allclose(bounds[[0, -1]], [0.01, 10])
    np.testing.assert_allclose(np.diff(np.log(bounds)), np.log(1000) / 18)


def test_bands_of_heights_of_one_magnitude_or_both_signs_are_even():
    for heights in ([[0.69, 0.70], [0.71, 0.9]], [[-1.0, 0.5], [0.1, 1.0]]):
        bounds, logarithmic = relief(heights).bands()
        assert not logarithmic
        np.testing.assert_allclose(bounds, np.linspace(np.min(heights), np.max(heights), 19))


def test_bands_above_a_lowest_height_of_0_or_less_count_from_there():
    for lowest, heights in ((0.0, [[0.0, 1.0, 30.0], [40.0, 50.0, 100.0]]), (-5.0, [[-5.0, -4.0, -3.9], [-3.8, -3.7, 95.0]])):
        bounds, logarithmic = relief(heights).bands()
        assert logarithmic
        np.testing.assert_allclose(bounds[[0, -1]], [lowest + 1, lowest + 100])
        np.testing.assert_allclose(np.diff(np.log(bounds - lowest)), np.log(100) / 18)


def test_bands_leave_out_what_overflowed_and_what_is_flat():
    bounds, _ = relief([[1.0, 2.0, 3.0], [np.inf, np.nan, 1e300]]).bands()
    assert bounds[0] == 1
    assert bounds[-1] == pytest.approx(2.5e4)
    bounds, _ = relief([[2.0, 2.0], [2.0, 2.0]]).bands()
    assert bounds[0] < 2 < bounds[1]


@pytest.mark.parametrize("kind", ["contour", "3d"])
@pytest.mark.parametrize(
    "f",
    [lambda x, y: 0 * x, lambda x, y: np.exp(900 * x), lambda x, y: np.log(x + y), lambda x, y: 1e-9 * x],
    ids=["flat", "overflowing", "partly undefined", "tiny"],
)
def test_strange_heights_are_drawn_without_a_warning(f, kind):
    surface_of(f, (-1, 1), (-1, 1), resolution=9, kind=kind).figure.canvas.draw()


def test_heights_between_points_of_the_grid():
    found = relief([[0.0, 1.0], [2.0, 5.0]])
    points = np.array([[0, 0], [1, 1], [0.5, 0.5], [1, 0.5], [1.01, 0], [0, -1]])
    np.testing.assert_allclose(found.height_at(points, found.heights), [0, 5, 2, 3, np.nan, np.nan])


def test_numbers_are_shown_without_exponents_where_they_are_short():
    assert [shown(each) for each in (1234.5, 0.00012345, 1.0, 123456.0, 12.34)] == [
        "1234",
        "0.000123",
        "1",
        "1.23e+05",
        "12.3",
    ]
