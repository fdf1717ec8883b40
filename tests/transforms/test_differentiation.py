"""grad and value_and_grad: any order, any argument, recorded exactly where an outer derivative may be asked for."""

import numpy as np
import pytest

import autograd as ag


def test_orders_of_a_polynomial():
    f = lambda x: x**5
    for order, expected in enumerate([5 * 2.0**4, 20 * 2.0**3, 60 * 2.0**2, 120 * 2.0, 120.0], 1):
        derivative = f
        for _ in range(order):
            derivative = ag.grad(derivative)
        assert derivative(2.0) == pytest.approx(expected)


def test_plain_arguments_give_plain_results():
    value, gradient = ag.value_and_grad(lambda x: np.sum(x * x))(np.array([1.0, 2.0]))
    assert (type(value), type(gradient)) == (np.float64, np.ndarray)
    assert (value, gradient.tolist()) == (5.0, [2.0, 4.0])
    assert ag.grad(lambda x: x[0] * x[1] ** 2)([1.0, 2.0]) == [4.0, 4.0]


def test_tensors_give_tensors():
    value, gradient = ag.value_and_grad(lambda x: (x * x).sum())(ag.tensor([1.0, 2.0]))
    assert isinstance(value, ag.Tensor)
    assert isinstance(gradient, ag.Tensor)
    assert not value.requires_grad
    assert not gradient.requires_grad


def test_argnums():
    f = lambda x, y, *, scale: (x * y * scale).sum()
    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    assert ag.grad(f, 1)(x, y, scale=2.0).tolist() == [2.0, 4.0]
    assert ag.grad(f, -1)(x, y, scale=2.0).tolist() == [2.0, 4.0]
    both = ag.grad(f, (1, 0))(x, y, scale=2.0)
    assert [each.tolist() for each in both] == [[2.0, 4.0], [6.0, 8.0]]


def test_recorded_where_the_argument_requires_a_gradient():
    x = ag.tensor([1.0, 2.0], requires_grad=True)
    gradient = ag.grad(lambda t: (t**3).sum())(x)
    assert x.grad is None
    assert ag.grad_of(gradient.sum(), x).tolist() == [6.0, 12.0]


def test_recorded_where_the_function_uses_a_variable():
    w = ag.tensor(3.0, requires_grad=True)
    slope = ag.grad(lambda x: w * x**2)(2.0)
    slope.backward()
    assert w.grad.item() == 4.0


def test_perturbations_are_not_confused():
    """d/dx [x * d/dy (x + y)] = 1: the inner derivative must not see the outer variable."""
    assert ag.grad(lambda x: x * ag.grad(lambda y: x + y)(1.0))(1.0) == 1.0
    assert ag.grad(lambda x: x * ag.grad(lambda y: x * y * y)(3.0))(2.0) == pytest.approx(24.0)


def test_a_derivative_with_respect_to_the_same_variable_inside():
    assert ag.grad(lambda x: ag.grad(lambda y: y**3)(x) * x)(2.0) == pytest.approx(9 * 4.0)


def test_inside_no_grad():
    w = ag.tensor(3.0, requires_grad=True)
    with ag.no_grad():
        value, gradient = ag.value_and_grad(lambda x: w * x**2)(ag.tensor(2.0))
        again = ag.grad(lambda t: t * t)(w)
    assert (gradient.item(), gradient.requires_grad, value.requires_grad) == (12.0, False, False)
    assert (again.item(), again.requires_grad) == (6.0, False)


def test_what_does_not_depend_on_the_argument():
    assert ag.grad(lambda x: ag.tensor(1.0))(np.ones(2)).tolist() == [0.0, 0.0]
    w = ag.tensor(1.0, requires_grad=True)
    assert ag.grad(lambda x: w * 2)(np.ones(2)).tolist() == [0.0, 0.0]


def test_float32_stays():
    assert ag.grad(lambda x: (x * 2).sum())(np.ones(2, np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: ag.grad(lambda x: x * 2)(np.ones(2)), ag.GradientError, r"return one number, received shape \(2,\).*jacobian"),
        (lambda: ag.grad(lambda x: 3.0)(1.0), TypeError, "to return a Tensor, received a plain float64"),
        (lambda: ag.grad(lambda x: None)(1.0), TypeError, "received None: does it end without a return"),
        (lambda: ag.grad(np.sum)(3), TypeError, "argument 0 of sum is int64.*write 2.0 for 2"),
        (lambda: ag.grad(np.sum, 1)(np.ones(2)), TypeError, "argnums names argument 1, but sum was called with 1 positional"),
    ],
)
def test_refusals(act, error, message):
    with pytest.raises(error, match=message):
        act()
