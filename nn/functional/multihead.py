"""``multi_head_attention_forward``: attention in several subspaces at once, what ``nn.MultiheadAttention`` computes.

Read ``attended_by_heads`` first; below it are its steps: projections, masks, more keys. Heads are taken apart and put together
by transpositions, without a copy.
"""

from __future__ import annotations  # np.random would be imported to annotate with it

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.functional.attention import checked_mask
from nn.functional.dropouts import dropped_out
from nn.inputs import Receiver, called, in_one_dtype
from nn.kernels.attention import attention
from nn.kernels.linear import affine


def multi_head_attention_forward(
    query: Any,
    key: Any,
    value: Any,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Any,
    in_proj_bias: Any,
    bias_k: Any,
    bias_v: Any,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Any,
    out_proj_bias: Any,
    training: bool = True,
    key_padding_mask: Any = None,
    need_weights: bool = True,
    attn_mask: Any = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Any = None,
    k_proj_weight: Any = None,
    v_proj_weight: Any = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
    rng: np.random.Generator | None = None,
) -> tuple[Any, Any]:
    """``concatenate(head_1, ..., head_h) @ out_proj_weight.T + out_proj_bias``, each head the attention of projected inputs.

    What the masks mean and which shapes come back is said by ``nn.MultiheadAttention``, whose parameters these are. There is no
    ``static_k`` and ``static_v``: with keys and values that are projected already, call ``scaled_dot_product_attention``.

    Args:
        query: what asks.
        key: what is compared with the queries.
        value: what is averaged.
        embed_dim_to_check: the number of features E of a query.
        num_heads: the number of heads, which divides E.
        in_proj_weight: the three projections, one below the other.
        in_proj_bias: one number for each projected feature; ``None`` for none.
        bias_k: one more key, the same for all; ``None`` for none.
        bias_v: its value.
        add_zero_attn: whether there is one more key and value of zeros.
        dropout_p: the share of the weights that is set to 0 in training.
        out_proj_weight: the projection of what the heads give.
        out_proj_bias: its bias; ``None`` for none.
        training: whether the dropout is applied.
        key_padding_mask: truth values, ``True`` for the keys that nobody attends to; or numbers to add to the scores.
        need_weights: whether the weights are returned, too.
        attn_mask: truth values, ``True`` where a query may not attend to a key; or numbers to add to the scores.
        use_separate_proj_weight: whether the three projections come as the next three arguments.
        q_proj_weight: the projection of the queries.
        k_proj_weight: that of the keys.
        v_proj_weight: that of the values.
        average_attn_weights: whether the weights are averaged over the heads.
        is_causal: whether query i attends to the keys 0 to i only, besides what the masks say.
        rng: where the dropout is drawn from.

    Shapes: query (L, N, E), key (S, N, K), value (S, N, V) -> (L, N, E) and weights (N, L, S); all of them without N, too.

    Raises:
        ValueError: for shapes that do not fit.
        TypeError: for a mask of integers.

    >>> x, w = np.ones((4, 2)), np.eye(2)
    >>> settings = dict(in_proj_bias=None, bias_k=None, bias_v=None, add_zero_attn=False, dropout_p=0.0, out_proj_bias=None)
    >>> out, weights = nn.functional.multi_head_attention_forward(
    ...     x, x, x, 2, 2, np.concatenate([w, w, w]), out_proj_weight=w, **settings
    ... )
    >>> out.shape, weights[0]
    ((4, 2), array([0.25, 0.25, 0.25, 0.25]))
    """
    receiver = "multi_head_attention_forward"
    inputs = in_one_dtype(receiver, query=query, key=key, value=value)
    if value is key:  # which is projected with one product
        inputs[2] = inputs[1]
        if key is query:
            inputs[1] = inputs[2] = inputs[0]
    if inputs[0].shape[-1:] != (embed_dim_to_check,) or embed_dim_to_check % num_heads:
        raise ValueError(
            f"{receiver}: expected query (..., {embed_dim_to_check}), with a number of features that {num_heads} heads divide; "
            f"received {inputs[0].shape}"
        )
    out, softmax = attended_by_heads(
        inputs,
        (q_proj_weight, k_proj_weight, v_proj_weight) if use_separate_proj_weight else in_proj_weight,
        in_proj_bias,
        num_heads,
        more=None if bias_k is None else (bias_k, bias_v),
        zero=add_zero_attn,
        padding=key_padding_mask,
        mask=attn_mask,
        causal=is_causal,
        dropout=dropout_p if training else 0.0,
        rng=rng,
        receiver=receiver,
    )
    out = affine(out, out_proj_weight, out_proj_bias)
    if not need_weights:
        return out, None
    return out, np.mean(softmax, axis=-3) if average_attn_weights else softmax


def attended_by_heads(
    inputs: Sequence[Any],
    weights: Any,
    bias: Any,
    heads: int,
    *,
    batch_first: bool = False,
    more: tuple[Any, Any] | None,
    zero: bool,
    padding: Any,
    mask: Any,
    causal: bool,
    dropout: float,
    rng: np.random.Generator | None,
    receiver: Receiver,
) -> tuple[Any, Any]:
    """What the heads give, side by side, in the layout of the queries; and the weights of all heads (..., heads, L, S).

    Args:
        inputs: query, key and value, in one dtype; an input that stands for two or three is projected with one product.
        weights: the three projections below one another, or a tuple of them.
        bias: those of the projections, one behind the other, or ``None``.
        heads: how many there are.
        batch_first: whether batches are (N, L, E), not (L, N, E).
        more: a key and a value that are added to those of each sequence.
        zero: whether a key and a value of zeros are added, too.
        padding: ``key_padding_mask``.
        mask: ``attn_mask``.
        causal: whether query i attends to the keys 0 to i only.
        dropout: the share of the weights that is set to 0.
        rng: where the dropout is drawn from.
        receiver: the name that messages begin with.
    """
    _check_shapes(inputs, weights, heads, batch_first, receiver)
    ndim = len(inputs[0].shape)
    apart, together = ((1, 0, 2), (1, 0, 2)) if ndim == 2 else _AXES[batch_first]
    query, key, value = [np.transpose(each, apart) for each in _projected(inputs, weights, bias, heads)]
    masks = _masks(query.shape, key.shape[-2], padding, mask, query.dtype, receiver)
    added = [] if more is None else [np.reshape(each, (heads, 1, -1)) for each in more]
    extra = (more is not None) + bool(zero)
    if extra:
        if causal:  # which is said of the keys of the sequence
            masks.append(~np.tri(query.shape[-2], key.shape[-2], dtype=bool))
        masks = [np.pad(each, [*[(0, 0)] * (len(each.shape) - 1), (0, extra)]) for each in masks]
        key, value = [_with_more(x, added[i : i + 1], zero) for i, x in enumerate((key, value))]
    kept = None
    if dropout:
        kept = dropped_out(np.ones((*query.shape[:-1], key.shape[-2]), query.dtype), dropout, True, rng)
    scale = 1 / math.sqrt(max(query.shape[-1], 1))
    allowed = _allowed(masks, query.dtype)
    out, softmax = attention(query, key, value, allowed, kept, scale=scale, causal=bool(causal) and not extra)
    out = np.transpose(out, together)
    return np.reshape(out, (*out.shape[:-2], heads * out.shape[-1])), softmax if kept is None else softmax * kept


_AXES = {True: ((0, 2, 1, 3), (0, 2, 1, 3)), False: ((1, 2, 0, 3), (2, 0, 1, 3))}  # to (N, heads, L, ...) and back


def _projected(inputs: Sequence[Any], weights: Any, bias: Any, heads: int) -> list[Any]:
    """Queries, keys and values of all heads: the inputs with their last axis as two, the heads and the features of each."""
    query, key, value = inputs
    counts = [1, 1, 1]
    if not isinstance(weights, tuple):
        if key is value:
            counts = [3] if query is key else [1, 2]
        weights = _split(weights, counts)
    biases = [None] * len(counts) if bias is None else _split(bias, counts)
    projected = []
    for x, weight, each, count in zip(inputs, weights, biases, counts, strict=False):
        out = affine(x, weight, each)
        shape = out.shape[:-1]
        if count == 1:
            projected.append(np.reshape(out, (*shape, heads, out.shape[-1] // heads)))
        else:
            projected += np.unstack(np.reshape(out, (*shape, count, heads, out.shape[-1] // (count * heads))), axis=-3)
    return projected


def _split(x: Any, counts: Sequence[int]) -> list[Any]:
    """A third of the rows for each that is counted."""
    third = x.shape[0] // 3
    return [x] if len(counts) == 1 else np.split(x, [third, 2 * third][: len(counts) - 1])


def _masks(shape: tuple[int, ...], keys: int, padding: Any, mask: Any, dtype: Any, receiver: Receiver) -> list[Any]:
    """The masks that there are, with the axes of the scores; truth values say what is forbidden."""
    *batch, heads, length, _ = shape
    masks = []
    if mask is not None:
        mask = checked_mask(mask, "attn_mask", dtype, receiver)
        whole = (math.prod(batch) * heads, length, keys)
        if mask.shape not in ((length, keys), whole):
            raise ValueError(
                f"{called(receiver)}: expected attn_mask of shape {(length, keys)}, or {whole} with one for each head of each "
                f"example; received {mask.shape}"
            )
        masks.append(np.reshape(mask, (*batch, heads, length, keys)) if len(mask.shape) == 3 else mask)
    if padding is not None:
        padding = checked_mask(padding, "key_padding_mask", dtype, receiver)
        if padding.shape != (*batch, keys):
            raise ValueError(
                f"{called(receiver)}: expected key_padding_mask of shape {(*batch, keys)}, one number for each key; received "
                f"{padding.shape}"
            )
        masks.append(np.reshape(padding, (*batch, 1, 1, keys)))
    return masks


def _allowed(masks: Sequence[Any], dtype: Any) -> Any:
    """All masks in one, as ``attention`` takes it: truth values say what is allowed."""
    if not masks:
        return None
    if all([each.dtype == bool for each in masks]):
        forbidden = masks[0]
        for each in masks[1:]:
            forbidden = forbidden | each
        return ~forbidden
    nothing, infinite = dtype.type(0), dtype.type(-np.inf)
    numbers = [np.where(each, infinite, nothing) if each.dtype == bool else each for each in masks]
    return sum(numbers[1:], numbers[0])


def _with_more(x: Any, added: Sequence[Any], zero: bool) -> Any:
    """Keys or values (..., S, D) with one more for each that is ``added``, the same in all sequences, and one of zeros."""
    shape = (*x.shape[:-2], 1, x.shape[-1])
    parts = [x, *[np.broadcast_to(each, shape) for each in added]]
    if zero:
        parts.append(np.zeros(shape, x.dtype))
    return np.concatenate(parts, axis=-2)


def _check_shapes(inputs: Sequence[Any], weights: Any, heads: int, batch_first: bool, receiver: Receiver) -> None:
    query, key, value = [tuple(each.shape) for each in inputs]
    columns = [each.shape[1] for each in weights] if isinstance(weights, tuple) else [weights.shape[1]] * 3
    ndim = len(query)
    batch = 0 if batch_first else 1
    if (
        ndim not in (2, 3)
        or [each[-1:] for each in (query, key, value)] != [(each,) for each in columns]
        or len(key) != ndim
        or key[:-1] != value[:-1]
        or (ndim == 3 and query[batch] != key[batch])
    ):
        q, k, v = columns
        shapes = [f"(N, {n}, {each})" if batch_first else f"({n}, N, {each})" for n, each in zip("LSS", columns, strict=True)]
        raise ValueError(
            f"{called(receiver)}: expected query, key and value of shapes {', '.join(shapes)}, or (L, {q}), (S, {k}), (S, {v}) "
            f"for one example; received {query}, {key}, {value}"
        )
