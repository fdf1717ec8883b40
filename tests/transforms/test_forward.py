"""jvp and linearize: derivatives along a direction, through every way in which a node's tangent is found."""

import numpy as np
import pytest

import autograd as ag

X = np.array([0.3, -0.5, 0.7])
V = np.array([1.0, 2.0, -1.5])
A = np.arange(9.0).reshape(3, 3) / 9 + np.eye(3)


@ag.op
def cubed_sum(x):
    return np.sum(x**3)


cubed_sum.vjp(x=lambda g, x: 3 * g * x**2)


FUNCTIONS = {
    "linear": lambda x: A @ x + 2.0 * x[::-1] - np.concatenate([x[1:], x[:1]]),
    "elementwise": lambda x: np.tanh(x) * np.exp(-x) + np.arctan2(x, x**2 + 1) + np.where(x > 0, x**3, np.sin(x)),
    "broadcast": lambda x: x[:, None] / (2 + x) - np.maximum(x[:, None], 0.1 * x),
    "contraction": lambda x: np.einsum("ij,j,i->", A, np.sin(x), x),
    "softmax": lambda x: ag.softmax(A @ x),
    "solve": lambda x: np.linalg.solve(A + np.outer(x, x), np.cos(x)),
    "several outputs": lambda x: np.linalg.eigh(A + A.T + np.outer(x, x))[0],
    "decomposition": lambda x: np.linalg.svd(A + np.outer(x, x))[1] * np.linalg.slogdet(A + np.outer(x, x))[1],
    "sorted": lambda x: np.sort(np.sin(3 * x)) * np.cumsum(x) + np.max(x),
    "indices": lambda x: x[[0, 2, 2, 1]] * np.take(x, [1, 1, 0, 2]),
    "a user's op": lambda x: cubed_sum(np.sin(x)) * x,
    "writes": lambda x: written(x),
    "fft": lambda x: np.abs(np.fft.rfft(x * x)) ** 2,
    "a gradient": ag.grad(lambda x: np.sum(np.sin(x) ** 2 * np.exp(x))),
    "a checkpoint": ag.checkpoint(lambda x: np.tanh(A @ np.tanh(x))),
    "vmap": lambda x: ag.vmap(lambda row, y: np.sin(row @ x) * y)(A, x),
}


def written(x):
    out = ag.zeros_like(x)
    out[1:] = x[:-1] * 2
    out[0] += x[2] ** 2
    return out


def slope(f, x, v, step=1e-6):
    return (f(x + step * v) - f(x - step * v)) / (2 * step)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_tangent_is_the_slope_along_the_direction(name):
    f = FUNCTIONS[name]
    y, t = ag.jvp(f, (X,), (V,))
    np.testing.assert_allclose(y, plain(f(ag.tensor(X))), rtol=1e-14)
    np.testing.assert_allclose(t, slope(lambda x: plain(f(ag.tensor(x))), X, V), rtol=2e-8, atol=2e-9)


def plain(x):
    return x.numpy() if isinstance(x, ag.Tensor) else x


@pytest.mark.parametrize("name", FUNCTIONS)
def test_forward_and_reverse_agree(name):
    """v J t is the same whether J t or v J is computed first."""
    f = FUNCTIONS[name]
    y, t = ag.jvp(f, (X,), (V,))
    u = np.cos(np.arange(np.size(y))).reshape(np.shape(y))
    (pulled,) = ag.vjp(f, X)[1](u)
    assert np.sum(u * t) == pytest.approx(pulled @ V, rel=1e-12)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_gradient_of_a_tangent(name):
    f = FUNCTIONS[name]
    along = lambda x: np.sum(np.cos(ag.jvp(f, (x,), (V,))[1]))
    report = ag.gradcheck(along, [X], rtol=1e-5)
    assert report, report


@pytest.mark.parametrize("name", FUNCTIONS)
def test_linearized_once_pushed_many_times(name):
    f = FUNCTIONS[name]
    _, linear = ag.linearize(f, X)
    columns = ag.vmap(linear, out_axes=-1)(np.eye(3))
    np.testing.assert_allclose(columns, ag.jacobian(f)(X), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(linear(V), columns @ V, rtol=1e-12, atol=1e-13)


def test_forward_over_forward_and_forward_over_reverse():
    f = lambda x: np.sum(np.exp(x) * np.sin(A @ x))
    hessian = ag.hessian(f)(X)
    twice = ag.jvp(lambda x: ag.jvp(f, (x,), (V,))[1], (X,), (V,))[1]
    assert twice == pytest.approx(V @ hessian @ V, rel=1e-12)
    np.testing.assert_allclose(ag.jvp(ag.grad(f), (X,), (V,))[1], hessian @ V, rtol=1e-12)
    np.testing.assert_allclose(ag.grad(lambda x: ag.jvp(f, (x,), (V,))[1])(X), hessian @ V, rtol=1e-12)


def test_trees_of_several_arguments():
    f = lambda p, x: {"a": p["w"] @ x, "b": [p["b"] * x[0], np.array(3.0)]}
    p, dp = {"w": A, "b": 2.0}, {"b": -1.0, "w": np.eye(3)}
    y, t = ag.jvp(f, (p, X), (dp, V))
    np.testing.assert_allclose(t["a"], X + A @ V, rtol=1e-15)
    assert t["b"][0] == pytest.approx(-X[0] + 2 * V[0])
    assert (t["b"][1], y["b"][1]) == (0.0, 3.0)


def test_plain_in_plain_out_and_recorded_where_asked_for():
    assert type(ag.jvp(np.sin, (0.5,), (1.0,))[1]) is np.float64
    w = ag.tensor(2.0, requires_grad=True)
    _, t = ag.jvp(lambda x: w * x**2, (3.0,), (1.0,))
    assert t.requires_grad
    t.backward()
    assert w.grad.item() == 6.0
    v = ag.tensor(1.0, requires_grad=True)
    _, t = ag.jvp(np.sin, (0.0,), (v,))
    t.backward()
    assert v.grad.item() == 1.0
    with ag.no_grad():
        assert type(ag.jvp(lambda x: w * x**2, (3.0,), (1.0,))[1]) is np.float64


def test_single_precision_stays():
    y, t = ag.jvp(lambda x: np.tanh(x) @ x, (np.float32(X),), (np.float32(V),))
    assert (y.dtype, t.dtype) == (np.float32, np.float32)


@pytest.mark.parametrize(
    "f",
    [
        lambda z: z * z * (1 + 2j) + np.exp(z),
        lambda z: np.conj(z) * z + z.real,
        lambda z: np.abs(z) * np.sign(z),
        lambda z: np.fft.fft(z) / (z + 3),
        lambda z: np.angle(z) + np.imag(z) ** 2,
        lambda z: np.linalg.solve(A + np.outer(z, z), z),
    ],
)
def test_complex_tangents_are_the_slope_along_the_direction(f):
    z, v = X + 1j * X[::-1], V - 2j * V[::-1]
    t = ag.jvp(f, (z,), (v,))[1]
    np.testing.assert_allclose(t, slope(lambda z: plain(f(ag.tensor(z))), z, v), rtol=1e-7, atol=1e-8)


def test_aux():
    y, t, aux = ag.jvp(lambda x: (x**2, {"n": 3, "twice": 2 * x}), (2.0,), (1.0,), has_aux=True)
    assert (y, t, aux) == (4.0, 4.0, {"n": 3, "twice": 4.0})
    y, linear, aux = ag.linearize(lambda x: (x**2, "note"), 2.0, has_aux=True)
    assert (linear(0.5), aux) == (2.0, "note")


def test_what_does_not_depend_on_the_argument_has_tangent_zero():
    _, t = ag.jvp(lambda x: (np.ones(2), ag.stop_gradient(x) * 2, np.floor(x)), (1.5,), (1.0,))
    assert t[0].tolist() == [0.0, 0.0]
    assert (t[1], t[2]) == (0.0, 0.0)


def test_a_write_that_would_falsify_a_tangent_raises():
    w = ag.tensor([1.0, 2.0], requires_grad=True)
    _, linear = ag.linearize(lambda x: w * x, np.ones(2))
    with ag.no_grad():
        w += 1
    with pytest.raises(ag.OverwrittenError, match="multiply"):
        linear(np.ones(2))


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: ag.jvp(np.sin, X, X), TypeError, "primals: expected a tuple.*received ndarray"),
        (lambda: ag.jvp(np.sin, (X,), X), TypeError, "tangents: expected a tuple.*received ndarray"),
        (lambda: ag.jvp(np.sin, (X,), (V, V)), ValueError, "expected 1 tangents, one for each primal, received 2"),
        (lambda: ag.jvp(np.sin, (X,), (V[:2],)), ValueError, r"tangent of argument 0.*\(3,\), received \(2,\)"),
        (lambda: ag.jvp(lambda p: p["a"], ({"a": X},), ({"b": X},)), ValueError, r"missing \['a'\]"),
        (lambda: ag.jvp(lambda p: p["a"][0], ({"a": [X]},), ({"a": [V[:1]]},)), ValueError, r"argument 0\['a'\]\[0\]"),
        (lambda: ag.jvp(np.sin, (3,), (1.0,)), TypeError, "argument 0 of sin is int64"),
        (lambda: ag.jvp(np.sin, (X,), (1j * V,)), TypeError, "real numbers for a real argument"),
        (lambda: ag.jvp(lambda x: None, (X,), (V,)), TypeError, "received None"),
        (lambda: ag.linearize(np.sin, X)[1](V, V), ValueError, "linearize: expected 1 tangents"),
    ],
)
def test_refusals(act, error, message):
    with pytest.raises(error, match=message):
        act()


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.linalg.svd(x)[1],
        lambda x: np.linalg.svd(x).S ** 2,
        lambda x: np.linalg.svd(x)[2] ** 2,
        lambda x: np.abs(np.linalg.qr(x, mode="complete")[1]),
        lambda x: np.linalg.slogdet(x[:3] + 3 * np.eye(3))[1],
    ],
)
def test_outputs_that_are_not_used_need_no_derivative(f):
    """Those that full matrices add to an SVD have none."""
    x = np.random.default_rng(0).normal(size=(4, 3))
    v = np.random.default_rng(1).normal(size=(4, 3))
    np.testing.assert_allclose(ag.jvp(f, (x,), (v,))[1], slope(lambda x: plain(f(ag.tensor(x))), x, v), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(ag.jacobian(f, mode="forward")(x), ag.jacobian(f, mode="reverse")(x), rtol=1e-9, atol=1e-12)


SWAP = np.array([[0.0, 1.0], [1.0, 0.0]])


@pytest.mark.parametrize(
    "values",
    [np.linalg.eigvalsh, lambda x: np.linalg.eigh(x)[0], lambda x: np.linalg.svd(x)[1], lambda x: np.linalg.norm(x, 2)],
    ids=["eigvalsh", "eigh", "svd", "norm"],
)
def test_second_derivatives_at_equal_values_are_nan_in_every_direction_of_the_computation(values):
    """The true one, 4, needs the vectors' derivatives, which are not defined one by one; any other number would be wrong."""
    f = lambda s: np.sum(values(np.eye(2) + s * SWAP) ** 2)
    with np.errstate(invalid="ignore"):
        found = [
            ag.grad(ag.grad(f))(0.0),
            ag.jvp(ag.grad(f), (0.0,), (1.0,))[1],
            ag.jvp(lambda t: ag.jvp(f, (t,), (1.0,))[1], (0.0,), (1.0,))[1],
            ag.jacobian(ag.grad(f), mode="forward")(0.0),
            ag.grad(lambda t: ag.jvp(f, (t,), (1.0,))[1])(0.0),
        ]
    assert np.all(np.isnan(found)), found


@pytest.mark.parametrize("solve", [ag.fixed_point, ag.root], ids=["fixed_point", "root"])
def test_columns_of_a_jacobian_through_an_equation(solve):
    equation = lambda z, a: 0.3 * np.sin(z) + a[0] * np.arange(3.0) + a[1] - (z if solve is ag.root else 0)
    f = lambda a: solve(lambda z: equation(z, a), np.zeros(3))
    a = np.array([0.1, 0.2])
    np.testing.assert_allclose(ag.jacobian(f, mode="forward")(a), ag.jacobian(f, mode="reverse")(a), rtol=1e-9)
    twice = ag.jacobian(ag.jacobian(f, mode="forward"), mode="forward")(a)
    np.testing.assert_allclose(twice, ag.jacobian(ag.jacobian(f, mode="reverse"), mode="reverse")(a), rtol=1e-7, atol=1e-9)


def test_vectors_that_are_recorded_outside_of_vmap():
    _, pullback = ag.vjp(np.sin, X)
    _, linear = ag.linearize(np.sin, X)
    vs = np.stack([V, 2 * V])
    for push in (lambda v: pullback(v)[0], linear):
        g = ag.grad(lambda vs, push=push: np.sum(ag.vmap(push)(vs) ** 2))(vs)
        np.testing.assert_allclose(g, 2 * vs * np.cos(X) ** 2, rtol=1e-14)
    w = ag.tensor(2.0, requires_grad=True)
    assert ag.vmap(lambda v: pullback(v * w)[0])(vs).requires_grad


@ag.op(elementwise=True)
def jointly(x, y):
    return x * np.sin(y)


@jointly.joint_vjp
def _jointly(g, x, y, needed):
    return g * np.sin(y), g * x * np.cos(y)


@ag.op(elementwise=True)
def summing(x, y):
    return x + y


summing.vjp(x=lambda g, x_shape: np.sum(g, axis=0).reshape(x_shape), y=lambda g: g)


def test_users_elementwise_ops_with_other_rules():
    np.testing.assert_allclose(ag.jvp(jointly, (X, X), (V, 2 * V))[1], V * np.sin(X) + X * np.cos(X) * 2 * V, rtol=1e-15)
    np.testing.assert_allclose(ag.jvp(summing, (X, A), (V, A))[1], V + A, rtol=1e-15)


@ag.op
def doubled_sum(x, y):
    return 2 * (x + y)


@doubled_sum.joint_vjp
def _one_flow(g, needed):
    flow = 2 * g
    return flow, flow


def test_a_joint_rule_may_return_one_tensor_for_two_inputs():
    for found in ag.jacobian(lambda x, y: doubled_sum(x, y), (0, 1), mode="forward")(np.ones(2), np.ones(2)):
        np.testing.assert_array_equal(found, 2 * np.eye(2))
