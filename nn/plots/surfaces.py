"""``loss_surface``: the loss around a model's weights, and how optimizers walked over it; ``surface_of`` of any function."""

from __future__ import annotations  # matplotlib is imported when something is drawn

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.inputs import as_array, check_number, check_whole, plain
from nn.module import Module
from nn.pictures import finished
from nn.plots.planes import (
    Landscape,
    Plane,
    checked_paths,
    checked_recordings,
    given_plane,
    principal_plane,
    random_plane,
)
from nn.plots.relief import Path, Relief, axes_for, draw, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def loss_surface(
    model: Module,
    loss: Callable[..., Any],
    x: Any,
    y: Any,
    *,
    paths: Mapping[str, Any] | None = None,
    directions: Any = None,
    extent: Any = None,
    resolution: int = 31,
    batch_size: int | None = None,
    rng: np.random.Generator | None = None,
    kind: str = "contour",
    ax: Axes | None = None,
) -> Axes:
    """Draw the loss at ``weights + a * first + b * second``: a plane of the space in which an optimizer looks for its minimum.

    The plane goes through the model's present weights, at (0, 0). Its directions are two random ones, each filter of them as
    long as that of the weights; or, where ``paths`` are given, the first two principal components of all their points. Over
    the plane are drawn the points of it that are nearest to those of the paths. The losses in the legend are those at the very
    ends of the paths, which need not lie in the plane: how much of the paths it shows is said at its axes.

    The model is in evaluation mode meanwhile, and nothing is recorded; afterwards it is what it was, to the bit.

    Args:
        model: the module.
        loss: a function of outputs and targets, or a loss module, that gives one number.
        x: the model's inputs, examples first.
        y: the targets, as many.
        paths: weights (steps, parameters) by the name of what walked there; ``nn.callbacks.WeightPath`` records them, and so
            does ``nn.parameters_to_vector(model.parameters())`` after each step.
        directions: two vectors of as many numbers as the model has parameters, to draw the plane of; they may be of any length.
        extent: how far to draw: a number e for -e to e along both directions, or ``((left, right), (bottom, top))``; by default
            1, or as far as the paths go.
        resolution: how many points each side of the grid has: the loss is computed ``resolution**2`` times.
        batch_size: how many examples to evaluate at once, where all do not fit into memory: batches count by the number of
            their examples, which is right for losses that are means of them.
        rng: where random directions are drawn from; by default the same ones each time.
        kind: ``"contour"``, or ``"3d"`` for a landscape.
        ax: the axes to draw on; by default those of a new figure.

    Returns:
        The axes.

    **Shapes**: x (N, ...), y (N, ...), paths (steps, parameters), directions (2, parameters).

    Raises:
        TypeError: for what is no module, for paths that are no mapping, axes of another kind, settings that are no numbers.
        ValueError: for x and y that differ in length, a loss that is no single number, or nowhere finite; for paths of another
            shape, not finite, or on a line; for directions that span no plane; for settings out of range.
        ImportError: where Matplotlib is not installed.

    Source: H. Li et al., Visualizing the loss landscape of neural nets, 2018, sections 4 and 7.2.

    >>> model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    >>> x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> ax = nn.plots.loss_surface(model, nn.functional.mse_loss, x, np.array([[0.0], [1.0], [1.0], [0.0]]), resolution=11)
    >>> ax.get_title(loc="left")
    'Loss around the weights'
    """
    name = "loss_surface"
    if not isinstance(model, Module):
        raise TypeError(f"{name}: expected model, a module; received {type(model).__name__}; for a function see surface_of")
    _check_count(name, "resolution", resolution, least=3)
    if batch_size is not None:
        _check_count(name, "batch_size", batch_size, least=1)
    if rng is not None and not isinstance(rng, np.random.Generator):
        raise TypeError(f"{name}: expected rng, a np.random.Generator or None; received {rng!r}")
    landscape = Landscape(model, loss, x, y, batch_size)
    recorded = {} if paths is None else checked_paths(model, paths)
    if directions is not None:
        plane = given_plane(model, directions)
    elif recorded:
        plane = principal_plane(model, recorded)
    else:
        plane = random_plane(model, np.random.default_rng(0) if rng is None else rng)
    walked = {each: plane.coordinates(weights) for each, weights in recorded.items()}
    (left, right), (bottom, top) = _extent(name, extent, list(walked.values()))
    a, b = np.linspace(left, right, resolution), np.linspace(bottom, top, resolution)
    axes = axes_for(name, kind, ax)
    losses = landscape.losses(plane.at(i, j) for j in b for i in a).reshape(resolution, resolution)
    relief = _relief(name, a, b, losses)
    ends = landscape.losses([weights[-1] for weights in recorded.values()])
    drawn = {
        each: Path(points, _ending(each, "loss", end, points, relief))
        for (each, points), end in zip(walked.items(), ends, strict=True)
    }
    here = {} if recorded else {f"these weights: loss {shown(landscape.losses([plane.origin])[0])}": np.zeros((1, 2))}
    draw(axes, relief, kind, "loss", drawn, here)
    title = "Loss along the paths" if recorded else "Loss around the weights"
    finished(axes, title, *_names(plane, given=directions is not None), grid=False, beside=_share(plane))
    return axes


def surface_of(
    f: Callable[[Any, Any], Any],
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    *,
    paths: Mapping[str, Any] | None = None,
    minima: Any = None,
    resolution: int = 201,
    kind: str = "contour",
    ax: Axes | None = None,
) -> Axes:
    """Draw a function of two variables, and the paths of optimizers over it.

    Args:
        f: the function of x and y; it is called with arrays of one shape, and gives one number for each of their elements.
        x_range: from where to where, along x.
        y_range: the same along y.
        paths: points (steps, 2) by the name of what walked there.
        minima: a point to mark, or several, (n, 2): where the function is known to be smallest.
        resolution: how many points each side of the grid has.
        kind: ``"contour"``, or ``"3d"`` for a landscape.
        ax: the axes to draw on; by default those of a new figure.

    Returns:
        The axes.

    **Shapes**: paths (steps, 2), minima (2,) or (n, 2).

    Raises:
        TypeError: for paths that are no mapping, axes of another kind, settings that are no numbers.
        ValueError: for a function that gives another shape or is nowhere finite, for paths of another shape or that are not
            finite, and for empty ranges.
        ImportError: where Matplotlib is not installed.

    >>> rosenbrock = lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2
    >>> walked = {"by hand": [[-1.0, 1.0], [0.0, 0.0], [1.0, 1.0]]}
    >>> ax = nn.plots.surface_of(rosenbrock, (-2, 2), (-1, 3), paths=walked, minima=(1, 1))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['by hand: f = 0', 'minimum', 'start', 'end']
    """
    name = "surface_of"
    _check_count(name, "resolution", resolution, least=3)
    x, y = [np.linspace(*_range(name, each, ends), resolution) for each, ends in (("x_range", x_range), ("y_range", y_range))]
    recorded = {} if paths is None else checked_recordings(name, paths, 2)
    marked = {}
    if minima is not None:
        points = np.asarray(plain(as_array(minima, name)))
        if points.shape[-1:] != (2,) or points.ndim > 2 or points.dtype.kind not in "biuf":
            raise ValueError(f"{name}: expected minima, a point or points (n, 2); received shape {points.shape}")
        points = points.reshape(-1, 2)
        marked["minimum" if len(points) == 1 else "minima"] = points
    axes = axes_for(name, kind, ax)
    relief = _relief(name, x, y, _values(name, f, *np.meshgrid(x, y)))
    drawn = {}
    for each, points in recorded.items():
        end = _values(name, f, points[-1:, 0], points[-1:, 1])[0]
        drawn[each] = Path(points, _ending(each, "f =", end, points, relief))
    draw(axes, relief, kind, "f(x, y)", drawn, marked)
    finished(axes, None, "x", "y", grid=False)
    if kind == "contour":
        axes.set_xlim(x[0], x[-1])
        axes.set_ylim(y[0], y[-1])
    return axes


# ---------------------------------------------------------------- shared


def _check_count(receiver: str, name: str, value: Any, least: int) -> None:
    check_whole(receiver, name, value)
    check_number(receiver, name, value, least=least)


def _range(receiver: str, name: str, ends: Any) -> tuple[float, float]:
    try:
        low, high = [float(plain(each)) for each in ends]
    except (TypeError, ValueError):
        raise ValueError(f"{receiver}: expected {name}, two numbers (low, high); received {ends!r}") from None
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"{receiver}: expected {name}, two finite numbers (low, high) with low < high; received {ends!r}")
    return low, high


def _extent(receiver: str, extent: Any, walked: list[Any]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Left and right, bottom and top of what is drawn."""
    if isinstance(extent, list | tuple | np.ndarray):
        if len(extent) != 2:
            raise ValueError(f"{receiver}: expected extent, a number or ((left, right), (bottom, top)); received {extent!r}")
        return _range(receiver, "extent[0]", extent[0]), _range(receiver, "extent[1]", extent[1])
    if extent is not None or not walked:
        size = 1.0 if extent is None else extent
        check_number(receiver, "extent", size)
        return _range(receiver, "extent", (-size, size)), (-float(size), float(size))
    points = np.concatenate(walked)
    low, high = points.min(axis=0), points.max(axis=0)
    # A margin on each side, and no side so short that a picture of it would be out of proportion.
    half = 0.65 * np.maximum(high - low, 0.3 * (high - low).max())
    middle = (low + high) / 2
    (left, bottom), (right, top) = (middle - half).tolist(), (middle + half).tolist()
    return _range(receiver, "paths, of which the range is", (left, right)), (bottom, top)


def _relief(receiver: str, x: Any, y: Any, heights: Any) -> Relief:
    if not np.isfinite(heights).any():
        raise ValueError(f"{receiver}: expected values that can be drawn, received NaN or infinity at every point of the grid")
    return Relief(x, y, heights)


def _values(receiver: str, f: Callable[[Any, Any], Any], x: Any, y: Any) -> Any:
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        values = np.asarray(plain(f(x, y)))
    if values.shape != x.shape or values.dtype.kind not in "biuf":
        raise ValueError(
            f"{receiver}: expected f to give a real number for each element of its arguments, of shape {x.shape}; received "
            f"{values.dtype} of shape {values.shape}; write it with NumPy's functions"
        )
    return values.astype(float)


def _ending(name: str, unit: str, end: float, points: Any, relief: Relief) -> str:
    """What the legend says of a path: its name and where it led."""
    x, y = points[-1]
    seen = relief.x[0] <= x <= relief.x[-1] and relief.y[0] <= y <= relief.y[-1]
    return f"{name}: {unit} {shown(end)}" + ("" if seen else ", outside")


def _names(plane: Plane, given: bool) -> tuple[str, str]:
    """What stands at the axes."""
    if plane.explained is not None:
        first, second = [f"principal component {i} ({_percent(each)})" for i, each in enumerate(plane.explained, 1)]
        return first, second
    kind = "given" if given else "random"
    return f"{kind} direction 1", f"{kind} direction 2"


def _share(plane: Plane) -> str | None:
    return None if plane.explained is None else f"{_percent(sum(plane.explained))} of the paths' variance"


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else f"{share:.1%}"
