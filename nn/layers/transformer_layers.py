"""The layers of a transformer: attention and a perceptron, each added to what it is given, and normalized.

Read ``TransformerEncoderLayer`` first. Masks are those of ``MultiheadAttention``: truth values say ``True`` where something may
not be attended to, numbers are added to the scores. Parameters and arguments have PyTorch's names.
"""

from __future__ import annotations  # np.random would be imported to annotate with it

from collections.abc import Callable
from typing import Any

import numpy as np

from nn import functional
from nn.inputs import check_switch, in_dtype
from nn.layers.attention import MultiheadAttention
from nn.layers.dropout import Dropout
from nn.layers.linear import Linear
from nn.layers.normalization import LayerNorm
from nn.module import Module
from nn.paths import described

Activation = str | Callable[[Any], Any]
_ACTIVATIONS: dict[str, Callable[[Any], Any]] = {"relu": functional.relu, "gelu": functional.gelu}


class TransformerEncoderLayer(Module):
    """Self-attention, then a perceptron for each place; each is added to what it is given, and the sum is normalized.

    With x the input: ``x = norm1(x + self_attn(x)); x = norm2(x + linear2(activation(linear1(x))))``. With ``norm_first`` the
    norms stand before: ``x = x + self_attn(norm1(x)); x = x + linear2(activation(linear1(norm2(x))))``. In training there is a
    dropout behind both parts, behind the activation, and of the attention's weights.

    Args:
        d_model: the number of features E.
        nhead: the number of heads, which divides E.
        dim_feedforward: the number of features inside the perceptron.
        dropout: the share of numbers that is set to 0 in training.
        activation: ``"relu"``, ``"gelu"``, or a function.
        layer_norm_eps: what is added to variances.
        batch_first: whether batches are (N, L, E), not (L, N, E).
        norm_first: whether the norms stand before attention and perceptron.
        bias: whether projections and norms have a bias.
        dtype: of the parameters; by default float32.
        rng: where the first numbers and the dropout come from; by default the library's generator (``ag.seed``).

    Shapes: (L, N, E) -> same; with ``batch_first`` (N, L, E); for one example (L, E).

    Raises:
        ValueError: when ``nhead`` does not divide ``d_model``, for another activation's name, and for shapes that do not fit.

    Source: A. Vaswani et al., Attention is all you need, 2017; for ``norm_first`` R. Xiong et al., On layer normalization in
    the transformer architecture, 2020.

    >>> layer = nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, batch_first=True)
    >>> layer(np.ones((3, 5, 8))).shape
    (3, 5, 8)
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = functional.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        activation = _activation_of(type(self).__name__, activation)
        check_switch(type(self).__name__, batch_first=batch_first, norm_first=norm_first, bias=bias)
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout=dropout, bias=bias, batch_first=batch_first, dtype=dtype, rng=rng
        )
        self.linear1 = Linear(d_model, dim_feedforward, bias, dtype, rng)
        self.dropout = Dropout(dropout, rng=rng)
        self.linear2 = Linear(dim_feedforward, d_model, bias, dtype, rng)
        self.norm_first = bool(norm_first)
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.dropout1 = Dropout(dropout, rng=rng)
        self.dropout2 = Dropout(dropout, rng=rng)
        self.activation = activation

    def forward(self, src: Any, src_mask: Any = None, src_key_padding_mask: Any = None, is_causal: bool = False) -> Any:
        """What the layer makes of a sequence.

        Args:
            src: the sequence.
            src_mask: which place may not attend to which, (L, L) or (N nhead, L, L).
            src_key_padding_mask: the places that nobody attends to, (N, L).
            is_causal: whether place i attends to the places 0 to i only, besides what the masks say.
        """
        x = in_dtype(src, self.linear1.weight.dtype, lambda: described(self))
        if self.norm_first:
            x = x + self._attended(self.norm1(x), src_mask, src_key_padding_mask, is_causal)
            return x + self._transformed(self.norm2(x))
        x = self.norm1(x + self._attended(x, src_mask, src_key_padding_mask, is_causal))
        return self.norm2(x + self._transformed(x))

    def _attended(self, x: Any, mask: Any, padding: Any, is_causal: bool) -> Any:
        return self.dropout1(self.self_attn(x, x, x, padding, False, mask, is_causal=is_causal)[0])

    def _transformed(self, x: Any) -> Any:
        return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))


class TransformerDecoderLayer(Module):
    """Self-attention, attention to a memory, then a perceptron for each place, each added to what it is given and normalized.

    With x the input: ``x = norm1(x + self_attn(x)); x = norm2(x + multihead_attn(x, memory)); x = norm3(x +
    linear2(activation(linear1(x))))``. With ``norm_first`` each norm stands before its part. Dropouts as in
    ``TransformerEncoderLayer``.

    Args:
        d_model: the number of features E.
        nhead: the number of heads, which divides E.
        dim_feedforward: the number of features inside the perceptron.
        dropout: the share of numbers that is set to 0 in training.
        activation: ``"relu"``, ``"gelu"``, or a function.
        layer_norm_eps: what is added to variances.
        batch_first: whether batches are (N, L, E), not (L, N, E).
        norm_first: whether the norms stand before their parts.
        bias: whether projections and norms have a bias.
        dtype: of the parameters; by default float32.
        rng: where the first numbers and the dropout come from; by default the library's generator (``ag.seed``).

    Shapes: tgt (T, N, E), memory (S, N, E) -> (T, N, E); with ``batch_first`` N comes first; for one example there is no N.

    Raises:
        ValueError: when ``nhead`` does not divide ``d_model``, for another activation's name, and for shapes that do not fit.

    Source: A. Vaswani et al., Attention is all you need, 2017.

    >>> layer = nn.TransformerDecoderLayer(8, 2, dim_feedforward=16, batch_first=True)
    >>> layer(np.ones((3, 5, 8)), np.ones((3, 7, 8))).shape
    (3, 5, 8)
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = functional.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        activation = _activation_of(type(self).__name__, activation)
        check_switch(type(self).__name__, batch_first=batch_first, norm_first=norm_first, bias=bias)
        self.self_attn, self.multihead_attn = [
            MultiheadAttention(d_model, nhead, dropout=dropout, bias=bias, batch_first=batch_first, dtype=dtype, rng=rng)
            for _ in range(2)
        ]
        self.linear1 = Linear(d_model, dim_feedforward, bias, dtype, rng)
        self.dropout = Dropout(dropout, rng=rng)
        self.linear2 = Linear(dim_feedforward, d_model, bias, dtype, rng)
        self.norm_first = bool(norm_first)
        self.norm1, self.norm2, self.norm3 = [LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype) for _ in range(3)]
        self.dropout1, self.dropout2, self.dropout3 = [Dropout(dropout, rng=rng) for _ in range(3)]
        self.activation = activation

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Any:
        """What the layer makes of a sequence and a memory.

        Args:
            tgt: the sequence.
            memory: what it looks things up in, such as the result of an encoder.
            tgt_mask: which place may not attend to which, (T, T) or (N nhead, T, T).
            memory_mask: which place may not attend to which of the memory, (T, S) or (N nhead, T, S).
            tgt_key_padding_mask: the places that nobody attends to, (N, T).
            memory_key_padding_mask: those of the memory, (N, S).
            tgt_is_causal: whether place i attends to the places 0 to i only, besides what the masks say.
            memory_is_causal: the same of the memory.
        """
        x = in_dtype(tgt, self.linear1.weight.dtype, lambda: described(self))
        itself = (tgt_mask, tgt_key_padding_mask, tgt_is_causal)
        others = (memory, memory_mask, memory_key_padding_mask, memory_is_causal)
        if self.norm_first:
            x = x + self._attended(self.norm1(x), *itself)
            x = x + self._looked_up(self.norm2(x), *others)
            return x + self._transformed(self.norm3(x))
        x = self.norm1(x + self._attended(x, *itself))
        x = self.norm2(x + self._looked_up(x, *others))
        return self.norm3(x + self._transformed(x))

    def _attended(self, x: Any, mask: Any, padding: Any, is_causal: bool) -> Any:
        return self.dropout1(self.self_attn(x, x, x, padding, False, mask, is_causal=is_causal)[0])

    def _looked_up(self, x: Any, memory: Any, mask: Any, padding: Any, is_causal: bool) -> Any:
        return self.dropout2(self.multihead_attn(x, memory, memory, padding, False, mask, is_causal=is_causal)[0])

    def _transformed(self, x: Any) -> Any:
        return self.dropout3(self.linear2(self.dropout(self.activation(self.linear1(x)))))


def _activation_of(receiver: str, activation: Activation) -> Callable[[Any], Any]:
    if isinstance(activation, str) and activation in _ACTIVATIONS:
        return _ACTIVATIONS[activation]
    if not callable(activation):
        raise ValueError(f"{receiver}: expected activation 'relu', 'gelu' or a function, received {activation!r}")
    return activation
