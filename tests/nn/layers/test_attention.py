"""Attention: what the tables of parity and layers do not see."""

import math

import numpy as np
import pytest

import autograd as ag
import nn
from nn.functional import scaled_dot_product_attention as attend


def draw(*shapes, seed=0, dtype=np.float64, scale=1.0):
    rng = np.random.default_rng(seed)
    return [(scale * rng.normal(size=shape)).astype(dtype) for shape in shapes]


def by_definition(query, key, value, allowed=True, added=0.0, scale=None):
    """Attention as the formula has it, each row with exponentials of its own."""
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = np.where(allowed, scale * (query @ np.swapaxes(key, -1, -2)) + added, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return (weights / weights.sum(-1, keepdims=True)) @ value


def recorded(*arrays):
    return [ag.tensor(each, requires_grad=True) for each in arrays]


# ---------------------------------------------------------------- scaled_dot_product_attention


@pytest.mark.parametrize(("length", "keys"), [(300, 300), (300, 130), (130, 300), (128, 128), (129, 129), (1, 200)])
def test_a_long_causal_sequence_is_attended_to_in_blocks(length, keys):
    query, key, value, g = draw((2, length, 3), (2, keys, 3), (2, keys, 2), (2, length, 2))
    allowed = np.arange(keys) <= np.arange(length)[:, None]
    np.testing.assert_allclose(attend(query, key, value, is_causal=True), by_definition(query, key, value, allowed), atol=1e-12)
    found, expected = [
        ag.grad_of(attend(*leaves, **mask), leaves, g)
        for mask in ({"is_causal": True}, {"attn_mask": allowed})
        for leaves in [recorded(query, key, value)]
    ]
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), atol=1e-12)


def test_a_causal_result_does_not_depend_on_what_comes_later():
    query, key, value = draw((200, 4), (200, 4), (200, 4))
    before = attend(query, key, value, is_causal=True)
    key[150:], value[150:] = 7.0, -7.0
    after = attend(query, key, value, is_causal=True)
    np.testing.assert_array_equal(after[:150], before[:150])
    assert np.all(after[150:] != before[150:])


@pytest.mark.parametrize("size", [1.0, 10.0, 20.0, 1e2, 1e4])
def test_scores_of_any_size_in_single_precision(size):
    query, key, value = draw((4, 5, 3), (4, 6, 3), (4, 6, 2), dtype=np.float32)
    found = attend(query, key, value, scale=size)
    assert found.dtype == np.float32
    # float32 scores of this size are rounded by this much
    np.testing.assert_allclose(found, by_definition(query, key, value, scale=np.float32(size)), atol=2e-6 * max(size, 1))
    leaves = recorded(query, key, value)
    assert all(np.isfinite(each.numpy()).all() for each in ag.grad_of(attend(*leaves, scale=size).sum(), leaves))


def test_added_numbers_of_any_size():
    query, key, value, added = draw((2, 5, 3), (2, 6, 3), (2, 6, 2), (5, 6), scale=1.0)
    for size in (1.0, 1e3, 1e5):
        found = attend(query, key, value, attn_mask=size * added)
        np.testing.assert_allclose(found, by_definition(query, key, value, added=size * added), atol=1e-9)


def test_shifting_all_scores_of_a_row_changes_nothing():
    query, key, value, shift = draw((5, 3), (6, 3), (6, 2), (5, 1), scale=3.0)
    expected = attend(query, key, value)
    np.testing.assert_allclose(attend(query, key, value, attn_mask=1e4 * shift), expected, atol=1e-9)


@pytest.mark.parametrize("scale", [0.5, 1e3])
def test_a_query_without_keys_gets_0_and_gives_no_gradient(scale):
    leaves = recorded(*draw((3, 2), (4, 2), (4, 3)))
    mask = np.array([[True] * 4, [False] * 4, [True, False, True, False]])
    with np.errstate(all="raise", under="ignore"):
        out = attend(*leaves, mask, scale=scale)
        flow, *_ = ag.grad_of(out.sum(), leaves)
    np.testing.assert_array_equal(out[1].numpy(), 0)
    np.testing.assert_array_equal(flow[1].numpy(), 0)
    assert np.all(out[[0, 2]].numpy() != 0)


@pytest.mark.parametrize("is_causal", [True, False])
def test_no_keys_at_all_give_0_and_no_queries_no_gradient(is_causal):
    out = attend(np.ones((2, 3)), np.ones((0, 3)), np.ones((0, 4)), is_causal=is_causal)
    np.testing.assert_array_equal(out, np.zeros((2, 4)))
    leaves = recorded(np.ones((0, 3)), np.ones((2, 3)), np.ones((2, 4)))
    out = attend(*leaves, is_causal=is_causal)
    assert out.shape == (0, 4)
    for each, flow in zip(leaves, ag.grad_of(out, leaves, np.ones((0, 4))), strict=True):
        np.testing.assert_array_equal(flow.numpy(), np.zeros(each.shape))


def test_leading_axes_broadcast():
    query, key, value = recorded(*draw((5, 1, 3, 2), (2, 4, 2), (1, 4, 2)))
    out = attend(query, key, value)
    assert out.shape == (5, 2, 3, 2)
    whole = [np.broadcast_to(each.numpy(), (5, 2, *each.shape[-2:])) for each in (query, key, value)]
    np.testing.assert_allclose(out.numpy(), by_definition(*whole), atol=1e-12)
    assert [each.shape for each in ag.grad_of(out.sum(), [query, key, value])] == [query.shape, key.shape, value.shape]


def test_heads_are_put_together_without_a_copy():
    (x,) = draw((2, 5, 3, 4, 6))
    query, key, value = np.transpose(x, (2, 0, 3, 1, 4))
    out = np.transpose(attend(query, key, value), (0, 2, 1, 3))
    assert np.shares_memory(out, np.reshape(out, (2, 5, 24)))


def test_groups_of_heads_share_keys():
    query, key, value = draw((2, 6, 3, 2), (2, 3, 4, 2), (2, 3, 4, 2))
    found = attend(query, key, value, enable_gqa=True)
    for head in range(6):
        np.testing.assert_allclose(found[:, head], by_definition(query[:, head], key[:, head // 2], value[:, head // 2]))


def test_arrays_lists_and_integers():
    query, key, value = [[1, 0]], [[1, 0], [0, 1]], [[1.0], [2.0]]
    out = attend(query, key, value)
    assert type(out) is np.ndarray
    assert out.dtype == np.float64
    np.testing.assert_allclose(out, by_definition(*map(np.array, (query, key, value))))
    assert type(attend(query, key, value, dropout_p=0.5)) is np.ndarray


@pytest.mark.parametrize(
    ("arguments", "keywords", "message"),
    [
        ((np.ones(3), np.ones((2, 3)), np.ones((2, 3))), {}, r"expected query \(..., L, E\).*received \(3,\)"),
        ((np.ones((2, 3)), np.ones((2, 4)), np.ones((2, 4))), {}, r"received \(2, 3\), \(2, 4\)"),
        ((np.ones((2, 3)), np.ones((2, 3)), np.ones((4, 3))), {}, r"received \(2, 3\), \(2, 3\), \(4, 3\)"),
        ((np.ones((5, 2, 3)), np.ones((4, 2, 3)), np.ones((2, 3))), {}, "leading axes that broadcast"),
        ((np.ones((2, 3)),) * 3, {"attn_mask": np.ones((3, 2))}, r"attn_mask to broadcast to \(..., L, S\) = \(2, 2\)"),
        ((np.ones((2, 3)),) * 3, {"attn_mask": np.ones((4, 2, 2))}, r"received \(4, 2, 2\)"),
        ((np.ones((2, 3)),) * 3, {"attn_mask": np.ones((2, 2)), "is_causal": True}, "received both"),
        ((np.ones((2, 3)),) * 3, {"dropout_p": 1.5}, "dropout_p"),
        ((np.ones((1, 4, 2, 3)), np.ones((1, 3, 2, 3)), np.ones((1, 2, 2, 3))), {"enable_gqa": True}, "divides"),
    ],
)
def test_refused_values(arguments, keywords, message):
    with pytest.raises(ValueError, match=message):
        attend(*arguments, **keywords)


def test_refused_types():
    x = np.ones((2, 3))
    with pytest.raises(TypeError, match=r"attn_mask of bool or floating numbers, received int.*astype\(bool\)"):
        attend(x, x, x, attn_mask=np.ones((2, 2), int))
    with pytest.raises(TypeError, match="complex128"):
        attend(x * 1j, x, x)


# ---------------------------------------------------------------- dropout of weights


def test_dropout_leaves_out_a_share_of_the_weights_and_keeps_the_mean():
    values = np.broadcast_to(np.eye(400), (50, 400, 400))  # so that the result shows the weights
    nothing = np.zeros((50, 1, 2))
    weights = attend(nothing, np.zeros((50, 400, 2)), values, dropout_p=0.3, rng=np.random.default_rng(0))
    assert set(np.unique(weights.round(12))) == {0.0, round(1 / 400 / 0.7, 12)}
    assert abs(np.mean(weights == 0) - 0.3) < 0.02
    assert not np.array_equal(weights[0], weights[1])
    np.testing.assert_array_equal(attend(nothing, np.zeros((50, 400, 2)), values, dropout_p=1.0), 0)


def test_dropout_draws_from_its_generator_and_for_each_example_of_a_vmap():
    x = np.ones((4, 3, 2))
    first, again = [attend(x, x, x, dropout_p=0.5, rng=np.random.default_rng(3)) for _ in range(2)]
    np.testing.assert_array_equal(first, again)
    ag.seed(0)
    each = ag.vmap(lambda x: attend(x, x, x, dropout_p=0.5))(np.ones((20, 3, 2)))
    assert len(np.unique(each, axis=0)) > 10


def test_checkpoint_repeats_the_dropout():
    flows = []
    for wrap in (lambda f: f, ag.checkpoint):
        ag.seed(1)
        x = ag.tensor(draw((5, 4))[0], requires_grad=True)
        f = wrap(lambda x: attend(x, x, x, dropout_p=0.4))
        (f(x) ** 2).sum().backward()
        flows.append(x.grad.numpy())
    np.testing.assert_allclose(flows[0], flows[1], atol=1e-14)


# ---------------------------------------------------------------- MultiheadAttention


def heads(*arguments, **settings):
    ag.seed(0)
    return nn.MultiheadAttention(*arguments, dtype=np.float64, **settings)


def test_self_attention_is_attention_to_copies():
    """One product for all three, or two, or three."""
    layer = heads(6, 3)
    ag.seed(1)
    nn.init.uniform_(layer.in_proj_bias)
    x, g = draw((4, 2, 6), (4, 2, 6))
    results = []
    for inputs in ((x, x, x), (x, x.copy(), x.copy()), (x, *[x.copy()] * 2), (x, x, x.copy())):
        layer.zero_grad()
        out, weights = layer(*inputs)
        (out * g).sum().backward()
        results.append([out.numpy(), weights.numpy(), *[each.grad.numpy() for each in layer.parameters()]])
    for each in results[1:]:
        for a, b in zip(each, results[0], strict=True):
            np.testing.assert_allclose(a, b, atol=1e-12)


def test_it_is_attention_of_projected_inputs():
    layer = heads(4, 2, bias=False, batch_first=True)
    query, key = draw((3, 5, 4), (3, 6, 4))
    w = np.split(layer.in_proj_weight.numpy(), 3)
    q, k, v = [np.transpose((x @ w.T).reshape(3, -1, 2, 2), (0, 2, 1, 3)) for x, w in zip((query, key, key), w, strict=True)]
    allowed = np.ones((5, 6), bool)
    allowed[2, 3:] = False
    expected = np.transpose(by_definition(q, k, v, allowed), (0, 2, 1, 3)).reshape(3, 5, 4) @ layer.out_proj.weight.numpy().T
    np.testing.assert_allclose(layer(query, key, key, attn_mask=~allowed)[0].numpy(), expected, atol=1e-12)


@pytest.mark.parametrize("settings", [{}, {"add_bias_kv": True}, {"add_zero_attn": True, "batch_first": True}])
def test_is_causal_needs_no_mask(settings):
    layer = heads(4, 2, **settings)
    (x,) = draw((3, 3, 4))
    mask = nn.Transformer.generate_square_subsequent_mask(3, np.float64)
    alone = layer(x, x, x, is_causal=True)
    for keywords in ({"attn_mask": mask}, {"attn_mask": mask < 0}, {"attn_mask": mask, "is_causal": True}):
        for a, b in zip(alone, layer(x, x, x, **keywords), strict=True):
            np.testing.assert_allclose(a.numpy(), b.numpy(), atol=1e-12)


def test_padded_keys_do_not_count_and_all_padded_ones_give_the_bias():
    layer = heads(4, 2, batch_first=True)
    nn.init.uniform_(layer.out_proj.bias)
    query, key = draw((2, 3, 4), (2, 5, 4))
    padding = np.zeros((2, 5), bool)
    padding[0, 3:] = padding[1] = True
    out, weights = layer(query, key, key, padding)
    np.testing.assert_allclose(out[0].numpy(), layer(query[0], key[0, :3], key[0, :3])[0].numpy(), atol=1e-12)
    np.testing.assert_array_equal(out[1].numpy(), np.broadcast_to(layer.out_proj.bias.numpy(), (3, 4)))
    np.testing.assert_array_equal(weights[1].numpy(), 0)


def test_weights_are_those_that_were_used():
    layer = heads(4, 1, dropout=0.5, bias=False, batch_first=True)
    nn.init.constant_(layer.out_proj.weight, 0)
    with ag.no_grad():
        layer.out_proj.weight[...] = np.eye(4)
        layer.in_proj_weight[8:] = np.eye(4)
    (x,) = draw((2, 4, 4))
    out, weights = layer(x, x, x)
    np.testing.assert_allclose(out.numpy(), weights.numpy() @ x, atol=1e-12)
    assert 0 < np.mean(weights.numpy() == 0) < 1
    out, weights = layer.eval()(x, x, x)
    np.testing.assert_allclose(weights.numpy().sum(-1), 1, atol=1e-12)
    assert layer(x, x, x, need_weights=False)[1] is None


def test_members():
    assert list(heads(4, 2).state_dict()) == ["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"]
    separate = heads(4, 2, kdim=3, add_bias_kv=True, bias=False)
    assert [(path, each.shape) for path, each in separate.state_dict().items()] == [
        ("q_proj_weight", (4, 4)),
        ("k_proj_weight", (4, 3)),
        ("v_proj_weight", (4, 4)),
        ("bias_k", (1, 1, 4)),
        ("bias_v", (1, 1, 4)),
        ("out_proj.weight", (4, 4)),
    ]
    assert nn.MultiheadAttention(4, 2).in_proj_weight.dtype == np.float32


def test_first_values():
    layer = heads(64, 4, add_bias_kv=True)
    for weight, bound in ((layer.in_proj_weight, math.sqrt(6 / (64 + 3 * 64))), (layer.out_proj.weight, 1 / math.sqrt(64))):
        values = weight.numpy()
        assert 0.98 * bound < np.abs(values).max() <= bound
        assert abs(values.std() - bound / math.sqrt(3)) < 0.02 * bound
    assert not np.any(layer.in_proj_bias.numpy())
    assert not np.any(layer.out_proj.bias.numpy())
    assert 0.5 < layer.bias_k.numpy().std() * math.sqrt(64) < 1.5
    same = [nn.MultiheadAttention(4, 2, rng=np.random.default_rng(5)).in_proj_weight.numpy() for _ in range(2)]
    np.testing.assert_array_equal(*same)


@pytest.mark.parametrize(
    ("arguments", "settings", "message"),
    [
        ((6, 4), {}, "an embed_dim that num_heads divides, received embed_dim=6, num_heads=4"),
        ((0, 1), {}, "positive whole number for embed_dim"),
        ((4, 0), {}, "positive whole number for num_heads"),
        ((4, 2), {"kdim": 0}, "positive whole number for kdim"),
        ((4, 2), {"dropout": 2}, "dropout"),
    ],
)
def test_refused_settings(arguments, settings, message):
    with pytest.raises(ValueError, match=f"MultiheadAttention: .*{message}"):
        nn.MultiheadAttention(*arguments, **settings)


def test_plain_data_is_cast_and_recorded_data_of_another_dtype_is_refused():
    layer = nn.MultiheadAttention(4, 2)
    x = np.ones((3, 4))
    assert layer(x, x, x)[0].dtype == np.float32
    with pytest.raises(TypeError, match="MultiheadAttention.*expected float32, received a recorded tensor of float64"):
        layer(ag.tensor(x, requires_grad=True), x, x)


def test_the_function_checks_what_the_layer_checks():
    x, w = np.ones((3, 4)), np.ones((12, 4))
    for features, heads in ((5, 1), (4, 3)):
        with pytest.raises(ValueError, match=rf"multi_head_attention_forward: expected query .*, {features}\).* {heads} heads"):
            nn.functional.multi_head_attention_forward(
                x, x, x, features, heads, w, None, None, None, False, 0.0, np.eye(4), None
            )
    with pytest.raises(ValueError, match=r"multi_head_attention_forward: expected key_padding_mask of shape \(3,\)"):
        nn.functional.multi_head_attention_forward(
            x, x, x, 4, 1, w, None, None, None, False, 0.0, np.eye(4), None, key_padding_mask=np.zeros(4, bool)
        )
