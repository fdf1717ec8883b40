"""How weights and gradients are distributed: as training goes on, and in one state of a model."""

from __future__ import annotations  # matplotlib is imported when something is drawn

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.inputs import as_array, check_number, check_switch, check_whole, plain
from nn.module import Module
from nn.pictures import COLORS, MUTED, SEQUENTIAL, TEXT, finished, lowest, panels, shortened, spread, whole_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def _size(count: int) -> tuple[float, float]:
    """Of a panel, in inches."""
    return (3.2, 2.1) if count > 1 else (6.4, 3.4)


def _bins(count: float, least: int, most: int) -> int:
    """How many bins so many numbers fill well.

    Source: D. Lane, Introduction to statistics, the Rice rule: twice the cube root; here three times.
    """
    return int(np.clip(np.ceil(3 * np.cbrt(count)), least, most))


def weight_histograms(
    recorded: Any,
    names: Sequence[str] | None = None,
    gradients: bool = False,
    most: int = 12,
    unit: str = "epoch",
    axes: Any = None,
) -> Figure:
    """Draw how the distribution of each parameter changed, a panel for each: the darker, the more weights have that value.

    In each epoch the colour is relative to the value that is most frequent in it; the line is the median.

    Args:
        recorded: an ``nn.callbacks.HistogramRecorder``; or histograms ``(step, counts, edges)`` of each parameter, by its path.
        names: which parameters, by their paths; by default all, or so many of them as ``most`` allows, evenly spread.
        gradients: draw the gradients of a recorder instead of its weights.
        most: how many panels there are at most; the figure says how many parameters there are more.
        unit: what steps are, ``"epoch"`` or ``"step"``.
        axes: where to draw, one for each panel; by default in a figure of its own.

    Shapes: counts (bins,), edges (bins + 1,); both may differ from step to step.

    Raises:
        TypeError: for what holds no such histograms.
        ValueError: for unknown names, nothing recorded, and counts that do not fit their edges.
        ImportError: without Matplotlib.

    >>> recorded = {"0.weight": [(1, [1, 4, 1], [-0.3, -0.1, 0.1, 0.3]), (2, [2, 2, 2], [-0.6, -0.2, 0.2, 0.6])]}
    >>> figure = nn.plots.weight_histograms(recorded)
    >>> figure.axes[0].get_title("left")
    '0.weight'
    """
    check_switch("weight_histograms", gradients=gradients)
    found = _recorded(recorded, gradients)
    chosen, remark = _chosen("weight_histograms", list(found), names, most)
    histograms = {name: _in_order(name, found[name]) for name in chosen}

    figure, places = panels("weight_histograms", len(chosen), axes, _size(len(chosen)))
    for panel, name in zip(places, chosen, strict=True):
        steps, bounds, edges, density, medians = _brought_together(histograms[name])
        peaks = density.max(axis=1, keepdims=True)
        shown = np.divide(density, peaks, out=np.full_like(density, np.nan), where=peaks > 0)
        panel.pcolormesh(bounds, edges, shown.T, cmap=SEQUENTIAL, vmin=0.0, vmax=1.0, rasterized=True)
        panel.plot(steps, medians, color=COLORS[0], linewidth=1.2, marker="." if len(steps) <= 12 else "")
        whole_ticks(panel)
        finished(panel, shortened(name, 32), grid=False)
    for panel in lowest(places):
        finished(panel, x=unit, grid=False)
    heading = f"{'Gradients' if gradients else 'Weights'}: dark where most are in that {unit}; line: median"
    return _headed(
        figure, places, axes is None, "gradient" if gradients else "value", ", ".join(filter(None, [heading, remark]))
    )


def parameter_histograms(
    model: Module | Mapping[str, Any],
    names: Sequence[str] | None = None,
    gradients: bool = False,
    bins: int | None = None,
    most: int = 12,
    axes: Any = None,
) -> Figure:
    """Draw the distribution of each parameter as it is now, a panel for each, with its mean and standard deviation.

    Args:
        model: a module, or arrays by name.
        names: which parameters, by their paths; by default all, or so many of them as ``most`` allows, evenly spread.
        gradients: draw the gradients of a module's parameters instead; those without one are left out.
        bins: how many bars a histogram has; by default more for more numbers, 10 to 60.
        most: how many panels there are at most; the figure says how many parameters there are more.
        axes: where to draw, one for each panel; by default in a figure of its own.

    Raises:
        ValueError: for unknown names, and where there is nothing to draw.
        ImportError: without Matplotlib.

    >>> figure = nn.plots.parameter_histograms(nn.Linear(20, 10))
    >>> [panel.get_title("left") for panel in figure.axes]
    ['weight (10 × 20)', 'bias (10)']
    """
    check_switch("parameter_histograms", gradients=gradients)
    if bins is not None:
        check_whole("parameter_histograms", "bins", bins)
        check_number("parameter_histograms", "bins", bins, least=1)
    values = _values(model, gradients)
    chosen, remark = _chosen("parameter_histograms", list(values), names, most)

    figure, places = panels("parameter_histograms", len(chosen), axes, _size(len(chosen)))
    for panel, name in zip(places, chosen, strict=True):
        array = values[name]
        finite = array[np.isfinite(array)]
        counts, edges = np.histogram(finite, bins or _bins(finite.size, 10, 60))
        panel.stairs(counts, edges, fill=True, color=COLORS[1])
        panel.axvline(0.0, color=MUTED, linewidth=0.8, zorder=0)
        told = f"mean {finite.mean():.2g}, standard deviation {finite.std():.2g}" if finite.size else "no finite number"
        if 0 < finite.size < array.size:
            told = f"{array.size - finite.size} of {array.size} not finite"
        shape = " × ".join(map(str, array.shape)) or "one number"
        whole_ticks(panel, "y")
        finished(panel, shortened(f"{name} ({shape})", 34), above=told)
    for panel in lowest(places):
        finished(panel, x="gradient" if gradients else "value")
    return _headed(figure, places, axes is None, "how many", remark)


def _recorded(recorded: Any, gradients: bool) -> Mapping[str, Any]:
    """Histograms by path: of a recorder, or as they are."""
    if isinstance(recorded, Mapping):
        if gradients:
            raise ValueError(
                "weight_histograms: expected a recorder for gradients=True; received a mapping; give that of gradients"
            )
        return recorded
    try:
        return recorded.gradients if gradients else recorded.weights
    except AttributeError:
        raise TypeError(
            "weight_histograms: expected an nn.callbacks.HistogramRecorder or histograms by path; "
            f"received {type(recorded).__name__}"
        ) from None


def _chosen(receiver: str, there: list[str], names: Sequence[str] | None, most: int) -> tuple[list[str], str]:
    """What is drawn, and what is said about the rest."""
    check_whole(receiver, "most", most)
    check_number(receiver, "most", most, least=1)
    if names is not None:
        names = [names] if isinstance(names, str) else list(names)
        unknown = [name for name in names if name not in there]
        if unknown:
            raise ValueError(f"{receiver}: expected names among {', '.join(there)}; received {', '.join(unknown)}")
    asked = there if names is None else list(names)
    if not asked:
        raise ValueError(f"{receiver}: expected something to draw; received no parameters")
    shown = spread(asked, most)
    return shown, f"{len(shown)} of {len(asked)} parameters" if len(shown) < len(asked) else ""


def _headed(figure: Figure, places: list[Axes], own: bool, y: str, heading: str) -> Figure:
    """What the vertical axes count, once for all panels of an ``own`` figure, and a line above them."""
    if not own:
        for panel in places:
            panel.set_ylabel(y, fontsize=TEXT)
        return figure
    figure.supylabel(y, fontsize=TEXT)
    if heading:
        figure.suptitle(heading, x=0.01, ha="left", fontsize=TEXT)
    return figure


_Histogram = tuple[float, np.ndarray[Any, Any], np.ndarray[Any, Any]]


def _in_order(name: str, histograms: Any) -> list[_Histogram]:
    """Histograms as arrays, by their steps."""
    result = []
    for step, counts, edges in histograms:
        counts, edges = np.asarray(counts, float), np.asarray(edges, float)
        if counts.ndim != 1 or edges.shape != (len(counts) + 1,) or not np.isfinite(edges).all():
            raise ValueError(
                f"weight_histograms: expected counts (bins,) and finite edges (bins + 1,); received {counts.shape} and "
                f"{edges.shape} for {name!r} in step {step}"
            )
        result.append((float(step), counts, edges))
    if not result:
        raise ValueError(f"weight_histograms: expected histograms of {name!r}; received none")
    return sorted(result, key=lambda each: each[0])


def _brought_together(histograms: list[_Histogram]) -> tuple[np.ndarray[Any, Any], ...]:
    """Steps, their bounds, common edges, the share of weights in each bin (steps, bins), and the medians.

    Inside a bin the weights are taken to be evenly spread, so that no weight is lost.
    """
    steps = np.array([step for step, _, _ in histograms])
    filled = [edges for _, counts, edges in histograms if counts.sum()] or [histograms[0][2]]
    levels = _bins(max(counts.sum() for _, counts, _ in histograms), 12, 100)
    edges = np.linspace(min(each[0] for each in filled), max(each[-1] for each in filled), levels + 1)
    density = np.zeros((len(steps), levels))
    medians = np.full(len(steps), np.nan)
    for i, (_, counts, own) in enumerate(histograms):
        if counts.sum():
            below = np.append(0.0, np.cumsum(counts)) / counts.sum()
            density[i] = np.diff(np.interp(edges, own, below, left=0.0, right=1.0))
            medians[i] = np.interp(0.5, below, own)
    middles = (steps[1:] + steps[:-1]) / 2
    first, last = (middles[0], middles[-1]) if len(middles) else (steps[0] + 0.5, steps[0] - 0.5)
    bounds = np.concatenate([[2 * steps[0] - first], middles, [2 * steps[-1] - last]])
    return steps, bounds, edges, density, medians


def _values(model: Any, gradients: bool) -> dict[str, np.ndarray[Any, Any]]:
    if isinstance(model, Module):
        parameters = dict(model.named_parameters())
        if gradients:
            found = {name: each.grad for name, each in parameters.items() if each.grad is not None}
            if parameters and not found:
                raise ValueError("parameter_histograms: expected gradients; no parameter has one: call loss.backward() first")
        else:
            found = dict(parameters)
    elif isinstance(model, Mapping):
        found = dict(model)
    else:
        raise TypeError(f"parameter_histograms: expected a module or arrays by name; received {type(model).__name__}")
    return {name: np.asarray(plain(as_array(each, "parameter_histograms")), float) for name, each in found.items()}
