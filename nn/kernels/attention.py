"""``attention``: the weighted means of values that scaled dot-product attention computes, and ``attention_gradient``.

Read ``attention`` first. Its second output, the weights of the means, is what its gradient is made of; nothing else that is as
large is kept.

Note [causal blocks]: where no key may come after its query, scores above the diagonal are not needed. Queries are taken in
blocks, each with the keys up to its own end, so that of a long sequence only half is computed; within the block on the
diagonal the rest is masked.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

import autograd as ag
from autograd.batch_rules import padded, stretched
from autograd.samples import booleans, reals, sample
from nn.kernels.derivation import differentiated_as
from nn.kernels.moments import repeating_along

_BLOCK = 128  # queries; with fewer, the calls cost more than what they spare


@ag.op(
    multiple=True,
    name="attention",
    public=False,
    samples=[
        sample(reals(2, 3, 2), reals(2, 4, 2), reals(2, 4, 3), None, None, scale=0.7, causal=False),
        sample(reals(3, 2), reals(4, 2), reals(4, 1), reals(3, 1), reals(3, 4), scale=0.5, causal=True),
        sample(reals(2, 2, 2), reals(2, 3, 2), reals(2, 3, 2), booleans(2, 1, 3), None, scale=1.0, causal=False),
    ],
)
def attention(query: Any, key: Any, value: Any, mask: Any, kept: Any, *, scale: float, causal: bool) -> Any:
    """``(softmax(scale * query @ key.T + mask) * kept) @ value``, and the softmax; for callers that have checked the shapes.

    The result is laid out in memory as the queries are, so that heads taken apart by a transposition are put together without
    a copy.

    Args:
        query: (..., L, E).
        key: (..., S, E), with the same leading axes.
        value: (..., S, V), with the same leading axes.
        mask: truth values, ``False`` for the keys that a query must not see, or numbers to add to the scores; broadcasts to
            (..., L, S). ``None`` for none.
        kept: factors for the softmax, those of a dropout; broadcasts to (..., L, S). ``None`` for none.
        scale: of the scores.
        causal: whether a query sees the keys up to its own place only.

    The softmax of a row without any key is 0.
    """
    scores = np.empty((*query.shape[:-1], key.shape[-2]), query.dtype)
    out = np.empty_like(query, shape=(*query.shape[:-1], value.shape[-1]))
    keys = np.multiply(key.mT, scale, order="C")  # products of small matrices are faster with none of them transposed
    added = None if mask is None else np.broadcast_to(_added(mask, query.dtype), scores.shape)
    kept = None if kept is None else np.broadcast_to(kept, scores.shape)
    limit = _limit(query.dtype) - (0 if mask is None or mask.dtype == bool else _size(mask))
    for rows, seen in _blocks(query.shape[-2], key.shape[-2], causal):
        block = scores[..., rows, :seen]
        np.matmul(query[..., rows, :], keys[..., :seen], out=block)
        moderate = -limit < np.min(block, initial=0) and np.max(block, initial=0) < limit
        if added is not None:
            block += added[..., rows, :seen]
        if causal:
            scores[..., rows, seen:] = 0
            block[..., rows.start :] += _above_diagonal(block.shape[-2], seen - rows.start, block.dtype)
        _softmax(block, moderate)
        weights = block if kept is None else block * kept[..., rows, :seen]
        np.matmul(weights, value[..., :seen, :], out=out[..., rows, :])
    return out, scores


def _blocks(length: int, keys: int, causal: bool) -> Iterator[tuple[slice, int]]:
    """Queries, and the number of keys that are computed for them: see Note [causal blocks]. At least one block, maybe empty."""
    step = _BLOCK if causal else max(length, 1)
    for start in range(0, max(length, 1), step):
        stop = min(start + step, length)
        yield slice(start, stop), min(stop, keys) if causal else keys


def _added(mask: Any, dtype: Any) -> Any:
    """What is added to the scores: of truth values 0 and -inf."""
    return np.where(mask, dtype.type(0), dtype.type(-np.inf)) if mask.dtype == bool else mask


def _size(mask: Any) -> float:
    """The largest absolute value of a mask, where it is not -inf."""
    return float(np.max(np.abs(np.where(mask == -np.inf, 0, mask)), initial=0))


def _above_diagonal(rows: int, columns: int, dtype: Any) -> Any:
    return np.triu(np.full((rows, max(columns, 0)), -np.inf, dtype), 1)


def _limit(dtype: Any) -> float:
    """Scores up to here need no shift: no exponential, sum, quotient, or product with a gradient leaves the normal numbers."""
    return float(np.log(np.finfo(dtype).max)) / 4


def _softmax(scores: Any, moderate: bool) -> None:
    """The softmax of each row, in place. ``moderate`` scores are not shifted by the row's maximum, which takes long to find.

    Of others, weights that no sum notices become 0: products of very small numbers take a processor a hundred times as long.
    """
    if moderate:
        np.exp(scores, out=scores)
    else:
        limits = np.finfo(scores.dtype)
        _by_row(np.subtract, scores, np.maximum.reduce(scores, axis=-1, initial=limits.min))
        np.exp(scores, out=scores)
        np.copyto(scores, 0, where=scores < math.sqrt(limits.tiny))
    total = np.einsum("...j->...", scores)  # faster along the last axis than np.sum
    _by_row(np.divide, scores, total + (total == 0))


def _by_row(operation: np.ufunc, x: Any, numbers: Any) -> None:
    """``operation(x, numbers)`` in place, with a number for each row."""
    with repeating_along(x):
        operation(x, numbers[..., None], out=x)


# ---------------------------------------------------------------- its gradient


_COTANGENT = (reals(2, 3, 2), None, reals(2, 3, 2), reals(2, 4, 2), reals(2, 4, 2), reals(2, 3, 4), None)
_COTANGENTS = (reals(3, 1), reals(3, 4), reals(3, 2), reals(4, 2), reals(4, 1), reals(3, 4), reals(3, 4))


@ag.op(
    multiple=True,
    name="attention_gradient",
    public=False,
    samples=[
        sample(*_COTANGENT, scale=0.7, causal=False, mask_shape=None),
        sample(*_COTANGENTS, scale=0.5, causal=False, mask_shape=(3, 1)),
    ],
)
def attention_gradient(
    cotangent: Any,
    to_softmax: Any,
    query: Any,
    key: Any,
    value: Any,
    softmax: Any,
    kept: Any,
    *,
    scale: float,
    causal: bool,
    mask_shape: Any,
) -> Any:
    """What flows to query, key and value, in the layout of each; and, where ``mask_shape`` is not ``None``, to the mask.

    ``to_softmax`` is the cotangent of the second output, or ``None``.
    """
    to_query, to_key, to_value = np.empty_like(query), np.empty_like(key), np.empty_like(value)
    to_mask = None if mask_shape is None else np.zeros_like(softmax)
    kept = None if kept is None else np.broadcast_to(kept, softmax.shape)
    values = value.mT.copy()
    for rows, seen in _blocks(query.shape[-2], key.shape[-2], causal):
        first = rows.start == 0
        if first:
            to_key[..., seen:, :] = to_value[..., seen:, :] = 0
        weights, g = softmax[..., rows, :seen], cotangent[..., rows, :]
        flow = np.matmul(g, values[..., :seen])
        used = weights
        if kept is not None:
            flow *= kept[..., rows, :seen]
            used = weights * kept[..., rows, :seen]
        _put_or_add(first, used.mT, g, to_value[..., :seen, :])
        if to_softmax is not None:
            flow += to_softmax[..., rows, :seen]
        _by_row(np.subtract, flow, np.vecdot(weights, flow))
        flow *= weights
        if to_mask is not None:
            to_mask[..., rows, :seen] = flow
        np.matmul(flow, key[..., :seen, :], out=to_query[..., rows, :])
        _put_or_add(first, flow.mT, query[..., rows, :], to_key[..., :seen, :])
    to_query *= scale
    to_key *= scale
    return (to_query, to_key, to_value) if to_mask is None else (to_query, to_key, to_value, summed_to(to_mask, mask_shape))


def _put_or_add(put: bool, a: Any, b: Any, out: Any) -> None:
    if put:
        np.matmul(a, b, out=out)
    else:
        out += np.matmul(a, b)


def summed_to(x: Any, shape: tuple[int, ...]) -> Any:
    """``x`` summed up over what ``shape`` was broadcast along: what a broadcast passes back."""
    ahead = x.ndim - len(shape)
    axes = [i for i, length in enumerate(x.shape) if i < ahead or (shape[i - ahead] == 1 and length != 1)]
    return np.reshape(np.sum(x, axis=tuple(axes), keepdims=True), shape) if axes else x


def _text_of_gradient(
    cotangent: Any,
    to_softmax: Any,
    query: Any,
    key: Any,
    value: Any,
    softmax: Any,
    kept: Any,
    *,
    scale: float,
    causal: bool,
    mask_shape: Any,
) -> Any:
    used = softmax if kept is None else softmax * kept
    flow = cotangent @ value.mT
    if kept is not None:
        flow = flow * kept
    if to_softmax is not None:
        flow = flow + to_softmax
    flow = softmax * (flow - (softmax * flow).sum(-1, keepdims=True))
    flows = scale * (flow @ key), scale * (flow.mT @ query), used.mT @ cotangent
    return flows if mask_shape is None else (*flows, summed_to(flow, mask_shape))


differentiated_as(attention_gradient, _text_of_gradient)


@attention.joint_vjp
def _flows(
    g: Any,
    out: Any,
    query: Any,
    key: Any,
    value: Any,
    mask_shape: Any,
    kept: Any,
    kept_shape: Any,
    scale: float,
    causal: bool,
    needed: Any,
) -> Any:
    cotangent = np.zeros_like(out[0]) if g[0] is None else g[0]
    shape = mask_shape if needed[3] else None
    flows = attention_gradient(cotangent, g[1], query, key, value, out[1], kept, scale=scale, causal=causal, mask_shape=shape)
    to_kept = summed_to(out[1] * (cotangent @ value.mT), kept_shape) if needed[4] else None
    return (*flows[:3], flows[3] if needed[3] else None, to_kept)


# ---------------------------------------------------------------- many examples


def _attention_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """The examples are one more leading axis."""
    *stacks, mask, kept = arrays
    stacks = [stretched(each, is_mapped, level.size) for each, is_mapped in zip(stacks, mapped[:3], strict=True)]
    ndim = stacks[0].ndim - 1
    mask, kept = [padded(each, ndim) if is_mapped else each for each, is_mapped in zip((mask, kept), mapped[3:], strict=True)]
    return record.call(*stacks, mask, kept, **statics)


def _gradient_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    stacks: list[Any] = [
        each if each is None else stretched(each, is_mapped, level.size) for each, is_mapped in zip(arrays, mapped, strict=True)
    ]
    shape = statics["mask_shape"]
    if shape is None:
        return record.call(*stacks, **statics)
    missing = stacks[0].ndim - 1 - len(shape)
    *flows, to_mask = record.call(*stacks, **statics | {"mask_shape": (level.size, *[1] * missing, *shape)})
    return (*flows, np.reshape(to_mask, (level.size, *shape)))


attention.batch(_attention_of_examples)
attention_gradient.batch(_gradient_of_examples)
