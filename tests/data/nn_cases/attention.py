"""Attention and transformers. For queries without any key ``MultiheadAttention`` gives NaN there, so its masks leave some."""

import numpy as np

from nn_cases.describing import function, given, made, module, reals

LOOK_BACK = ~np.tri(3, dtype=bool)  # True where a place may not attend
SOME = np.array([[True, False, True, True], [False, True, False, False], [True, True, True, True]])
NONE_IN_A_ROW = np.array([[True, False, True, True], [False, False, False, False], [True, True, True, True]])
PADDED = np.array([[False, False, True], [False, False, False]])
BIASES = np.array([[0.0, 0.5, -np.inf], [0.2, 0.0, 0.0]])


def attention(query, key, value, **keywords):
    return function("scaled_dot_product_attention", reals(*query), reals(*key), reals(*value), **keywords)


def heads(*inputs, settings=None, **keywords):
    return module("MultiheadAttention", 4, 2, **settings or {})(*[reals(*each) for each in inputs], **keywords)


def small(name, *arguments, **settings):
    return module(name, *arguments, **{"dropout": 0.0, **settings})


CASES = [
    attention((3, 2), (4, 2), (4, 3)),
    attention((2, 3, 2), (2, 4, 2), (2, 4, 1)),
    attention((2, 2, 3, 2), (2, 2, 3, 2), (2, 2, 3, 2), is_causal=True),
    attention((2, 3, 2), (2, 4, 2), (2, 4, 2), is_causal=True, scale=2.5),
    attention((2, 4, 2), (2, 3, 2), (2, 3, 2), is_causal=True, scale=9.0),
    attention((2, 3, 2), (2, 4, 2), (2, 4, 2), attn_mask=given(SOME)),
    attention((2, 3, 2), (2, 4, 2), (2, 4, 2), attn_mask=given(SOME[None, 2:])),
    attention((2, 3, 2), (2, 4, 2), (2, 4, 2), attn_mask=given(NONE_IN_A_ROW), scale=0.5),
    attention((2, 3, 2), (2, 4, 2), (2, 4, 2), attn_mask=given(np.where(NONE_IN_A_ROW, 0.0, -np.inf)), scale=0.4),
    attention((2, 3, 2), (2, 4, 2), (2, 4, 2), attn_mask=reals(3, 4), scale=1.5),
    attention((2, 2, 3, 2), (2, 2, 4, 2), (2, 2, 4, 2), attn_mask=reals(2, 1, 3, 1), scale=0.3),
    attention((1, 4, 3, 2), (1, 2, 3, 2), (1, 2, 3, 2), enable_gqa=True),
    attention((1, 4, 3, 2), (1, 1, 3, 2), (1, 1, 3, 2), enable_gqa=True, is_causal=True),
    attention((0, 3, 2), (0, 4, 2), (0, 4, 2)),
    function(
        "multi_head_attention_forward",
        *[reals(2, 2, 4), reals(3, 2, 4), reals(3, 2, 4), 4, 2, reals(12, 4), reals(12), None, None, False, 0.0],
        *[reals(4, 4), reals(4)],
    ),
    function(
        "multi_head_attention_forward",
        *[reals(2, 4), reals(3, 3), reals(3, 2), 4, 2, None, reals(12), reals(1, 1, 4), reals(1, 1, 4), True, 0.5],
        *[reals(4, 4), None],
        training=False,
        use_separate_proj_weight=True,
        q_proj_weight=reals(4, 4),
        k_proj_weight=reals(4, 3),
        v_proj_weight=reals(4, 2),
        average_attn_weights=False,
    ),
    *[
        heads((2, 2, 4), (3, 2, 4), (3, 2, 4), need_weights=need, settings={"bias": bias})
        for need in (True, False)
        for bias in (True, False)
    ],
    heads((2, 4), (3, 4), (3, 4)),
    heads((2, 4), (3, 4), (3, 4), need_weights=False, attn_mask=reals(2, 2, 3)),
    heads((2, 4), (3, 4), (3, 4), key_padding_mask=given(PADDED[0])),
    heads((2, 2, 4), (2, 3, 4), (2, 3, 4), average_attn_weights=False, settings={"batch_first": True}),
    *[
        heads((2, 3, 4), (2, 3, 4), (2, 3, 4), need_weights=need, settings={"batch_first": True}, **masks)
        for need in (True, False)
        for masks in (
            {"attn_mask": given(LOOK_BACK)},
            {"attn_mask": reals(4, 3, 3)},
            {"key_padding_mask": given(PADDED)},
            {"attn_mask": given(LOOK_BACK), "key_padding_mask": given(PADDED)},
            {"attn_mask": reals(4, 3, 3), "key_padding_mask": given(np.where(PADDED, -np.inf, 0.5))},
            {"attn_mask": given(LOOK_BACK), "is_causal": True},
        )
    ],
    *[
        heads((2, 2, 4), (3, 2, kdim), (3, 2, vdim), settings={"kdim": kdim, "vdim": vdim, **settings}, **masks)
        for kdim, vdim in ((3, 5), (4, 2))
        for settings, masks in (
            ({}, {}),
            ({"add_bias_kv": True}, {"key_padding_mask": given(PADDED)}),
            ({"bias": False, "add_zero_attn": True}, {"attn_mask": given(BIASES)}),
        )
    ],
    heads((2, 4), (3, 4), (3, 4), settings={"add_bias_kv": True, "add_zero_attn": True}, attn_mask=given(BIASES)),
    heads((2, 2, 4), (3, 2, 4), (3, 2, 4), settings={"dropout": 0.5}, training=False, second=False),
    *[
        small("TransformerEncoderLayer", 4, 2, 5, activation=activation, norm_first=first, batch_first=True)(reals(2, 3, 4))
        for activation in ("relu", "gelu")
        for first in (True, False)
    ],
    small("TransformerEncoderLayer", 4, 2, 5, bias=False, layer_norm_eps=0.1)(reals(3, 2, 4)),
    small("TransformerEncoderLayer", 4, 2, 5)(reals(3, 4), src_mask=given(LOOK_BACK), is_causal=True),
    module("TransformerEncoderLayer", 4, 2, 5, batch_first=True)(
        reals(2, 3, 4), src_mask=reals(3, 3), src_key_padding_mask=given(np.where(PADDED, -1.0, 0.0)), training=False
    ),
    *[
        small("TransformerDecoderLayer", 4, 2, 5, activation=activation, norm_first=first, batch_first=True)(
            reals(2, 3, 4), reals(2, 2, 4)
        )
        for activation, first in (("relu", False), ("gelu", True))
    ],
    small("TransformerDecoderLayer", 4, 2, 5, bias=False)(
        reals(3, 2, 4),
        reals(4, 2, 4),
        tgt_mask=given(LOOK_BACK),
        memory_mask=given(~SOME),
        tgt_key_padding_mask=given(PADDED),
        tgt_is_causal=True,
    ),
    small("TransformerDecoderLayer", 4, 2, 5)(reals(2, 4), reals(3, 4), memory_key_padding_mask=given(PADDED[0])),
    module("TransformerEncoder", made("TransformerEncoderLayer", 4, 2, 3, 0.0), 2)(
        reals(3, 2, 4), mask=given(LOOK_BACK), src_key_padding_mask=given(PADDED), is_causal=True
    ),
    module("TransformerDecoder", made("TransformerDecoderLayer", 4, 2, 3, 0.0), 2, made("LayerNorm", 4, bias=False))(
        reals(3, 2, 4), reals(2, 2, 4), tgt_mask=given(LOOK_BACK), tgt_is_causal=True
    ),
    small("Transformer", 4, 2, 1, 2, 3)(reals(3, 2, 4), reals(2, 2, 4)),
    small("Transformer", 4, 2, 2, 1, 3, batch_first=True, norm_first=True, activation="gelu")(
        reals(2, 3, 4),
        reals(2, 3, 4),
        tgt_mask=given(np.where(LOOK_BACK, -np.inf, 0.0)),
        src_key_padding_mask=given(PADDED),
        memory_key_padding_mask=given(PADDED),
    ),
    module("Transformer", 4, 1, 1, 1, 3, bias=False)(reals(3, 4), reals(2, 4), src_mask=reals(3, 3), training=False),
]
