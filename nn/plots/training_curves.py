"""How training went: loss and metrics over the epochs of one run, and one of them over those of several runs."""

from __future__ import annotations  # matplotlib is imported when something is drawn

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle, product
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.inputs import as_number, check_number, check_switch
from nn.pictures import (
    COLORS,
    MUTED,
    SMALL,
    STYLES,
    axes_or_new,
    finished,
    literal,
    lowest,
    one_legend,
    panels,
    shortened,
    whole_ticks,
    wrapped,
)
from nn.plots.smoothing import running_mean

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TRAIN, _VALIDATION, _RATE = COLORS[1], COLORS[0], COLORS[2]
_WORDS = {"lr": "learning rate"}
_BROKEN = "not finite from here on"  # what a cross says


def history(
    history: Mapping[str, Sequence[Any]],
    metrics: Iterable[str] | None = None,
    axes: Any = None,
    best: str | None = "val_loss",
    mode: str = "min",
) -> Figure:
    """Draw the loss and the metrics of one run over its epochs, a panel for each.

    Training and validation (``val_...``) share a panel. A ring marks the epoch that was best, in all panels. Epochs count
    from 1. Those without a finite number are passed over; a cross says from which epoch on there is none, as after
    divergence. The learning rate has the last panel, with a logarithmic axis if it spans a decade.

    Args:
        history: lists of one number for each epoch, by name: a ``History`` or any other mapping.
        metrics: names of what is drawn, in this order: ``["loss", "accuracy"]``. By default all there is.
        axes: where to draw, one for each panel; by default in a figure of its own.
        best: what the best epoch is judged by; ``None`` marks none.
        mode: whether the best is the lowest (``"min"``) or the highest (``"max"``).

    Raises:
        TypeError: for entries that are not numbers.
        ValueError: for names that the history lacks, lists of several lengths, a ``mode`` of another name.
        ImportError: without Matplotlib.

    >>> record = {"loss": [0.9, 0.5, 0.3], "val_loss": [1.0, 0.6, 0.7], "accuracy": [0.5, 0.7, 0.9]}
    >>> figure = nn.plots.history(record)
    >>> [panel.get_title("left") for panel in figure.axes]
    ['loss', 'accuracy']
    """
    if not isinstance(history, Mapping):
        raise TypeError(f"history: expected a History, or lists of numbers by name; received {history!r}")
    if mode not in ("min", "max"):
        raise ValueError(f"history: expected mode, 'min' or 'max'; received {mode!r}")
    quantities = _quantities(history, metrics)
    drawn = [name for each in quantities for name in (each, f"val_{each}") if name in history]
    if best is not None and best not in history and best != "val_loss":
        raise ValueError(f"history: expected best, a name in the history ({_listed(history)}); received {best!r}")
    judge = [best] if best is not None and best in history and best not in drawn else []
    series = {name: _numbers("history", name, history[name]) for name in [*drawn, *judge]}
    epochs = _one_length(series)

    size = (6.4, 3.4) if len(quantities) == 1 else (3.4, 2.3)
    figure, found = panels("history", len(quantities), axes, size)
    chosen = _best_epoch(series.get(best or ""), mode)
    label = f"best epoch: {chosen} ({'lowest' if mode == 'min' else 'highest'} {shortened(best or '', 24)})"
    for panel, name in zip(found, quantities, strict=True):
        if name in series:
            _line(panel, series[name], color=_RATE if name == "lr" else _TRAIN, label=None if name == "lr" else "training")
        if f"val_{name}" in series:
            _line(panel, series[f"val_{name}"], color=_VALIDATION, label="validation")
        if chosen is not None:
            panel.axvline(chosen, color=MUTED, linewidth=1.0, linestyle=":", zorder=1)
            shown = series.get(f"val_{name}", series.get(name, np.empty(0)))[chosen - 1]
            ink = panel.title.get_color()
            panel.plot(chosen, shown, "o", mfc="none", mec=ink, markersize=8, label=literal(label))
        if name == "lr" and _spans_a_decade(series["lr"]):
            panel.set_yscale("log")
        _epochs(panel, epochs)
        title = wrapped(_words(name), 30)
        room = chosen is not None and len(title.rpartition("\n")[2]) <= 18
        finished(panel, title, beside=f"epoch {chosen}: {shown:.4g}" if room else None)
    for panel in lowest(found):
        finished(panel, x="epoch")
    one_legend(figure, found, own=axes is None)
    return figure


def compare(
    histories: Mapping[str, Mapping[str, Sequence[Any]]],
    metric: str = "loss",
    smooth: float = 0.0,
    log: bool = False,
    unit: str = "epoch",
    ax: Axes | None = None,
) -> Axes:
    """Draw one quantity of several runs into one panel: optimizers, learning rates, models.

    Args:
        histories: the history of each run, by the name it is to have: ``{"SGD": ..., "Adam": ...}``.
        metric: which of its lists is drawn: ``"loss"``, ``"val_accuracy"``, ...
        smooth: from 0 to below 1: the weight of the past in a running mean, drawn over the pale numbers themselves.
        log: whether the vertical axis is logarithmic.
        unit: what the entries are counted in, ``"epoch"`` or ``"step"``.
        ax: where to draw; by default in a figure of its own.

    Returns:
        The axes. The legend names the runs from the highest last number to the lowest, as the lines end.

    Raises:
        TypeError: for entries that are not numbers.
        ValueError: for runs without the metric, and a ``smooth`` out of bounds.
        ImportError: without Matplotlib.

    >>> axes = nn.plots.compare({"SGD": {"loss": [1.0, 0.8, 0.7]}, "Adam": {"loss": [1.0, 0.5, 0.3]}})
    >>> [line.get_label() for line in axes.lines]
    ['SGD', 'Adam']
    """
    check_number("compare", "smooth", smooth, least=0.0, most=np.nextafter(1.0, 0.0))
    check_switch("compare", log=log)
    if not isinstance(histories, Mapping):
        raise TypeError(f"compare: expected histories by name, such as {{'Adam': history}}; received {histories!r}")
    for name, each in histories.items():
        if metric not in each:
            raise ValueError(f"compare: expected {metric!r} in every history; that of {name!r} has {_listed(each)}")
    series = {name: _numbers("compare", f"{metric} of {name}", each[metric]) for name, each in histories.items()}

    own = ax is None
    axes = axes_or_new("compare", ax, (6.4, 3.6))
    for (name, values), (style, color) in zip(series.items(), cycle(product(STYLES, COLORS))):
        label = literal(shortened(name, 32))
        if smooth:
            _line(axes, values, color=color, linestyle=style, alpha=0.3, linewidth=1.0)
        _line(axes, running_mean(values, smooth), color=color, linestyle=style, label=label)
    if log:
        axes.set_yscale("log")
    _epochs(axes, max((len(each) for each in series.values()), default=0), unit)
    _legend_as_lines_end(axes, outside=own)
    remark = f"running mean, weight of the past {smooth:g}" if smooth else None
    return finished(axes, shortened(_words(metric), 40), x=unit, beside=remark)


def _quantities(history: Mapping[str, Any], metrics: Iterable[str] | None) -> list[str]:
    """What has a panel, without ``val_``; the learning rate comes last, unless an order is asked for."""
    there = list(dict.fromkeys([name.removeprefix("val_") for name in history]))
    if metrics is None:
        return sorted(there, key=lambda name: name == "lr") or ["loss"]
    asked = [metrics] if isinstance(metrics, str) else list(metrics)
    missing = [name for name in asked if name not in history and f"val_{name}" not in history]
    if missing or not asked:
        raise ValueError(f"history: expected metrics among {_listed(there)}; received {_listed(missing)}")
    return list(dict.fromkeys([name.removeprefix("val_") for name in asked]))


def _listed(names: Any) -> str:
    return ", ".join(names) or "none"


def _words(name: str) -> str:
    """``val_top_5_accuracy`` as it is said."""
    return _WORDS.get(name, name.replace("_", " ").replace("val ", "validation ", 1 if name.startswith("val_") else 0))


def _numbers(receiver: str, name: str, values: Any) -> np.ndarray[Any, Any]:
    """A list of numbers, with its name in the message about one that is none."""
    return np.array([as_number(receiver, f"{name}[{i}]", each) for i, each in enumerate(values)], float)


def _one_length(series: dict[str, np.ndarray[Any, Any]]) -> int:
    """How many epochs there are."""
    lengths = {name: len(values) for name, values in series.items()}
    if len(set(lengths.values())) > 1:
        listed = ", ".join([f"{name}: {length}" for name, length in lengths.items()])
        raise ValueError(
            f"history: expected one number for each epoch in every list, received lists of several lengths ({listed}); "
            "put float('nan') where an epoch has no number"
        )
    return max(lengths.values(), default=0)


def _best_epoch(values: np.ndarray[Any, Any] | None, mode: str) -> int | None:
    """The first of the best epochs, from 1 on."""
    if values is None or not np.isfinite(values).any():
        return None
    worst = np.inf if mode == "min" else -np.inf
    finite = np.where(np.isfinite(values), values, worst)
    return int(finite.argmin() if mode == "min" else finite.argmax()) + 1


def _line(axes: Axes, values: np.ndarray[Any, Any], label: str | None = None, **look: Any) -> None:
    """The finite ones of the values, and a cross where there is none any more."""
    finite = np.isfinite(values)
    places = np.arange(1, len(values) + 1)
    marker = "." if finite.sum() <= 30 else ""
    width = 1.8 if len(values) <= 200 else 1.2
    axes.plot(places[finite], values[finite], **{"marker": marker, "linewidth": width, "label": label, **look})
    first = int(np.argmin(finite)) if len(finite) and not finite.all() else None
    if first is not None and label is not None and not finite[first:].any():
        axes.plot(
            places[first],
            0.05,
            marker="X",
            linestyle="",
            color=axes.title.get_color(),
            markersize=6,
            clip_on=False,
            transform=axes.get_xaxis_transform(),
            label=_BROKEN,
        )


def _epochs(axes: Axes, count: int, unit: str = "epoch") -> None:
    """A horizontal axis of whole numbers from 1 to the number of epochs."""
    axes.set_xlim(0.5, max(count, 1) + max(0.5, 0.03 * (count - 1)))
    whole_ticks(axes)
    if not count:
        axes.set(xticks=[], yticks=[])
        axes.text(0.5, 0.5, f"no {unit} yet", transform=axes.transAxes, ha="center", va="center", color=MUTED)


def _spans_a_decade(values: np.ndarray[Any, Any]) -> bool:
    positive = values[np.isfinite(values)]
    return bool(len(positive) and positive.min() > 0 and positive.max() >= 10 * positive.min())


def _legend_as_lines_end(axes: Axes, outside: bool) -> None:
    """A legend in the order in which the lines end, from top to bottom; beside the axes, or in the emptier corner."""
    named = [line for line in axes.lines if not str(line.get_label()).startswith("_")]
    crosses = [line for line in named if line.get_label() == _BROKEN]
    curves = [(np.asarray(line.get_ydata()), line) for line in named if line not in crosses]
    if not curves:
        return
    curves.sort(key=lambda curve: -curve[0][-1] if len(curve[0]) else np.inf)
    falling = sum([values[-1] - values[0] for values, _ in curves if len(values)]) <= 0
    place: dict[str, Any] = {"loc": "upper right" if falling else "lower right"}
    if outside:
        place = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0), "borderaxespad": 0.0}
    axes.legend(handles=[*[line for _, line in curves], *crosses[:1]], frameon=False, fontsize=SMALL, **place)
