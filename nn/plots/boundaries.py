"""``decision_boundary``: which class a model predicts where, in the plane of two of its inputs."""

from __future__ import annotations  # matplotlib is imported when something is drawn

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

import autograd as ag
from nn.inputs import as_array, check_number, check_switch, check_whole, plain
from nn.module import Module
from nn.pictures import COLORS, SMALL, axes_or_new, finished, ink_on, literal, shortened
from nn.plots.evaluation import undisturbed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAME = "decision_boundary"
_OUTPUTS = ("logits", "probabilities", "labels")
_MARKERS = ("o", "s", "^", "D", "v", "P")  # of the classes, so that colour is not all that tells them apart
_CHUNK = 8192  # points that are evaluated at once


def decision_boundary(
    model: Module | Callable[[np.ndarray[Any, Any]], Any],
    x: Any,
    y: Any,
    *,
    classes: Sequence[str] | None = None,
    resolution: int = 200,
    features: tuple[int, int] = (0, 1),
    fixed: Mapping[int, float] | Sequence[float] | None = None,
    output: str | None = None,
    names: Sequence[str] | None = None,
    probabilities: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw the regions of the predicted classes, and the points with their true ones; what is predicted wrongly has a ring.

    A region is the paler, the less probable its class is there. A line goes where the prediction changes: with two classes it
    is that of the probability 0.5. Of more than two columns the regions are those for fixed values of the others, while each
    point is predicted with its own.

    A module is in evaluation mode meanwhile, and nothing is recorded; afterwards it is what it was, to the bit.

    Args:
        model: a module, or a function of an array (n, features) such as the ``predict_proba`` of an estimator.
        x: the points.
        y: their true classes, whole numbers from 0 on.
        classes: what the classes are called, in order; by default their numbers.
        resolution: how many points each side of the grid has.
        features: the columns of x that are drawn along x and y.
        fixed: the other columns' values: by column, or one for each column of x; by default the mean of each.
        output: what the model gives: ``"logits"``, (n, classes), or (n,) and (n, 1) for two classes, of which the second is
            predicted above 0; ``"probabilities"``, of the same shapes, with 0.5 for 0; ``"labels"``, whole numbers (n,). By
            default logits of a module; of a function labels, where it gives whole numbers or Booleans, else probabilities.
        names: what the columns of x are called, all of them, or the two that are drawn.
        probabilities: whether probabilities are drawn as shades; labels have none.
        ax: the axes to draw on; by default those of a new figure.

    Returns:
        The axes.

    **Shapes**: x (N, features), y (N,) or (N, 1).

    Raises:
        TypeError: for what can be called neither way, and classes or settings that are no whole numbers.
        ValueError: for x and y that differ in length, columns that x does not have, outputs of another shape than said or not
            finite, probabilities outside 0 to 1, and names that are too few.
        ImportError: where Matplotlib is not installed.

    >>> x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> ax = nn.plots.decision_boundary(lambda points: points[:, 0] > 0.4, x, [0, 0, 1, 1], classes=["left", "right"])
    >>> ax.get_title(loc="right")
    '4 of 4 right'
    """
    check_whole(_NAME, "resolution", resolution)
    check_number(_NAME, "resolution", resolution, least=2)
    check_switch(_NAME, probabilities=probabilities)
    if output is not None and output not in _OUTPUTS:
        raise ValueError(f"{_NAME}: expected output, {', '.join(map(repr, _OUTPUTS))} or None; received {output!r}")
    if not callable(model):
        raise TypeError(f"{_NAME}: expected model, a module or a function; received {type(model).__name__}")
    points, labels = _data(x, y)
    first, second = _columns(features, points.shape[1])
    across, along = [_range(points[:, column], resolution) for column in (first, second)]
    grid = np.tile(_background(points, fixed), (resolution * resolution, 1))
    grid[:, first], grid[:, second] = [each.ravel() for each in np.meshgrid(across, along)]
    if isinstance(model, Module) and output is None:
        output = "logits"
    with undisturbed(model) if isinstance(model, Module) else ag.no_grad():
        shares = _probabilities(model, grid, output)
        own = _probabilities(model, points, output)
    count = max(shares.shape[1], own.shape[1], int(labels.max()) + 1, 2)
    named = _class_names(classes, count)
    shares = np.pad(shares, ((0, 0), (0, count - shares.shape[1])))
    right = own.argmax(axis=1) == labels
    axes = axes_or_new(_NAME, ax, (6.0, 4.8))
    _draw_regions(axes, across, along, shares.reshape(resolution, resolution, count), bool(probabilities))
    _draw_points(axes, points[:, [first, second]], labels, right, named)
    axes.set_xlim(across[0], across[-1])
    axes.set_ylim(along[0], along[-1])
    below, beside = [_column_name(names, points.shape[1], place, column) for place, column in enumerate((first, second))]
    title = "Decision boundary" + (", other features fixed" if points.shape[1] > 2 else "")
    return finished(axes, title, below, beside, grid=False, beside=f"{right.sum()} of {len(right)} right")


# ---------------------------------------------------------------- what is given


def _data(x: Any, y: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    points, labels = np.asarray(plain(as_array(x, f"{_NAME}: x"))), np.asarray(plain(as_array(y, f"{_NAME}: y")))
    if points.ndim != 2 or points.shape[1] < 2 or not len(points) or points.dtype.kind not in "biuf":
        raise ValueError(
            f"{_NAME}: expected x, numbers of shape (N, features) with 2 features or more and a point or more; received "
            f"{points.dtype} of shape {points.shape}"
        )
    if points.dtype.kind != "f":
        points = points.astype(float)
    if not np.all(np.isfinite(points)):
        row, column = np.argwhere(~np.isfinite(points))[0].tolist()
        raise ValueError(f"{_NAME}: expected x of finite numbers, received {points[row, column]} at row {row}, column {column}")
    if labels.shape == (len(points), 1):
        labels = labels[:, 0]
    if labels.shape != (len(points),):
        raise ValueError(f"{_NAME}: expected y of shape ({len(points)},), a class for each point; received {labels.shape}")
    if labels.dtype.kind not in "biuf" or not np.all(labels == np.floor(labels)) or labels.min() < 0:
        raise TypeError(
            f"{_NAME}: expected y, classes as whole numbers from 0 on; received {labels.dtype}; number them with "
            "np.unique(y, return_inverse=True)[1]"
        )
    return points, labels.astype(int)


def _columns(features: Any, count: int) -> tuple[int, int]:
    given = list(features) if isinstance(features, list | tuple | np.ndarray) else [features]
    for each in given:
        check_whole(_NAME, "features, of columns", each)
    if len(given) != 2 or any([not -count <= each < count for each in given]) or (given[0] - given[1]) % count == 0:
        raise ValueError(f"{_NAME}: expected features, two different columns of x, which has {count}; received {features!r}")
    return int(given[0]) % count, int(given[1]) % count


def _range(column: np.ndarray[Any, Any], resolution: int) -> np.ndarray[Any, Any]:
    """From a bit before the first point to a bit behind the last."""
    low, high = float(column.min()), float(column.max())
    margin = 0.08 * (high - low) or 1.0
    return np.linspace(low - margin, high + margin, resolution)


def _background(points: np.ndarray[Any, Any], fixed: Any) -> np.ndarray[Any, Any]:
    """A point with the values of the columns that are not drawn."""
    values = points.mean(axis=0)
    count = len(values)
    if isinstance(fixed, Mapping):
        for column, value in fixed.items():
            check_whole(_NAME, "fixed, by columns", column)
            if not -count <= column < count:
                raise ValueError(f"{_NAME}: expected fixed, by columns of x, which has {count}; received column {column}")
            check_number(_NAME, f"fixed[{column}]", value)
            values[column] = value
    elif fixed is not None:
        given = np.asarray(plain(as_array(fixed, f"{_NAME}: fixed")))
        if given.shape != (count,):
            raise ValueError(f"{_NAME}: expected fixed, {count} values, one for each column of x; received {given.shape}")
        values[:] = given
    return values


def _class_names(classes: Any, count: int) -> list[str]:
    if classes is None:
        return [f"class {i}" for i in range(count)]
    named = [str(each) for each in classes]
    if len(named) < count:
        raise ValueError(f"{_NAME}: expected classes, {count} names; received {len(named)}")
    return named


def _column_name(names: Any, count: int, place: int, column: int) -> str:
    if names is None:
        return f"feature {column}"
    listed = [str(each) for each in names]
    if len(listed) not in (2, count):
        raise ValueError(f"{_NAME}: expected names, {count} or the 2 that are drawn; received {len(listed)}")
    return listed[column if len(listed) == count else place]


# ---------------------------------------------------------------- what the model gives


def _probabilities(model: Any, points: np.ndarray[Any, Any], output: str | None) -> np.ndarray[Any, Any]:
    """A probability for each class, (n, classes); of labels 0 and 1."""
    parts = [np.asarray(plain(model(points[i : i + _CHUNK]))) for i in range(0, len(points), _CHUNK)]
    values = np.concatenate(parts) if all([each.ndim for each in parts]) else parts[0]
    if values.shape[:1] != (len(points),) or values.ndim > 2 or (values.ndim == 2 and not values.shape[1]):
        raise ValueError(
            f"{_NAME}: expected outputs of shape (n, classes) or (n,) for {len(points)} points; received {values.shape}"
        )
    if values.dtype.kind not in "biuf":
        raise TypeError(f"{_NAME}: expected outputs, numbers; received {values.dtype}; give classes as whole numbers")
    if not np.all(np.isfinite(values)):
        raise ValueError(f"{_NAME}: expected finite outputs, received NaN or infinity; the model may have diverged")
    if output is None:
        output = "labels" if values.dtype.kind in "biu" and (values.ndim == 1 or values.shape[1] == 1) else "probabilities"
    if output == "labels":
        return _from_labels(values)
    single = values.ndim == 1 or values.shape[1] == 1
    values = values.reshape(len(points), -1).astype(float)
    if output == "logits":
        if single:
            values = np.concatenate([np.zeros_like(values), values], axis=1)
        powers = np.exp(values - values.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)
    if values.min() < -1e-6 or values.max() > 1 + 1e-6:
        raise ValueError(
            f"{_NAME}: expected probabilities, from 0 to 1; received numbers from {values.min():.3g} to {values.max():.3g}; "
            "for logits pass output='logits', for classes output='labels'"
        )
    return np.concatenate([1 - values, values], axis=1) if single else values


def _from_labels(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if values.ndim == 2 and values.shape[1] != 1:
        raise ValueError(f"{_NAME}: expected labels of shape (n,), received {values.shape}")
    labels = values.reshape(-1)
    if not np.all(labels == np.floor(labels)) or labels.min() < 0:
        raise ValueError(f"{_NAME}: expected labels, whole numbers from 0 on; received others, such as {labels.min():.3g}")
    return np.eye(max(int(labels.max()) + 1, 2))[labels.astype(int)]


# ---------------------------------------------------------------- drawing


def _draw_regions(axes: Any, across: Any, along: Any, shares: Any, shaded: bool) -> None:
    from matplotlib.colors import to_rgb

    winners = shares.argmax(axis=2)
    count = shares.shape[2]
    colors = np.array([to_rgb(COLORS[i % len(COLORS)]) for i in range(count)])
    # From the probability at which a class can just win to 1: from a breath of its colour to a tint that points stand out of.
    certainty = (shares.max(axis=2) - 1 / count) / (1 - 1 / count) if shaded else np.full(winners.shape, 0.7)
    strength = (0.06 + 0.44 * np.clip(certainty, 0, 1))[..., np.newaxis]
    ground = np.array(to_rgb(axes.get_facecolor()))
    half = [(line[1] - line[0]) / 2 for line in (across, along)]
    axes.imshow(
        ground * (1 - strength) + colors[winners] * strength,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        extent=(across[0] - half[0], across[-1] + half[0], along[0] - half[1], along[-1] + half[1]),
        zorder=0.5,
    )
    for i in range(1 if count == 2 else 0, count):
        others = np.delete(shares, i, axis=2).max(axis=2)
        margin = shares[..., i] - others
        if margin.min() < 0 < margin.max():
            axes.contour(across, along, margin, [0.0], colors=ink_on(ground), linewidths=1.2, zorder=2)


def _draw_points(axes: Any, points: Any, labels: Any, right: Any, named: list[str]) -> None:
    size = float(np.interp(len(points), [50, 2000], [34, 8]))
    for i, name in enumerate(named):
        chosen = labels == i
        if chosen.any():
            axes.scatter(
                *points[chosen].T,
                s=size,
                color=COLORS[i % len(COLORS)],
                marker=_MARKERS[i % len(_MARKERS)],
                edgecolors="white",
                linewidths=0.6,
                label=literal(shortened(name, 24)),
                zorder=3,
            )
    if not right.all():
        axes.scatter(
            *points[~right].T,
            s=size * 2.6,
            facecolors="none",
            edgecolors=ink_on(axes.get_facecolor()[:3]),
            linewidths=1.3,
            label=f"predicted wrongly ({(~right).sum()})",
            zorder=4,
        )
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=4, fontsize=SMALL, frameon=False)
