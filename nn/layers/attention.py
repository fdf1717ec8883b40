"""``MultiheadAttention``: sequences that look things up in sequences."""

from __future__ import annotations  # np.random would be imported to annotate with it

from typing import Any

import numpy as np

from nn import init
from nn.functional.multihead import attended_by_heads
from nn.inputs import check_number, check_switch, in_dtype
from nn.layers.linear import Linear
from nn.module import Module
from nn.parameter import Parameter
from nn.paths import described


class MultiheadAttention(Module):
    """``out_proj(concatenate(head_1, ..., head_h))``, with ``head_i = softmax(q_i k_i.T / sqrt(E / h) + mask) v_i``.

    The q_i, k_i and v_i are projections of query, key and value to E / h features. Where query, key and value are one and the
    same object, as in self-attention, they are projected with one product.

    A query that may attend to nothing gets the bias of ``out_proj`` and weights 0; in PyTorch both are NaN, unless
    ``need_weights`` is ``False``. ``is_causal`` works without ``attn_mask``, too, and with one both count.

    Projections start with Xavier's uniform numbers (those of all three together), biases at 0, as in PyTorch.

    Args:
        embed_dim: the number of features E of the queries and of the result.
        num_heads: the number of heads h, which divides E.
        dropout: the share of the weights that is set to 0 in training.
        bias: whether projections have a bias.
        add_bias_kv: whether there is one more key and value, the same for all sequences, which are trained.
        add_zero_attn: whether there is one more key and value of zeros.
        kdim: the number of features of the keys; by default E.
        vdim: the number of features of the values; by default E.
        batch_first: whether batches are (N, L, E), not (L, N, E).
        dtype: of the parameters; by default float32.
        rng: where the first numbers and the dropout come from; by default the library's generator (``ag.seed``).

    Shapes: query (L, N, E), key (S, N, kdim), value (S, N, vdim) -> (L, N, E) and weights (N, L, S). With ``batch_first`` N
    comes first everywhere; for one example there is no N.

    Raises:
        ValueError: when ``num_heads`` does not divide ``embed_dim``, and for shapes that do not fit.
        TypeError: for a recorded input of another dtype, and a mask of integers.

    Source: A. Vaswani et al., Attention is all you need, 2017.

    >>> layer = nn.MultiheadAttention(8, 2, batch_first=True)
    >>> x = np.ones((3, 5, 8))
    >>> out, weights = layer(x, x, x)
    >>> out.shape, weights.shape
    ((3, 5, 8), (3, 5, 5))
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        kdim, vdim = embed_dim if kdim is None else kdim, embed_dim if vdim is None else vdim
        for name, count in (("embed_dim", embed_dim), ("num_heads", num_heads), ("kdim", kdim), ("vdim", vdim)):
            if not isinstance(count, int | np.integer) or count < 1:
                raise ValueError(f"MultiheadAttention: expected a positive whole number for {name}; received {count!r}")
        if embed_dim % num_heads:
            raise ValueError(
                f"MultiheadAttention: expected an embed_dim that num_heads divides, received embed_dim={embed_dim}, "
                f"num_heads={num_heads}"
            )
        check_number("MultiheadAttention", "dropout", dropout, 0, 1)
        check_switch(
            "MultiheadAttention", bias=bias, add_bias_kv=add_bias_kv, add_zero_attn=add_zero_attn, batch_first=batch_first
        )
        dtype = np.dtype(np.float32 if dtype is None else dtype)
        self.embed_dim = int(embed_dim)
        self.num_heads = int(num_heads)
        self.head_dim = self.embed_dim // self.num_heads
        self.kdim, self.vdim = int(kdim), int(vdim)
        self.dropout = float(dropout)
        self.batch_first = bool(batch_first)
        self.add_zero_attn = bool(add_zero_attn)
        self.rng = rng

        def projection(rows: int, columns: int) -> Any:
            return init.xavier_uniform_(Parameter(np.empty((rows, columns), dtype)), rng=rng)

        e, together = self.embed_dim, self.kdim == self.vdim == self.embed_dim
        self.q_proj_weight = None if together else projection(e, e)
        self.k_proj_weight = None if together else projection(e, self.kdim)
        self.v_proj_weight = None if together else projection(e, self.vdim)
        self.in_proj_weight = projection(3 * e, e) if together else None
        self.in_proj_bias = Parameter(np.zeros(3 * e, dtype)) if bias else None
        self.bias_k = init.xavier_normal_(Parameter(np.empty((1, 1, e), dtype)), rng=rng) if add_bias_kv else None
        self.bias_v = init.xavier_normal_(Parameter(np.empty((1, 1, e), dtype)), rng=rng) if add_bias_kv else None
        self.out_proj = Linear(self.embed_dim, self.embed_dim, bias, dtype, rng)
        if self.out_proj.bias is not None:
            init.zeros_(self.out_proj.bias)

    def forward(
        self,
        query: Any,
        key: Any,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Any, Any]:
        """The result, and the weights with which the values were averaged.

        Args:
            query: what asks.
            key: what is compared with the queries.
            value: what is averaged.
            key_padding_mask: ``True`` for the keys that nobody attends to, or numbers to add to the scores; (N, S).
            need_weights: whether the weights are returned; else there is ``None`` in their place.
            attn_mask: ``True`` where a query may not attend to a key, or numbers to add to the scores; (L, S) or
                (N num_heads, L, S). In ``functional.scaled_dot_product_attention`` it is the other way round.
            average_attn_weights: whether the weights are averaged over the heads; else they are (N, num_heads, L, S).
            is_causal: whether query i attends to the keys 0 to i only.
        """
        dtype, inputs = self.out_proj.weight.dtype, [query, key, value]
        cast = {id(each): in_dtype(each, dtype, lambda: described(self)) for each in inputs}  # the same ones stay the same
        weights = self.in_proj_weight
        if weights is None:
            weights = self.q_proj_weight, self.k_proj_weight, self.v_proj_weight
        out, softmax = attended_by_heads(
            [cast[id(each)] for each in inputs],
            weights,
            self.in_proj_bias,
            self.num_heads,
            batch_first=self.batch_first,
            more=None if self.bias_k is None else (self.bias_k, self.bias_v),
            zero=self.add_zero_attn,
            padding=key_padding_mask,
            mask=attn_mask,
            causal=is_causal,
            dropout=self.dropout if self.training else 0.0,
            rng=self.rng,
            receiver=lambda: described(self),
        )
        out = self.out_proj(out)
        if not need_weights:
            return out, None
        return out, np.mean(softmax, axis=-3) if average_attn_weights else softmax

    def extra_repr(self) -> str:
        """Its settings."""
        sizes = "" if self.in_proj_weight is not None else f", kdim={self.kdim}, vdim={self.vdim}"
        return (
            f"embed_dim={self.embed_dim}, num_heads={self.num_heads}, dropout={self.dropout}, "
            f"bias={self.in_proj_bias is not None}, add_bias_kv={self.bias_k is not None}, "
            f"add_zero_attn={self.add_zero_attn}{sizes}, batch_first={self.batch_first}"
        )
