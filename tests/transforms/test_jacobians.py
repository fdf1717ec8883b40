"""jacobian, hessian and hvp: closed forms, both modes, trees, recording, and what is refused."""

import numpy as np
import pytest

import autograd as ag
from autograd.record import OPS

X = np.array([0.3, -0.5, 0.7])
A = np.arange(6.0).reshape(2, 3) - 2


@pytest.mark.parametrize("mode", [None, "reverse", "forward"])
@pytest.mark.parametrize("chunk_size", [None, 2])
def test_closed_forms(mode, chunk_size):
    J = ag.jacobian(lambda x: A @ np.sin(x), mode=mode, chunk_size=chunk_size)(X)
    np.testing.assert_allclose(J, A * np.cos(X), rtol=1e-15)
    J = ag.jacobian(lambda x: np.outer(x, x), mode=mode, chunk_size=chunk_size)(X)
    eye = np.eye(3)
    np.testing.assert_allclose(J, np.einsum("ik,j->ijk", eye, X) + np.einsum("jk,i->ijk", eye, X), rtol=1e-15)


def test_shapes_of_numbers_and_arrays_without_elements():
    assert ag.jacobian(lambda x: x**2)(3.0) == 6.0
    assert ag.jacobian(lambda x: x * np.ones(2))(3.0).tolist() == [1.0, 1.0]
    assert ag.jacobian(lambda x: np.sum(x))(X).shape == (3,)
    assert ag.jacobian(lambda x: x[:0])(X).shape == (0, 3)
    assert ag.jacobian(lambda x: x)(np.zeros((0, 2))).shape == (0, 2, 0, 2)
    assert ag.hessian(lambda x: x**3)(2.0) == 12.0


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_trees_of_trees(mode):
    f = lambda p, s: {"y": p["a"] * s, "z": (np.sum(p["a"]) * p["b"],)}
    J = ag.jacobian(f, mode=mode)({"a": X, "b": 2.0}, 3.0)
    np.testing.assert_array_equal(J["y"]["a"], 3 * np.eye(3))
    np.testing.assert_array_equal(J["y"]["b"], np.zeros(3))
    np.testing.assert_array_equal(J["z"][0]["a"], [2.0, 2.0, 2.0])
    assert J["z"][0]["b"] == pytest.approx(X.sum())
    both = ag.jacobian(f, (1, 0), mode=mode)({"a": X, "b": 2.0}, 3.0)
    np.testing.assert_allclose(both["y"][0], X, rtol=1e-15)
    assert both["z"][0][0] == 0.0


def test_complex_outputs_of_real_inputs_and_the_reverse():
    np.testing.assert_allclose(ag.jacobian(np.fft.fft)(X), np.fft.fft(np.eye(3)), atol=1e-15)
    z = X + 1j
    np.testing.assert_allclose(ag.jacobian(lambda z: np.abs(z) ** 2)(z), np.diag(2 * z), rtol=1e-14)


def test_hessians():
    f = lambda x: np.sum(np.exp(A @ x))
    np.testing.assert_allclose(ag.hessian(f)(X), A.T @ np.diag(np.exp(A @ X)) @ A, rtol=1e-14)
    blocks = ag.hessian(lambda p: np.sum(p["a"] ** 2) * p["b"] ** 3)({"a": X, "b": 2.0})
    np.testing.assert_allclose(blocks["a"]["a"], 16 * np.eye(3), rtol=1e-15)
    np.testing.assert_allclose(blocks["a"]["b"], 2 * X * 12, rtol=1e-15)
    assert blocks["b"]["b"] == pytest.approx(np.sum(X**2) * 12)
    pair = ag.hessian(lambda x, y: np.sum(x * x * y), (0, 1))(X, X)
    np.testing.assert_allclose(pair[0][1], np.diag(2 * X), rtol=1e-15)
    assert not pair[1][1].any()


def test_third_derivatives():
    f = lambda x: np.sum(x**4) * x[0]
    T = ag.jacobian(ag.hessian(f))(X)
    for order in ((0, 2, 1), (1, 0, 2), (2, 1, 0)):
        np.testing.assert_allclose(T, T.transpose(order), rtol=1e-13)
    assert T[1, 1, 1] == pytest.approx(24 * X[1] * X[0])
    assert T[0, 1, 1] == pytest.approx(12 * X[1] ** 2)


def test_hvp_is_the_hessian_times_the_vector():
    rng = np.random.default_rng(0)
    p = {"w": rng.normal(size=(4, 3)), "b": rng.normal(size=4)}
    v = {"b": rng.normal(size=4), "w": rng.normal(size=(4, 3))}
    f = lambda p, x: np.sum(np.tanh(p["w"] @ x + p["b"]) ** 2)
    product, along_x = ag.hvp(f, (p, X), (v, 0.0 * X))
    H = ag.hessian(f)(p, X)
    for key in p:
        expected = sum(np.tensordot(H[key][other], v[other], v[other].ndim) for other in p)
        np.testing.assert_allclose(product[key], expected, rtol=1e-12)
    assert along_x.shape == (3,)
    forward = ag.jvp(ag.grad(f), (p, X), (v, 0.0 * X))[1]
    np.testing.assert_allclose(product["w"], forward["w"], rtol=1e-12)


def test_inside_vmap_and_inside_grad():
    f = lambda x: np.sum(np.sin(x) * x[::-1] ** 2)
    xs = np.stack([X, 2 * X])
    np.testing.assert_allclose(ag.vmap(ag.hessian(f))(xs), np.stack([ag.hessian(f)(x) for x in xs]), rtol=1e-13)
    np.testing.assert_allclose(
        ag.vmap(lambda x, v: ag.hvp(f, (x,), (v,))[0])(xs, xs), np.stack([ag.hessian(f)(x) @ x for x in xs]), rtol=1e-13
    )
    curvature = lambda x: np.sum(ag.hessian(f)(x) ** 2)
    report = ag.gradcheck(curvature, [X], rtol=1e-6)
    assert report, report


def test_recorded_through_what_the_function_uses():
    w = ag.tensor(2.0, requires_grad=True)
    J = ag.jacobian(lambda x: w * x**2)(X)
    assert J.requires_grad
    J.sum().backward()
    assert w.grad.item() == pytest.approx(2 * X.sum())
    with ag.no_grad():
        assert type(ag.jacobian(lambda x: w * x**2)(X)) is np.ndarray


def test_the_function_runs_once():
    calls = []
    ag.jacobian(lambda x: calls.append(1) or np.sin(x))(X)
    assert calls == [1]


def test_aux():
    J, aux = ag.jacobian(lambda x: (x**2, "aux"), has_aux=True)(X)
    assert (J.shape, aux) == ((3, 3), "aux")
    H, aux = ag.hessian(lambda x: (np.sum(x**3), {"x": x}), has_aux=True)(X)
    np.testing.assert_allclose(H, np.diag(6 * X), rtol=1e-15)
    assert type(aux["x"]) is np.ndarray


def test_the_rows_of_a_jacobian_are_computed_together():
    """No op runs more often for a hundred outputs than for two."""

    def calls(n):
        count = 0
        record = OPS["cos"]
        forward = record.forward

        def counted(x):
            nonlocal count
            count += 1
            return forward(x)

        record.forward = counted
        try:
            B = np.ones((n, 3))
            ag.jacobian(lambda x: np.sin(B @ np.sin(x)), mode="reverse")(X)
        finally:
            record.forward = forward
        return count

    assert calls(100) == calls(2)


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: ag.jacobian(np.sin, mode="sideways")(X), ValueError, "mode: expected 'reverse', 'forward' or None"),
        (lambda: ag.jacobian(lambda x: x > 0)(X), TypeError, "result of <lambda> is bool, which has no derivative"),
        (lambda: ag.jacobian(lambda x: {"n": np.argmax(x)})(X), TypeError, r"result\['n'\] of <lambda> is int64"),
        (lambda: ag.jacobian(lambda z: z * z)(X + 1j), TypeError, "complex inputs and complex outputs"),
        (lambda: ag.jacobian(np.fft.fft, mode="reverse")(X), ValueError, "complex outputs; use 'forward'"),
        (lambda: ag.jacobian(np.abs, mode="forward")(X + 1j), ValueError, "complex inputs; use 'reverse'"),
        (lambda: ag.jacobian(np.sin)(3), TypeError, "jacobian: argument 0 of sin is int64"),
        (lambda: ag.jacobian(lambda x: None)(X), TypeError, "received None"),
        (lambda: ag.jacobian(np.sin, chunk_size=0)(X), ValueError, "chunk_size"),
        (lambda: ag.hessian(np.sin)(X), ag.GradientError, "return one number"),
        (lambda: ag.hvp(np.sum, X, X), TypeError, "hvp: primals: expected a tuple"),
        (lambda: ag.hvp(np.sum, (X,), (X, X)), ValueError, "expected 1 tangents"),
        (lambda: ag.hvp(np.sum, (X,), (X[:1],)), ValueError, r"\(3,\), received \(1,\)"),
    ],
)
def test_refusals(act, error, message):
    with pytest.raises(error, match=message):
        act()
