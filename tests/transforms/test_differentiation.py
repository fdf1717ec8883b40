"""grad and value_and_grad: any order, any argument, recorded exactly where an outer derivative may be asked for."""

from collections import deque
from dataclasses import dataclass, field

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
        (lambda: ag.grad(lambda x: 3.0)(1.0), TypeError, "to return a Tensor, received a plain float,"),
        (lambda: ag.grad(lambda x: None)(1.0), TypeError, "received None: does it end without a return"),
        (lambda: ag.grad(np.sum)(3), TypeError, "argument 0 of sum is int64.*write 2.0 for 2"),
        (lambda: ag.grad(np.sum, 1)(np.ones(2)), TypeError, "argnums names argument 1, but sum was called with 1 positional"),
    ],
)
def test_refusals(act, error, message):
    with pytest.raises(error, match=message):
        act()


# ---------------------------------------------------------------- trees


@dataclass
class Affine:
    weight: object
    bias: object
    name: str = field(default="affine", metadata={"static": True})


def test_gradients_are_trees_like_the_argument():
    x = np.array([1.0, -2.0])
    p = {"layers": [Affine(np.ones((2, 2)), np.zeros(2)), Affine(np.eye(2), None)], "scale": (2.0, None)}
    f = lambda p, x: p["scale"][0] * np.sum(p["layers"][1].weight @ (p["layers"][0].weight @ x + p["layers"][0].bias))
    g = ag.grad(f)(p, x)
    assert list(g) == ["layers", "scale"]
    assert type(g["layers"][0]) is Affine
    assert (g["layers"][1].bias, g["layers"][1].name, g["scale"][1]) == (None, "affine", None)
    np.testing.assert_array_equal(g["layers"][0].weight, 2 * np.outer([1, 1], x))
    np.testing.assert_array_equal(g["layers"][0].bias, [2.0, 2.0])
    assert g["scale"][0] == -2.0
    both = ag.grad(f, (1, 0))(p, x)
    np.testing.assert_array_equal(both[0], [4.0, 4.0])
    np.testing.assert_array_equal(both[1]["layers"][0].bias, [2.0, 2.0])


def test_the_second_derivative_of_a_tree():
    f = lambda p: np.sum(p["a"] ** 3) * p["b"]
    slope = lambda p: np.sum(ag.grad(f)(p)["a"])
    g = ag.grad(slope)({"a": np.array([1.0, 2.0]), "b": 3.0})
    np.testing.assert_array_equal(g["a"], [18.0, 36.0])
    assert g["b"] == 15.0


def test_a_tensor_that_comes_twice_is_two_variables():
    x = ag.tensor(3.0, requires_grad=True)
    g = ag.grad(lambda p: p["a"] * p["b"])({"a": x, "b": x})
    assert (g["a"].item(), g["b"].item()) == (3.0, 3.0)


def test_aux_is_handed_out_beside():
    f = lambda x: (np.sum(x**2), {"x": x * 2, "note": "text", "none": None})
    (value, aux), g = ag.value_and_grad(f, has_aux=True)(np.array([1.0, 2.0]))
    assert (value, aux["note"], aux["none"]) == (5.0, "text", None)
    assert type(aux["x"]) is np.ndarray
    g, aux = ag.grad(f, has_aux=True)(ag.tensor([1.0, 2.0]))
    assert g.tolist() == [2.0, 4.0]
    assert isinstance(aux["x"], ag.Tensor)
    assert not aux["x"].requires_grad


# ---------------------------------------------------------------- vjp


def test_vjp_of_several_outputs_and_inputs():
    a, b = np.arange(6.0).reshape(2, 3), np.array([1.0, -1.0, 2.0])
    y, pullback = ag.vjp(lambda a, p: {"product": a @ p["b"], "sum": a.sum()}, a, {"b": b})
    np.testing.assert_array_equal(y["product"], a @ b)
    u = {"sum": 3.0, "product": np.array([1.0, 10.0])}
    ga, gp = pullback(u)
    np.testing.assert_array_equal(ga, np.outer(u["product"], b) + 3)
    np.testing.assert_array_equal(gp["b"], u["product"] @ a)
    ga, gp = pullback(u)
    np.testing.assert_array_equal(gp["b"], u["product"] @ a)


def test_pullbacks_of_every_unit_vector_at_once():
    A = np.arange(12.0).reshape(3, 4)
    _, pullback = ag.vjp(lambda x: A @ x**2, np.ones(4))
    (rows,) = ag.vmap(pullback)(np.eye(3))
    np.testing.assert_array_equal(rows, 2 * A)


def test_a_pullback_is_recorded_in_its_cotangent_and_in_what_is_outside():
    w = ag.tensor(2.0, requires_grad=True)
    v = ag.tensor(5.0, requires_grad=True)
    _, pullback = ag.vjp(lambda x: w * x**2, 3.0)
    (g,) = pullback(v)
    g.backward()
    assert (v.grad.item(), w.grad.item()) == (12.0, 30.0)


def test_vjp_of_complex_numbers_is_grad_of():
    z = np.array([1 + 2j, -0.5j])
    u = np.array([2 - 1j, 1j])
    t = ag.tensor(z, requires_grad=True)
    expected = ag.grad_of(t**2 * (3 + 1j), t, u)
    np.testing.assert_allclose(ag.vjp(lambda z: z**2 * (3 + 1j), z)[1](u)[0], expected.numpy(), rtol=1e-15)


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: ag.vjp(np.sin, np.ones(3))[1](np.ones(2)), ValueError, r"the cotangent: expected the shape.*\(3,\).*\(2,\)"),
        (lambda: ag.vjp(lambda x: (x, x), 1.0)[1](1.0), ValueError, "the cotangent: expected a tuple.*received a leaf"),
        (lambda: ag.vjp(lambda x: [x], 1.0)[1]([1.0, 2.0]), ValueError, "the cotangent: expected a list of 1, received 2"),
        (lambda: ag.vjp(np.sin, 3), TypeError, "vjp: argument 0 of sin is int64"),
        (lambda: ag.vjp(lambda x: None, 3.0), TypeError, "received None: does it end without a return"),
        (lambda: ag.grad(lambda p: p["n"])({"n": [1.0, 3]}), TypeError, r"argument 0\['n'\]\[1\] of <lambda> is int64"),
        (lambda: ag.grad(lambda p: p.weight)(Affine(1.0, "x")), TypeError, r"argument 0.bias of <lambda> is no array.*str"),
        (lambda: ag.grad(lambda x: (x, x))(1.0), TypeError, "expected <lambda> to return one number, received TreeDef"),
        (lambda: ag.grad(lambda x: np.sum(x > 0))(np.ones(2)), TypeError, "received int64, which changes in jumps"),
        (lambda: ag.grad(lambda p: p[0])(deque([1.0, 2.0])), TypeError, "argument 0 of <lambda> is no array.*deque"),
        (lambda: ag.grad(lambda x: x, (0, 0))(1.0), ValueError, "names an argument of <lambda> twice"),
        (lambda: ag.grad(lambda x: x, 1.5)(1.0), TypeError, "argnums: expected an integer or several, received 1.5"),
        (lambda: ag.grad(lambda x: x, has_aux=True)(1.0), TypeError, r"expected <lambda> to return a pair \(result, aux\)"),
    ],
)
def test_refusals_of_trees_and_pullbacks(act, error, message):
    with pytest.raises(error, match=message):
        act()
