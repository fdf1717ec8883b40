"""Attention, transformers, and positions. Unless it is said, axis 0 is that of the sequence and axis 1 that of examples."""

import numpy as np

import nn
from autograd.samples import booleans, reals
from tests.nn.records.describing import Record

E, H = 4, 2
SEQUENCE, MEMORY = reals(3, 2, E), reals(2, 2, E)


def heads(**settings):
    return lambda: nn.MultiheadAttention(E, H, **settings)


RECORDS = [
    Record(
        heads(dropout=0.3),
        (SEQUENCE, MEMORY, MEMORY),
        batch=(1, 1, 1),
        out=(1, 0),
        random=True,
        wrong=(
            (reals(3, 2, 5), MEMORY, MEMORY),
            (SEQUENCE, reals(2, 3, E), reals(2, 3, E)),
            (SEQUENCE, MEMORY, reals(3, 2, E)),
            (SEQUENCE, MEMORY, reals(2, E)),
            (reals(E), reals(E), reals(E)),
            (SEQUENCE, MEMORY, MEMORY, booleans(2, 3)),
            (SEQUENCE, MEMORY, MEMORY, None, True, booleans(2, 3)),
            (SEQUENCE, MEMORY, MEMORY, None, True, np.zeros((3, 2), int)),
        ),
    ),
    Record(
        heads(batch_first=True, bias=False, kdim=3, vdim=5, add_bias_kv=True),
        (reals(2, 3, E), reals(2, 2, 3), reals(2, 2, 5)),
        out=(0, 0),
    ),
    Record(heads(add_zero_attn=True), (reals(3, E), reals(2, E), reals(2, E)), per_example=False, empty=False),
    Record(
        heads(batch_first=True),
        (reals(2, 3, E), reals(2, 3, E), reals(2, 3, E), np.array([[False, True, False], [False, False, True]])),
        keywords={"attn_mask": np.triu(np.full((3, 3), -np.inf), 1), "is_causal": True, "average_attn_weights": False},
        batch=(0, 0, 0, 0),
        out=(0, 0),
    ),
    Record(
        lambda: nn.TransformerEncoderLayer(E, H, 5, activation="gelu", norm_first=True),
        (SEQUENCE,),
        batch=(1,),
        out=(1,),
        random=True,
        wrong=((reals(3, 2, 5),),),
    ),
    Record(
        lambda: nn.TransformerDecoderLayer(E, H, 5, activation="gelu", batch_first=True, bias=False),
        (reals(2, 3, E), reals(2, 2, E)),
        random=True,
        wrong=((reals(2, 3, E), reals(2, 2, 5)), (reals(2, 3, E), reals(3, 2, E))),
    ),
    Record(
        lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(E, H, 3, 0.0, "gelu"), 1, nn.LayerNorm(E)),
        (SEQUENCE,),
        keywords={"is_causal": True},
        batch=(1,),
        out=(1,),
        second=False,  # of what is checked for each layer
        wrong=((reals(3, 2, 5),),),
    ),
    Record(
        lambda: nn.TransformerDecoder(nn.TransformerDecoderLayer(E, H, 3, 0.0, "gelu"), 1),
        (SEQUENCE, MEMORY),
        batch=(1, 1),
        out=(1,),
        second=False,
        wrong=((reals(3, 2, 5), MEMORY),),
    ),
    Record(
        lambda: nn.Transformer(E, H, 1, 1, 3, activation="gelu"),
        (MEMORY, SEQUENCE),
        batch=(1, 1),
        out=(1,),
        training=False,
        second=False,
        wrong=((SEQUENCE, reals(3, 1, E)), (SEQUENCE, reals(3, 2, 5)), (SEQUENCE, reals(2, E)), (reals(E), reals(E))),
    ),
    Record(
        lambda: nn.SinusoidalPositionalEncoding(E, max_len=5),
        (SEQUENCE,),
        batch=(1,),
        out=(1,),
        wrong=((reals(3, 2, 5),), (reals(6, 2, E),), (reals(E),)),
    ),
    Record(lambda: nn.SinusoidalPositionalEncoding(E, batch_first=True), (reals(2, 3, E),)),
    Record(
        lambda: nn.RotaryPositionalEmbedding(E),
        (reals(2, 3, E),),
        wrong=((reals(2, 3, 5),), (reals(E),), (reals(2, 3, E), np.arange(4.0))),
    ),
    Record(lambda: nn.RotaryPositionalEmbedding(E, interleaved=False), (reals(2, H, 3, E), np.arange(3.0)), batch=(0, None)),
]
