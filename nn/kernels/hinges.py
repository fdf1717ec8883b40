"""Losses that are 0 once a score is ahead by a margin: ``margin_ranking``, ``multi_margin``, ``multilabel_margin``.

The first has, exactly at its margin, the slope that it has before it, as in PyTorch: equal scores still learn their order
where the margin is 0. The others are flat there.
"""

from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from autograd.batch_rules import stretched
from autograd.samples import distinct, integers, sample
from nn.kernels.softmax_cross_entropy import minus_one_hot, rows_of_examples, scaled_rows


def _signs(rng: Any) -> Any:
    return np.where(rng.uniform(size=4) < 0.5, 1.0, -1.0)


@ag.op(
    elementwise=True,
    name="margin_ranking",
    public=False,
    samples=[sample(distinct(3, 1), distinct(4), _signs, margin=0.5)],
)
def margin_ranking(x: Any, y: Any, sign: Any, *, margin: float) -> Any:
    """``max(0, margin - sign (x - y))``."""
    return np.maximum(margin - sign * (x - y), 0)


def _where_behind(g: Any, x: Any, y: Any, sign: Any, margin: float) -> Any:
    return np.where(sign * (x - y) <= margin, g, 0)


margin_ranking.vjp(
    x=lambda g, x, y, sign, margin: _where_behind(g, x, y, sign, margin) * -sign,
    y=lambda g, x, y, sign, margin: _where_behind(g, x, y, sign, margin) * sign,
    sign=lambda g, x, y, sign, margin: _where_behind(g, x, y, sign, margin) * (y - x),
)


# ---------------------------------------------------------------- one class of several

_ROWS = (distinct(5, 3), integers(5, low=0, high=3))


@ag.op(
    name="multi_margin",
    public=False,
    samples=[
        sample(*_ROWS, None, 0.2, p=1, margin=0.7, rows=False),
        sample(*_ROWS, None, 1.0, p=2, margin=0.7, rows=True),
    ],
)
def multi_margin(x: Any, target: Any, weights: Any, scale: Any, *, p: int, margin: float, rows: bool) -> Any:
    """``scale * weights_i`` times the mean over classes of ``max(0, margin - x_i[target_i] + x_ij)**p``, 0 for the target."""
    places = np.arange(len(target))
    ahead = x - x[places, target][:, np.newaxis] + margin
    ahead[places, target] = 0
    np.maximum(ahead, 0, out=ahead)
    if p == 2:
        ahead *= ahead
    losses = np.add.reduce(ahead, axis=1) / max(x.shape[1], 1)
    if weights is not None:
        losses *= weights
    return (losses if rows else np.add.reduce(losses)) * scale


def _multi_margin_gradient(g: Any, x: Any, target: Any, weights: Any, scale: Any, p: int, margin: float) -> Any:
    flow = g * scale if weights is None else g * scale * weights
    flow = np.reshape(flow, (-1, 1)) / max(x.shape[1], 1)
    minus_target = minus_one_hot(np.zeros_like(x), target)
    ahead = x - np.take_along_axis(x, np.reshape(target, (-1, 1)), 1) + margin
    behind = (ahead > 0) & (minus_target == 0)
    slope = np.where(behind, flow * ahead * 2, 0) if p == 2 else np.where(behind, flow, 0)
    return slope + minus_target * slope.sum(1, keepdims=True)


multi_margin.vjp(x=_multi_margin_gradient, target=None, weights=None, scale=None)


def _multi_margin_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, target, weights = rows_of_examples("multi_margin_loss", arrays[:-1], mapped[:-1], level.size)
    losses = record.call(x, target, weights, 1.0, **statics | {"rows": True})
    return scaled_rows(losses, arrays, mapped, statics["rows"], level)


multi_margin.batch(_multi_margin_of_examples)


# ---------------------------------------------------------------- several classes of more


def _label_sets(rng: Any) -> Any:
    return np.array([[2, 0, -1, 1], [-1, 0, 0, 0], [1, -1, -1, -1]])


def _hinges(x: Any, target: Any) -> Any:
    """For each place of a target: its rows' labels, the hinges of all classes against them, and where these count."""
    given = np.logical_and.accumulate(target >= 0, axis=1)  # up to the first -1
    is_label = np.zeros(x.shape, bool)
    rows, places = np.nonzero(given)
    is_label[rows, target[rows, places]] = True
    rows = np.arange(len(x))
    for place in range(given.any(0).sum()):
        labels = np.where(given[:, place], target[:, place], 0)
        ahead = x - x[rows, labels][:, np.newaxis] + 1
        yield labels, ahead, (ahead > 0) & ~is_label & given[:, place, np.newaxis]


@ag.op(name="multilabel_margin", public=False, samples=[sample(distinct(3, 4), _label_sets)])
def multilabel_margin(x: Any, target: Any) -> Any:
    """For each row, ``1 / C`` times the sum of ``max(0, 1 - x[label] + x[j])`` over its labels, and classes j that are none."""
    losses = np.zeros(len(x), x.dtype)
    for _, ahead, counts in _hinges(x, target):
        losses += np.where(counts, ahead, 0).sum(1)
    return losses / max(x.shape[1], 1)


@ag.op(name="multilabel_margin_slopes", public=False, differentiable=False, samples=[sample(distinct(3, 4), _label_sets)])
def multilabel_margin_slopes(x: Any, target: Any) -> Any:
    """The derivative of each row's loss with respect to that row, which is constant between kinks."""
    slopes = np.zeros_like(x)
    rows = np.arange(len(x))
    for labels, _, counts in _hinges(x, target):
        slopes += counts
        slopes[rows, labels] -= counts.sum(1)
    slopes /= max(x.shape[1], 1)
    return slopes


multilabel_margin.vjp(
    x=lambda g, x, target: np.reshape(g, (-1, 1)) * multilabel_margin_slopes(x, target),
    target=None,
)


def _multilabel_margin_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    x, target = [stretched(each, is_mapped, level.size) for each, is_mapped in zip(arrays, mapped, strict=True)]
    size, count, classes = x.shape
    if not isinstance(target, Tensor) and target.size and not -1 <= target.min() <= target.max() < classes:
        raise IndexError(
            f"multilabel_margin_loss: expected classes from 0 to {classes - 1}, or -1 at the end, received some from "
            f"{target.min()} to {target.max()}"
        )
    out = record.call(np.reshape(x, (size * count, classes)), np.reshape(target, (size * count, classes)))
    return np.reshape(out, (size, count, *out.shape[1:]))


multilabel_margin.batch(_multilabel_margin_of_examples)
multilabel_margin_slopes.batch(_multilabel_margin_of_examples)
