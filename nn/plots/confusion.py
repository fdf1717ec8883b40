"""Which classes a classifier takes for which: the confusion matrix as a picture."""

from __future__ import annotations  # matplotlib is imported when something is drawn

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.inputs import as_array, plain
from nn.pictures import SEQUENTIAL, SMALL, TEXT, axes_or_new, finished, ink_on, literal, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NUMBERED = 30  # classes, above which cells have no numbers
_LABELLED = 60  # classes, above which not each is named
_DOUBLE = 10  # classes, up to which a count has its share beneath
_SHARES = {"true": "share of the row", "pred": "share of the column", "all": "share of all"}


def confusion_matrix(
    matrix: Any,
    classes: Sequence[Any] | None = None,
    normalize: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a confusion matrix: a row for each true class, a column for each predicted one; what is right is on the diagonal.

    The colour is the share of the row, so that rare classes are seen as well as common ones. Up to 30 classes the numbers stand
    in the cells, up to 10 the share beneath the count.

    Args:
        matrix: how many examples of class i were taken for class j: that of ``nn.metrics`` or of scikit-learn.
        classes: the names of the classes; by default their numbers.
        normalize: instead of counts, show shares of each row (``"true"``), of each column (``"pred"``) or of all (``"all"``).
        ax: where to draw; by default in a figure of its own, larger for more classes.

    Shapes: matrix (classes, classes).

    Raises:
        ValueError: for what is no square matrix of finite numbers from 0 on, names of another number, another ``normalize``.
        ImportError: without Matplotlib.

    >>> axes = nn.plots.confusion_matrix([[48, 2], [5, 45]], classes=["cat", "dog"])
    >>> axes.get_title("left")
    'Confusion matrix: 93 % of 100 right'
    >>> axes.texts[0].get_text()
    '48\\n96 %'
    """
    counts = _checked(matrix)
    size = len(counts)
    names = [str(each) for each in (range(size) if classes is None else classes)]
    if len(names) != size:
        raise ValueError(f"confusion_matrix: expected {size} classes, one for each row; received {len(names)} names")
    if normalize is not None and normalize not in _SHARES:
        raise ValueError(f"confusion_matrix: expected normalize, 'true', 'pred', 'all' or None; received {normalize!r}")

    names = [shortened(each, 24) for each in names]
    title = _title(counts)
    cell = 0.95 if size < 4 else 0.7 if size < 7 else 0.55 if size <= _DOUBLE else min(0.36, 0.36 * _NUMBERED / size)
    margin = 0.6 + 0.07 * max(map(len, names))
    wide = max(cell * size + margin + 0.8, margin + 0.09 * len(title))  # room for the title, which the layout does not look at
    axes = axes_or_new("confusion_matrix", ax, (wide, max(cell * size + margin, 2.0)), square=True)
    if ax is not None:
        box = ax.get_window_extent()
        cell = 0.85 * min(box.width, box.height) / ax.figure.dpi / size  # the colour bar takes its part
    shares = _shares(counts, normalize or "true")
    most = shares[np.isfinite(shares)].max(initial=0.0) if normalize == "all" else 1.0
    image = axes.imshow(shares, cmap=SEQUENTIAL, vmin=0.0, vmax=most or 1.0)
    bar = axes.figure.colorbar(
        image, ax=axes, format=lambda share, _: f"{100 * share:.3g} %", fraction=0.04, aspect=30, pad=0.02
    )
    bar.set_label(_SHARES[normalize or "true"], fontsize=SMALL)
    bar.ax.tick_params(labelsize=SMALL)
    bar.outline.set_visible(False)
    if size <= _NUMBERED:
        _write(axes, image, counts, shares, normalize, cell)

    ticks = np.arange(0, size, -(-size // _LABELLED))
    letters = SMALL if size <= _NUMBERED else 5.5
    flat = max([len(names[i]) for i in ticks]) * 0.6 * letters < 68 * cell  # do names fit side by side
    turned = {} if flat else {"rotation": 90} if size > 12 else {"rotation": 45, "ha": "right", "rotation_mode": "anchor"}
    axes.set_xticks(ticks, [literal(names[i]) for i in ticks], **turned)
    axes.set_yticks(ticks, [literal(names[i]) for i in ticks])
    finished(axes, title, x="predicted" + (", in %" if normalize and _DOUBLE < size <= _NUMBERED else ""), y="true", grid=False)
    axes.tick_params(length=0, labelsize=letters)
    axes.spines[:].set_visible(False)
    return axes


def _checked(matrix: Any) -> np.ndarray[Any, Any]:
    counts = np.asarray(plain(as_array(matrix, "confusion_matrix")))
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not counts.size:
        raise ValueError(
            f"confusion_matrix: expected a square matrix, a row and a column for each class; received {counts.shape}; "
            "nn.metrics.confusion_matrix(predictions, targets) makes one"
        )
    if counts.dtype.kind not in "biuf":
        raise ValueError(f"confusion_matrix: expected a matrix of counts; received {counts.dtype}")
    counts = counts.astype(float)
    wrong = np.argwhere(~(np.isfinite(counts) & (counts >= 0)))
    if len(wrong):
        row, column = map(int, wrong[0])
        raise ValueError(
            f"confusion_matrix: expected counts from 0 on; received {counts[row, column]:g} at row {row}, column {column}"
        )
    return counts


def _shares(counts: np.ndarray[Any, Any], of: str) -> np.ndarray[Any, Any]:
    """Shares of rows, columns or all; those of a class without examples are NaN."""
    axis = {"true": 1, "pred": 0, "all": None}[of]
    total = counts.sum(axis=axis, keepdims=True)
    return np.divide(counts, total, out=np.full_like(counts, np.nan), where=total > 0)


def _write(
    axes: Axes, image: Any, counts: np.ndarray[Any, Any], shares: np.ndarray[Any, Any], normalize: str | None, cell: float
) -> None:
    """The numbers into the cells of so many inches, as large as fits; zeros in quiet letters."""
    whole = (counts == counts.round()).all()
    size = len(counts)
    texts = np.empty(counts.shape, object)
    for i, j in np.ndindex(counts.shape):
        count = f"{counts[i, j]:.0f}" if whole else f"{counts[i, j]:.2f}"
        share = "" if np.isnan(shares[i, j]) else _percent(float(shares[i, j]), size <= _DOUBLE)
        texts[i, j] = (share or "–") if normalize else f"{count}\n{share}" if share and size <= _DOUBLE else count
    longest = max([len(line) for text in texts.flat for line in text.split("\n")])
    letters = float(np.clip(0.85 * 72 * cell / (0.62 * longest), 3.0, TEXT))
    for i, j in np.ndindex(counts.shape):
        color = image.cmap(image.norm(shares[i, j])) if np.isfinite(shares[i, j]) else axes.get_facecolor()
        look: dict[str, Any] = {"color": ink_on(color), "alpha": 1.0 if counts[i, j] else 0.4}
        axes.text(j, i, str(texts[i, j]), ha="center", va="center", fontsize=letters, linespacing=1.1, in_layout=False, **look)


def _percent(share: float, spaced: bool) -> str:
    """A share without pretending that little is nothing or that nearly all is all."""
    percent = 100 * share
    if 0 < percent < 0.5:
        text = "<1"
    elif 99.5 <= percent < 100:
        text = ">99"
    else:
        text = f"{percent:.0f}"
    return f"{text} %" if spaced else text


def _title(counts: np.ndarray[Any, Any]) -> str:
    total, right = counts.sum(), np.trace(counts)
    if not total or (counts != counts.round()).any():
        return "Confusion matrix"
    percent = 100.0 if right == total else min(100 * right / total, 99.99)
    return f"Confusion matrix: {percent:.4g} %{f' of {total:.0f}' if total < 1e6 else ''} right"
