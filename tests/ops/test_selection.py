"""Choices: what they let through, also where the cotangent is infinite; and equal formulas agree."""

import numpy as np
import pytest

import autograd as ag

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
