"""The transformer: layers of attention and perceptrons, stacked into an encoder, a decoder, and both together.

The layers are in ``transformer_layers``, where it is said what the masks mean.
"""

from __future__ import annotations  # np.random would be imported to annotate with it

import copy
from typing import Any

import numpy as np

from nn import functional, init
from nn.inputs import check_switch, check_whole
from nn.layers.normalization import LayerNorm
from nn.layers.transformer_layers import Activation, TransformerDecoderLayer, TransformerEncoderLayer
from nn.module import Module
from nn.paths import described


class TransformerEncoder(Module):
    """``num_layers`` copies of an encoder layer, one behind the other, and a norm behind them.

    The copies start with the same numbers, as in PyTorch; ``nn.init`` gives them others.

    Args:
        encoder_layer: what is copied.
        num_layers: how many copies there are.
        norm: what stands behind the last; ``None`` for nothing.
        enable_nested_tensor: changes nothing; there are no nested tensors here. With them PyTorch gives 0 for padded places in
            evaluation, without a gradient; here they are computed like the others.
        mask_check: changes nothing.

    Shapes: those of the layer.

    >>> encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), num_layers=3)
    >>> encoder(np.ones((5, 3, 8))).shape
    (5, 3, 8)
    """

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        check_switch(type(self).__name__, enable_nested_tensor=enable_nested_tensor, mask_check=mask_check)
        self.layers = _copies(type(self).__name__, encoder_layer, num_layers)
        self.num_layers = int(num_layers)
        self.norm = norm

    def forward(self, src: Any, mask: Any = None, src_key_padding_mask: Any = None, is_causal: bool | None = None) -> Any:
        """What the layers make of a sequence; arguments as in ``TransformerEncoderLayer``, for every layer."""
        x = src
        for layer in self.layers:
            x = layer(x, src_mask=mask, src_key_padding_mask=src_key_padding_mask, is_causal=bool(is_causal))
        return x if self.norm is None else self.norm(x)


class TransformerDecoder(Module):
    """``num_layers`` copies of a decoder layer, one behind the other, all with the same memory, and a norm behind them.

    The copies start with the same numbers, as in PyTorch; ``nn.init`` gives them others.

    Args:
        decoder_layer: what is copied.
        num_layers: how many copies there are.
        norm: what stands behind the last; ``None`` for nothing.

    Shapes: those of the layer.

    >>> decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16), num_layers=3)
    >>> decoder(np.ones((5, 3, 8)), np.ones((7, 3, 8))).shape
    (5, 3, 8)
    """

    def __init__(self, decoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        self.layers = _copies(type(self).__name__, decoder_layer, num_layers)
        self.num_layers = int(num_layers)
        self.norm = norm

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Any:
        """What the layers make of a sequence and a memory; arguments as in ``TransformerDecoderLayer``, for every layer."""
        x = tgt
        for layer in self.layers:
            x = layer(
                x,
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
                tgt_is_causal=bool(tgt_is_causal),
                memory_is_causal=bool(memory_is_causal),
            )
        return x if self.norm is None else self.norm(x)


class Transformer(Module):
    """An encoder of one sequence, and a decoder of another that looks things up in what the encoder gives.

    ``decoder(tgt, encoder(src))``. All matrices start with Xavier's uniform numbers. Embeddings, positions and the layer behind
    the decoder are not part of it.

    Args:
        d_model: the number of features E.
        nhead: the number of heads, which divides E.
        num_encoder_layers: the number of layers of the encoder.
        num_decoder_layers: that of the decoder.
        dim_feedforward: the number of features inside the perceptrons.
        dropout: the share of numbers that is set to 0 in training.
        activation: ``"relu"``, ``"gelu"``, or a function.
        custom_encoder: an encoder to take in place of ``TransformerEncoder``.
        custom_decoder: a decoder to take in place of ``TransformerDecoder``.
        layer_norm_eps: what is added to variances.
        batch_first: whether batches are (N, L, E), not (L, N, E).
        norm_first: whether the norms stand before their parts.
        bias: whether projections and norms have a bias.
        dtype: of the parameters; by default float32.
        rng: where the first numbers and the dropout come from; by default the library's generator (``ag.seed``).

    Shapes: src (S, N, E), tgt (T, N, E) -> (T, N, E); with ``batch_first`` N comes first; for one example there is no N.

    Raises:
        ValueError: when ``nhead`` does not divide ``d_model``, for another activation's name, and for shapes that do not fit.

    Source: A. Vaswani et al., Attention is all you need, 2017.

    >>> model = nn.Transformer(8, 2, 1, 1, dim_feedforward=16, batch_first=True)
    >>> mask = nn.Transformer.generate_square_subsequent_mask(5)
    >>> model(np.ones((3, 7, 8)), np.ones((3, 5, 8)), tgt_mask=mask).shape
    (3, 5, 8)
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = functional.relu,
        custom_encoder: Any = None,
        custom_decoder: Any = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        dtype: Any = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        check_switch(type(self).__name__, batch_first=batch_first, norm_first=norm_first, bias=bias)
        settings = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias)
        self.encoder = custom_encoder
        if custom_encoder is None:
            encoder_layer = TransformerEncoderLayer(*settings, dtype=dtype, rng=rng)
            norm = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
            self.encoder = TransformerEncoder(encoder_layer, num_encoder_layers, norm)
        self.decoder = custom_decoder
        if custom_decoder is None:
            decoder_layer = TransformerDecoderLayer(*settings, dtype=dtype, rng=rng)
            norm = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
            self.decoder = TransformerDecoder(decoder_layer, num_decoder_layers, norm)
        for each in self.parameters():
            if each.ndim > 1:
                init.xavier_uniform_(each, rng=rng)
        self.d_model = int(d_model)
        self.nhead = int(nhead)
        self.batch_first = bool(batch_first)

    def forward(
        self,
        src: Any,
        tgt: Any,
        src_mask: Any = None,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        src_key_padding_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Any:
        """What the decoder makes of ``tgt`` and the encoded ``src``.

        Args:
            src: the sequence for the encoder.
            tgt: the sequence for the decoder.
            src_mask: which place of ``src`` may not attend to which, (S, S) or (N nhead, S, S).
            tgt_mask: the same of ``tgt``, (T, T) or (N nhead, T, T).
            memory_mask: which place of ``tgt`` may not attend to which of the encoded ``src``, (T, S) or (N nhead, T, S).
            src_key_padding_mask: the places of ``src`` that nobody in the encoder attends to, (N, S).
            tgt_key_padding_mask: those of ``tgt``, (N, T).
            memory_key_padding_mask: those of the encoded ``src``, for the decoder, (N, S).
            src_is_causal: whether place i of ``src`` attends to the places 0 to i only, besides what the masks say.
            tgt_is_causal: the same of ``tgt``.
            memory_is_causal: the same of ``tgt`` and the encoded ``src``.
        """
        shapes = [np.shape(each) for each in (src, tgt)]
        ndim, batch = len(shapes[0]), 0 if self.batch_first else 1
        if (
            [each[-1:] for each in shapes] != [(self.d_model,)] * 2
            or len(shapes[1]) != ndim
            or ndim not in (2, 3)
            or (ndim == 3 and shapes[0][batch] != shapes[1][batch])
        ):
            e = self.d_model
            expected = f"(N, S, {e}) and (N, T, {e})" if self.batch_first else f"(S, N, {e}) and (T, N, {e})"
            raise ValueError(
                f"{described(self)}: expected src and tgt of shapes {expected}, or (S, {e}) and (T, {e}) for one example; "
                f"received {shapes[0]} and {shapes[1]}"
            )
        memory = self.encoder(src, mask=src_mask, src_key_padding_mask=src_key_padding_mask, is_causal=src_is_causal)
        return self.decoder(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )

    @staticmethod
    def generate_square_subsequent_mask(sz: int, dtype: Any = None) -> np.ndarray[Any, Any]:
        """The mask with which no place attends to a later one: -inf above the diagonal, else 0. Shapes: (sz, sz).

        >>> nn.Transformer.generate_square_subsequent_mask(2)
        array([[  0., -inf],
               [  0.,   0.]], dtype=float32)
        """
        check_whole("generate_square_subsequent_mask", "sz", sz)
        return np.triu(np.full((sz, sz), -np.inf, np.float32 if dtype is None else dtype), 1)


def _copies(receiver: str, layer: Module, count: int) -> list[Module]:
    """Copies of a layer, that draw from its generator."""
    if not isinstance(layer, Module):
        raise TypeError(f"{receiver}: expected a layer to copy, received {type(layer).__name__}")
    check_whole(receiver, "num_layers", count)
    values = [each for part in layer.modules() for each in vars(part).values()]
    generators = {id(each): each for each in values if isinstance(each, np.random.Generator)}
    return [copy.deepcopy(layer, dict(generators)) for _ in range(count)]
