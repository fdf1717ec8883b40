"""Positions against closed forms."""

import math

import numpy as np
import pytest

import autograd as ag
import nn
from nn import functional


def test_the_formula_of_sinusoidal_positions():
    table = functional.sinusoidal_positional_encoding(50, 6, dtype=np.float64)
    for p in (0, 1, 7, 49):
        for i in range(3):
            angle = p / 10000 ** (2 * i / 6)
            assert math.isclose(table[p, 2 * i], math.sin(angle), abs_tol=1e-14)
            assert math.isclose(table[p, 2 * i + 1], math.cos(angle), abs_tol=1e-14)
    odd = functional.sinusoidal_positional_encoding(50, 5, 100.0, np.float64)
    assert odd.shape == (50, 5)
    assert math.isclose(odd[9, 4], math.sin(9 / 100 ** (4 / 5)), abs_tol=1e-14)


def test_a_step_turns_each_pair_by_its_own_angle():
    table = functional.sinusoidal_positional_encoding(30, 8, dtype=np.float64)
    waves = table[:, 1::2] + 1j * table[:, ::2]
    for step in (1, 10):
        turns = waves[step:] / waves[:-step]
        np.testing.assert_allclose(turns, np.broadcast_to(turns[0], turns.shape), atol=1e-12)


def test_positions_are_numbers_of_any_shape_and_are_differentiated_through():
    table = functional.sinusoidal_positional_encoding(10, 4, dtype=np.float64)
    positions = np.array([[3, 0, 9], [1, 1, 2]])
    np.testing.assert_allclose(functional.sinusoidal_positional_encoding(positions, 4, dtype=np.float64), table[positions])
    report = ag.gradcheck(lambda p: functional.sinusoidal_positional_encoding(p, 4, dtype=np.float64), [np.array([0.5, 3.25])])
    assert report.passed


@pytest.mark.parametrize(("batch_first", "shape"), [(False, (7, 2, 4)), (True, (2, 7, 4)), (True, (7, 4))])
def test_the_layer_adds_the_table(batch_first, shape):
    layer = nn.SinusoidalPositionalEncoding(4, max_len=7, batch_first=batch_first)
    x = np.random.default_rng(0).normal(size=shape)
    table = functional.sinusoidal_positional_encoding(7, 4, dtype=np.float64)
    expected = x + (table[:, None] if shape == (7, 2, 4) else table)
    np.testing.assert_allclose(layer(x.astype(np.float32)), expected, atol=1e-6)
    np.testing.assert_allclose(layer(x), expected, atol=1e-14)  # after single precision: the digits are there
    short = (x[:3] if shape[0] == 7 else x[:, :3]).astype(np.float32)
    assert layer(short).dtype == np.float32
    assert layer.state_dict() == {}


def test_the_layer_refuses_longer_sequences():
    layer = nn.SinusoidalPositionalEncoding(4, max_len=3)
    with pytest.raises(ValueError, match=r"shape \(L, N, 4\), or \(L, 4\) for one example, with L up to 3; received \(4, 4\)"):
        layer(np.ones((4, 4)))


# ---------------------------------------------------------------- rotary


def test_rotary_positions_are_factors_of_complex_numbers():
    x = np.random.default_rng(0).normal(size=(2, 5, 6))
    turns = np.exp(1j * np.arange(5)[:, None] / 10000 ** (np.arange(3) / 3))
    expected = (x[..., ::2] + 1j * x[..., 1::2]) * turns
    found = functional.rotary_positional_embedding(x)
    np.testing.assert_allclose(found[..., ::2] + 1j * found[..., 1::2], expected, atol=1e-14)
    halves = functional.rotary_positional_embedding(x, interleaved=False)
    expected = (x[..., :3] + 1j * x[..., 3:]) * turns
    np.testing.assert_allclose(halves[..., :3] + 1j * halves[..., 3:], expected, atol=1e-14)


@pytest.mark.parametrize("interleaved", [True, False])
def test_dot_products_depend_on_the_distance_alone(interleaved):
    layer = nn.RotaryPositionalEmbedding(8, interleaved=interleaved)
    query, key = np.random.default_rng(0).normal(size=(2, 8))
    at = lambda x, p: layer(x[None], np.array([p]))[0]
    near = at(query, 5) @ at(key, 2)
    assert math.isclose(at(query, 1003) @ at(key, 1000), near, rel_tol=1e-10)
    assert math.isclose(at(query, 3.5) @ at(key, 0.5), near, rel_tol=1e-10)
    assert not math.isclose(at(query, 5) @ at(key, 3), near, rel_tol=1e-3)
    assert math.isclose(np.linalg.norm(at(query, 77)), np.linalg.norm(query), rel_tol=1e-12)


def test_positions_are_given_for_all_or_for_each():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 6))
    layer = nn.RotaryPositionalEmbedding(6)
    later = layer(x, np.arange(10, 14))
    np.testing.assert_allclose(later, layer(np.concatenate([np.zeros((2, 3, 10, 6)), x], axis=2))[:, :, 10:], atol=1e-14)
    own = np.array([[0, 1, 2, 3], [10, 11, 12, 13]])[:, None]
    np.testing.assert_allclose(layer(x, own), np.stack([layer(x[0]), later[1]]), atol=1e-14)


def test_the_gradient_of_positions():
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    report = ag.gradcheck(functional.rotary_positional_embedding, [x, np.array([0.5, 2.0, 3.0])], order=2)
    assert report.passed


def test_far_positions_keep_their_digits_in_single_precision():
    x = np.ones((1, 2), np.float32)
    found = functional.rotary_positional_embedding(x, np.array([1_000_003]))
    assert found.dtype == np.float32
    expected = (1 + 1j) * np.exp(1_000_003j)
    np.testing.assert_allclose(found[0], [expected.real, expected.imag], atol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.RotaryPositionalEmbedding(5), "RotaryPositionalEmbedding: expected an even dim, received 5"),
        (lambda: nn.RotaryPositionalEmbedding(4, base=0), "RotaryPositionalEmbedding: expected base, a positive number"),
        (lambda: nn.SinusoidalPositionalEncoding(0), "SinusoidalPositionalEncoding: expected dim, 1 or more"),
        (lambda: functional.rotary_positional_embedding(np.ones((2, 3))), r"an even dim, received \(2, 3\)"),
        (lambda: functional.rotary_positional_embedding(np.ones((2, 4)), np.ones(3)), r"positions of shape \(2,\)"),
        (lambda: functional.sinusoidal_positional_encoding(3, 2, base=-1), "positive number; received -1"),
    ],
)
def test_refused_values(call, message):
    with pytest.raises(ValueError, match=message):
        call()
