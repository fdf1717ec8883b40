"""Choices: what they let through, also where the cotangent is infinite; and equal formulas agree."""

import re

import numpy as np
import pytest
from numpy._core import umath

import autograd as ag
from autograd.checking import gradcheck

CHOICES = {
    "relu": ag.relu,
    "maximum": lambda x: np.maximum(x, 0.0),
    "minimum": lambda x: -np.minimum(-x, 0.0),
    "where": lambda x: np.where(x > 0, x, 0.0),
    "clip": lambda x: np.clip(x, 0.0, None),
}


@pytest.mark.parametrize("choose", CHOICES.values(), ids=CHOICES.keys())
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_infinite_cotangent_does_not_pass_where_nothing_was_chosen(choose, dtype):
    x = ag.tensor([-1.0, 4.0, 0.0], dtype=dtype, requires_grad=True)
    with np.errstate(divide="ignore", invalid="ignore"):  # the slope of the square root at 0
        np.sqrt(choose(x)).sum().backward()
    assert x.grad.tolist() == [0.0, 0.25, 0.0]
    assert x.grad.dtype == dtype


@pytest.mark.parametrize("choose", CHOICES.values(), ids=CHOICES.keys())
def test_equal_formulas_agree_at_the_kink(choose):
    x = ag.tensor([-1.0, 0.0, 2.0], requires_grad=True)
    choose(x).sum().backward()
    assert x.grad.tolist() == [0.0, 0.0, 1.0]


@pytest.mark.parametrize("f", [np.floor, np.ceil, np.trunc, np.rint, np.sign])
def test_steps_pass_nothing_not_even_infinity(f):
    x = ag.tensor([0.3, 0.4], requires_grad=True)
    f(x).backward(np.array([np.inf, np.nan]))
    assert x.grad.tolist() == [0.0, 0.0]


def test_where_with_one_of_two():
    with pytest.raises(ValueError, match="with both x1 and x2; received one of the two"):
        ag.where(np.array([True]), 1.0)


def test_clip_where_the_limits_cross():
    x, low, high = (ag.tensor([each], requires_grad=True) for each in (0.5, 2.0, 1.0))
    y = np.clip(x, low, high)
    y.sum().backward()
    assert (y.tolist(), x.grad.tolist(), low.grad.tolist(), high.grad.tolist()) == ([1.0], [0.0], [0.0], [1.0])


# ---------------------------------------------------------------- NaN


@pytest.mark.parametrize(("f", "theirs"), [(np.fmax, np.maximum), (np.fmin, np.minimum)])
def test_fmax_and_fmin_pass_to_what_is_no_nan(f, theirs):
    x1, x2 = (
        ag.tensor([np.nan, 1.0, np.nan, 2.0, 5.0], requires_grad=True),
        ag.tensor([1.0, np.nan, np.nan, 2.0, 3.0], requires_grad=True),
    )
    y = f(x1, x2)
    np.testing.assert_array_equal(y.numpy(), f(x1.numpy(), x2.numpy()))
    np.testing.assert_array_equal(y.numpy()[3:], theirs(x1.numpy(), x2.numpy())[3:])
    y.backward(np.ones(5))
    first = [0, 1, 1, 0, 1] if f is np.fmax else [0, 1, 1, 0, 0]  # of two NaNs NumPy takes the first
    assert x1.grad.tolist() == first
    assert x2.grad.tolist() == [1 - each for each in first]


def test_nan_to_num_passes_to_what_replaces():
    x = ag.tensor([1.0, np.nan, np.inf, -np.inf, np.nan], requires_grad=True)
    fills = [ag.tensor(each, requires_grad=True) for each in (7.0, 8.0, [1.0, 2.0, 3.0, 9.0, 5.0])]
    y = np.nan_to_num(x, nan=fills[0], posinf=fills[1], neginf=fills[2])
    assert y.tolist() == [1.0, 7.0, 8.0, 9.0, 7.0]
    g = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    found = ag.grad_of(y, [x, *fills], g)
    assert [each.tolist() for each in found] == [[1, 0, 0, 0, 0], 7.0, 3.0, [0, 0, 0, 4.0, 0]]


def test_nan_to_num_of_complex_numbers_goes_part_by_part():
    z = np.array([complex(np.nan, 2.0), complex(1.0, np.inf), complex(np.nan, np.nan), complex(-np.inf, 3.0)])
    fills = [np.array(each) for each in (7.0, 8.0, 9.0)]
    expected = np.nan_to_num(z, nan=7.0, posinf=8.0, neginf=9.0)
    np.testing.assert_array_equal(np.nan_to_num(ag.tensor(z), nan=7.0, posinf=8.0, neginf=9.0).numpy(), expected)
    assert gradcheck(lambda nan, up, down: np.nan_to_num(ag.tensor(z), nan=nan, posinf=up, neginf=down), fills)
    t = ag.tensor(z, requires_grad=True)
    (g,) = ag.grad_of(np.nan_to_num(t), [t], np.array([1 + 2j, 3 + 4j, 5 + 6j, 7 + 8j]))
    np.testing.assert_array_equal(g.numpy(), [2j, 3, 0, 8j])


def test_nan_to_num_in_single_precision_and_of_integers():
    assert np.nan_to_num(ag.tensor(np.float32([np.inf]))).tolist() == [np.finfo(np.float32).max]
    x = ag.tensor(np.float32([np.nan]), requires_grad=True)
    assert np.nan_to_num(x, nan=0.5).dtype == np.float32
    out = ag.nan_to_num(ag.tensor([1, 2]), nan=0.5)
    assert out.dtype == np.int64
    assert type(ag.nan_to_num(3)) is type(np.nan_to_num(3))


@pytest.mark.parametrize("shape", [(3,), (2, 1), (0,)])
def test_nan_to_num_keeps_the_shape(shape):
    with pytest.raises(
        ValueError, match=rf"nan_to_num, posinf: expected a shape that broadcasts to \(2,\).*received {re.escape(str(shape))}"
    ):
        np.nan_to_num(ag.tensor([1.0, 2.0]), posinf=np.ones(shape))


def test_nan_to_num_does_not_write_into_tensors():
    x = ag.tensor([np.nan], requires_grad=True)
    with pytest.raises(ValueError, match=r"t\[\.\.\.\] = ag\.nan_to_num\(t\)"):
        np.nan_to_num(x, copy=False)
    a = np.array([np.nan])
    assert ag.nan_to_num(a, copy=False) is a
    assert a.tolist() == [0.0]


# ---------------------------------------------------------------- complex numbers and limits


@pytest.mark.parametrize("f", [np.maximum, np.minimum, np.fmax, np.fmin])
def test_complex_numbers_are_chosen_by_their_real_parts_first(f):
    z, w = np.array([1 + 2j, 1 + 2j, 3 - 1j]), np.array([1 + 1j, 2 - 5j, 3 - 1j])
    a, b = ag.tensor(z, requires_grad=True), ag.tensor(w, requires_grad=True)
    y = f(a, b)
    np.testing.assert_array_equal(y.numpy(), f(z, w))
    c = np.array([1j, 2j, 3j])
    by_a, by_b = ag.grad_of(y, [a, b], c)
    took_a = (y.numpy() == z) & (z != w)
    np.testing.assert_array_equal(by_a.numpy(), np.where(took_a, c, 0))
    np.testing.assert_array_equal(by_b.numpy(), np.where(took_a, 0, c))


def test_the_ufunc_behind_clip_is_answered():
    x = ag.tensor([-1.0, 0.5, 3.0], requires_grad=True)
    y = umath.clip(x, 0.0, 1.0)
    assert y.tolist() == [0.0, 0.5, 1.0]
    y.backward(np.ones(3))
    assert x.grad.tolist() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize("limits", [(-np.inf, np.inf), (None, np.inf), (-np.inf, None), (None, None)])
@pytest.mark.parametrize("as_tensors", [False, True])
def test_infinite_limits_are_none(limits, as_tensors):
    x = ag.tensor([-np.inf, -1.0, np.inf], requires_grad=True)
    low, high = [ag.tensor(each, requires_grad=True) if as_tensors and each is not None else each for each in limits]
    y = np.clip(x, low, high)
    assert y.tolist() == [-np.inf, -1.0, np.inf]
    y.backward(np.ones(3))
    assert x.grad.tolist() == [1.0, 1.0, 1.0]
    for each in (low, high):
        assert each is None or not as_tensors or each.grad.item() == 0


@pytest.mark.parametrize("low", [-1.0, 0.5, 2.0])
@pytest.mark.parametrize("high", [-2.0, 0.5, 1.0])
def test_the_shares_of_clip_add_up_to_one(low, high):
    inputs = [ag.tensor(each, requires_grad=True) for each in ([-3.0, -1.0, 0.5, 1.0, 4.0], [low] * 5, [high] * 5)]
    y = np.clip(*inputs)
    found = [each.numpy() for each in ag.grad_of(y, inputs, np.ones(5))]
    np.testing.assert_array_equal(sum(found), np.ones(5))
    for g, x in zip(found, inputs, strict=True):
        assert np.all((g == 0) | (x.numpy() == y.numpy()))  # only what is the result has a share


def test_an_infinite_cotangent_needs_no_care_by_the_user():
    x = ag.tensor([-1.0, 2.0], requires_grad=True)
    ag.relu(x).backward(np.array([np.inf, np.inf]))
    assert x.grad.tolist() == [0.0, np.inf]
