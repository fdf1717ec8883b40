"""``scaled_dot_product_attention``: for each query the mean of the values, weighted by how well their keys fit."""

from __future__ import annotations  # np.random would be imported to annotate with it

import math
from typing import Any

import numpy as np

from nn.functional.dropouts import dropped_out
from nn.inputs import Receiver, as_array, called, check_number, in_one_dtype
from nn.kernels.attention import attention


def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    scale: float | None = None,
    enable_gqa: bool = False,
    rng: np.random.Generator | None = None,
) -> Any:
    """``softmax(scale * query @ key.T + mask) @ value``, as one op.

    A query that may attend to nothing gets 0, with gradient 0. Leading axes broadcast.

    Args:
        query: L questions of E numbers each.
        key: S keys, as long as the queries.
        value: one value for each key, of any length V.
        attn_mask: truth values, ``True`` where a query may attend to a key (in ``MultiheadAttention`` it is the other way
            round); or numbers that are added to the scores.
        dropout_p: the share of the weights that is set to 0, the others growing to make up for it. Always applied: pass 0 in
            evaluation.
        is_causal: whether query i attends to the keys 0 to i only. Excludes ``attn_mask``.
        scale: what the scores are multiplied by; by default ``1 / sqrt(E)``.
        enable_gqa: whether there may be fewer heads (axis -3) of keys and values than of queries, each for a group of
            successive ones.
        rng: where the dropout is drawn from; by default the library's generator (``ag.seed``).

    Shapes: query (..., L, E), key (..., S, E), value (..., S, V), mask broadcasting to (..., L, S) -> (..., L, V).

    Raises:
        ValueError: for shapes that do not fit, ``attn_mask`` together with ``is_causal``, and a ``dropout_p`` out of bounds.
        TypeError: for complex inputs, recorded ones of different dtypes, and a mask of integers.

    Source: A. Vaswani et al., Attention is all you need, 2017; for ``enable_gqa`` J. Ainslie et al., GQA, 2023.

    >>> query, key = np.array([[8.0, 0.0]]), np.array([[9.0, 0.0], [0.0, 9.0]])
    >>> nn.functional.scaled_dot_product_attention(query, key, np.array([[1.0], [2.0]])).round(6)
    array([[1.]])
    """
    receiver = "scaled_dot_product_attention"
    check_number(receiver, "dropout_p", dropout_p, 0, 1)
    query, key, value = in_one_dtype(receiver, query=query, key=key, value=value)
    if enable_gqa:
        key, value = _for_each_query_head(query, key), _for_each_query_head(query, value)
    shape = _shape_of_scores(query, key, value)
    query, key, value = [
        x if x.shape[:-2] == shape[:-2] else np.broadcast_to(x, (*shape[:-2], *x.shape[-2:])) for x in (query, key, value)
    ]
    if attn_mask is not None:
        if is_causal:
            raise ValueError(f"{receiver}: expected attn_mask or is_causal, received both; put the causal mask into attn_mask")
        attn_mask = checked_mask(attn_mask, "attn_mask", query.dtype, receiver)
        if not _broadcasts(attn_mask.shape, shape):
            raise ValueError(
                f"{receiver}: expected attn_mask to broadcast to (..., L, S) = {shape}, received {attn_mask.shape}"
            )
    scale = 1 / math.sqrt(max(query.shape[-1], 1)) if scale is None else float(scale)
    kept = dropped_out(np.ones(shape, query.dtype), dropout_p, True, rng) if dropout_p else None
    return attention(query, key, value, attn_mask, kept, scale=scale, causal=bool(is_causal))[0]


def checked_mask(mask: Any, name: str, dtype: Any, receiver: Receiver) -> Any:
    """A mask of truth values as it is, one of numbers in ``dtype``.

    Raises:
        TypeError: for integers, of which it is not clear what they mean.
    """
    mask = as_array(mask, receiver)
    if mask.dtype.kind not in "bf":
        raise TypeError(
            f"{called(receiver)}: expected {name} of bool or floating numbers, received {mask.dtype}; "
            "for 0 and 1 as truth values write mask.astype(bool)"
        )
    return mask if mask.dtype == dtype or mask.dtype == bool else mask.astype(dtype)


def _for_each_query_head(query: Any, x: Any) -> Any:
    """Keys or values with each head repeated for the queries' heads of its group."""
    heads = query.shape[-3] if len(query.shape) > 2 else 0
    own = x.shape[-3] if len(x.shape) > 2 else 0
    if not own or heads % own:
        raise ValueError(
            "scaled_dot_product_attention: with enable_gqa expected query (..., heads, L, E), key, value (..., groups, S, E), "
            f"where the number of groups divides that of heads; received {query.shape} and {x.shape}"
        )
    group = heads // own
    repeated = np.broadcast_to(np.expand_dims(x, -3), (*x.shape[:-2], group, *x.shape[-2:]))
    return np.reshape(repeated, (*x.shape[:-3], heads, *x.shape[-2:]))


def _shape_of_scores(query: Any, key: Any, value: Any) -> tuple[int, ...]:
    q, k, v = query.shape, key.shape, value.shape
    if min(len(q), len(k), len(v)) >= 2 and q[-1] == k[-1] and k[-2] == v[-2]:
        try:
            return (*np.broadcast_shapes(q[:-2], k[:-2], v[:-2]), q[-2], k[-2])
        except ValueError:
            pass
    raise ValueError(
        "scaled_dot_product_attention: expected query (..., L, E), key (..., S, E), value (..., S, V) with leading axes that "
        f"broadcast; received {q}, {k}, {v}"
    )


def _broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, to) == tuple(to)
    except ValueError:
        return False
