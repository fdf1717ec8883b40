"""fixed_point and root: solutions and their derivatives of any order against closed forms and unrolled iterations."""

import numpy as np
import pytest
import scipy.optimize

import autograd as ag

RNG = np.random.default_rng(0)
W = 0.3 * RNG.normal(size=(4, 4))
U = RNG.normal(size=(4, 3))
B = RNG.normal(size=4)
XS = RNG.normal(size=(5, 3))


def by_newton(a):
    return ag.root(lambda x, a: x * x - a, 1.0, a)


def by_repetition(a):
    """Heron's method."""
    return ag.fixed_point(lambda x, a: (x + a / x) / 2, 1.0, a)


def by_damped_repetition(a):
    return ag.fixed_point(lambda x, a: x + 0.2 * (a / x - x), 1.0, a, memory=0)


SQUARE_ROOTS = [by_newton, by_repetition, by_damped_repetition]


@pytest.mark.parametrize("root", SQUARE_ROOTS)
def test_derivatives_of_a_square_root_to_fourth_order(root):
    a, exponent, factor = 2.0, 0.5, 1.0
    f = root
    for _ in range(5):
        assert f(a) == pytest.approx(factor * a**exponent, rel=1e-8)
        f, factor, exponent = ag.grad(f), factor * exponent, exponent - 1


@pytest.mark.parametrize("root", SQUARE_ROOTS)
def test_of_many_examples(root):
    a = np.array([0.25, 1.0, 2.0, 9.0])
    np.testing.assert_allclose(ag.vmap(root)(a), np.sqrt(a), rtol=1e-9)
    np.testing.assert_allclose(ag.vmap(ag.grad(root))(a), 0.5 / np.sqrt(a), rtol=1e-9)
    np.testing.assert_allclose(ag.vmap(ag.grad(ag.grad(root)))(a), -0.25 * a**-1.5, rtol=1e-8)
    np.testing.assert_allclose(ag.grad(lambda a: np.sum(ag.vmap(root)(a)))(a), 0.5 / np.sqrt(a), rtol=1e-9)
    np.testing.assert_allclose(ag.jacobian(ag.vmap(root))(a), np.diag(0.5 / np.sqrt(a)), rtol=1e-9)
    np.testing.assert_allclose(ag.hessian(lambda a: np.sum(ag.vmap(root)(a)))(a), np.diag(-0.25 * a**-1.5), rtol=1e-8)
    np.testing.assert_allclose(ag.jvp(root, (2.0,), (3.0,))[1], 1.5 / np.sqrt(2), rtol=1e-9)
    assert type(ag.jacobian(ag.vmap(root))(a)) is np.ndarray


def equilibrium(w, x):
    return ag.fixed_point(lambda z: np.tanh(w @ z + U @ x + B), np.zeros(4))


def unrolled(w, x):
    z = np.zeros(4)
    for _ in range(150):
        z = np.tanh(w @ z + U @ x + B)
    return z


LAYERS = {"implicit": equilibrium, "unrolled": unrolled}
V = RNG.normal(size=(4, 4))
COMPOSITIONS = {
    "gradient": lambda z: ag.grad(lambda w: np.sum(z(w, XS[0]) ** 2))(W),
    "gradient by input": lambda z: ag.grad(lambda x: np.sum(z(W, x) ** 3))(XS[0]),
    "jacobian": lambda z: ag.jacobian(z)(W, XS[0]),
    "jvp": lambda z: ag.jvp(lambda w: z(w, XS[0]), (W,), (V,))[1],
    "hvp": lambda z: ag.hvp(lambda w: np.sum(z(w, XS[0]) ** 2), (W,), (V,))[0],
    "hessian by input": lambda z: ag.hessian(lambda x: np.sum(z(W, x) ** 2))(XS[0]),
    "vmap": lambda z: ag.vmap(z, (None, 0))(W, XS),
    "per example": lambda z: ag.vmap(ag.grad(lambda w, x: np.sum(z(w, x) ** 2)), (None, 0))(W, XS),
    "gradient of vmap": lambda z: ag.grad(lambda w: np.sum(ag.vmap(z, (None, 0))(w, XS) ** 2))(W),
    "hvp of vmap": lambda z: ag.hvp(lambda w: np.sum(ag.vmap(z, (None, 0))(w, XS) ** 2), (W,), (V,))[0],
    "checkpoint": lambda z: ag.grad(ag.checkpoint(lambda w: np.sum(z(w, XS[0]) ** 2)))(W),
}


@pytest.mark.parametrize("name", COMPOSITIONS)
def test_an_equilibrium_and_its_unrolled_iteration_agree(name):
    found, expected = [COMPOSITIONS[name](z) for z in (equilibrium, unrolled)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * np.abs(expected).max())


def test_gradients_of_tensors_that_the_function_uses():
    w = ag.tensor(W, requires_grad=True)
    (equilibrium(w, XS[0]) ** 2).sum().backward()
    np.testing.assert_allclose(w.grad.numpy(), COMPOSITIONS["gradient"](unrolled), rtol=1e-8, atol=1e-10)
    w.grad = None
    (ag.vmap(lambda x: equilibrium(w, x))(XS) ** 2).sum().backward()
    np.testing.assert_allclose(w.grad.numpy(), COMPOSITIONS["gradient of vmap"](unrolled), rtol=1e-8, atol=1e-9)


def test_nothing_of_the_iteration_is_recorded():
    w = ag.tensor(W, requires_grad=True)
    graph = ag.Graph(equilibrium(w, XS[0]))
    assert [node.name for node in graph.nodes if node.kind == "op"] == ["implicit", "getitem", "reshape"]


def test_trees_and_arguments():
    def step(state, p):
        return {"a": p["c"] * np.cos(state["b"]), "b": (state["a"] + p["d"]) / 3}

    p = {"c": 0.5, "d": np.array([0.1, 0.2])}
    solve = lambda p: ag.fixed_point(step, {"a": np.zeros(2), "b": np.zeros(2)}, p)
    solution = solve(p)
    assert list(solution) == ["a", "b"]
    np.testing.assert_allclose(solution["a"], 0.5 * np.cos((solution["a"] + p["d"]) / 3), atol=1e-10)
    report = ag.gradcheck(lambda c, d: solve({"c": c, "d": d})["a"], [np.array(0.5), p["d"]], rtol=1e-6, atol=1e-7)
    assert report, report


def test_a_system_of_equations():
    def f(x, p):
        return np.stack([x[0] ** 2 + x[1] ** 2 - p[0], x[0] * x[1] - p[1]])

    p, start = np.array([5.0, 2.0]), np.array([2.5, 0.5])
    np.testing.assert_allclose(ag.root(f, start, p), [2.0, 1.0], rtol=1e-12)
    np.testing.assert_allclose(ag.root(f, start, p), scipy.optimize.root(lambda x: f(x, p), start, tol=1e-13).x, rtol=1e-10)
    J = ag.jacobian(lambda p: ag.root(f, start, p))(p)
    np.testing.assert_allclose(J, np.linalg.inv([[4.0, 2.0], [1.0, 2.0]]), rtol=1e-12)


def test_newton_goes_no_further_than_the_residual_falls():
    np.testing.assert_allclose(ag.root(np.arctan, 3.0), 0.0, atol=1e-12)  # full steps diverge from here
    np.testing.assert_allclose(ag.vmap(lambda x0: ag.root(np.arctan, x0))(np.array([0.1, 3.0, -20.0])), 0.0, atol=1e-12)


def test_acceleration_needs_fewer_steps():
    def steps(memory):
        calls = []
        ag.fixed_point(lambda x: calls.append(1) or np.cos(x), 0.5, memory=memory)
        return len(calls)

    assert steps(5) < steps(0) / 4


def test_acceleration_converges_where_repetition_does_not():
    assert ag.fixed_point(lambda x: 2.0 - 3.0 * x, 0.0) == pytest.approx(0.5)
    with pytest.raises(ag.ConvergenceError):
        ag.fixed_point(lambda x: 2.0 - 3.0 * x, 0.0, memory=0)


def test_single_precision():
    x = ag.fixed_point(lambda x: np.cos(x), np.float32(0.5))
    assert x.dtype == np.float32
    assert abs(x - 0.739085133) < 1e-5
    tree = ag.root(lambda p: {"a": p["a"] ** 2 - 2, "b": p["b"] - 1}, {"a": np.float32(1), "b": np.ones(2)})
    assert (tree["a"].dtype, tree["b"].dtype) == (np.float32, np.float64)


def test_empty():
    assert ag.fixed_point(np.cos, np.zeros((0, 2))).shape == (0, 2)
    assert ag.root(np.sin, np.zeros(0)).shape == (0,)


@pytest.mark.filterwarnings("ignore:overflow encountered", "ignore:invalid value", "ignore:divide by zero")
@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: ag.fixed_point(lambda x: x * x + 1, 1.0), ag.ConvergenceError, "grows and grows"),
        (lambda: ag.fixed_point(np.log, 5.0), ag.ConvergenceError, "no longer finite"),
        (lambda: ag.fixed_point(np.cos, 0.5, max_steps=2, memory=0), ag.ConvergenceError, "after 2 steps, expected"),
        (lambda: ag.fixed_point(lambda x: np.stack([x, x]), 1.0), ValueError, r"of <lambda>: expected the shape.*\(2,\)"),
        (lambda: ag.fixed_point(lambda x: x["a"], {"a": 1.0}), ValueError, "expected a dict"),
        (lambda: ag.fixed_point(np.cos, 1), TypeError, "expected x0 to be real floating numbers, received int64"),
        (lambda: ag.fixed_point(lambda p: p, {"a": [1j]}), TypeError, r"expected x0\['a'\]\[0\] to be real.*complex128"),
        (lambda: ag.fixed_point(np.cos, None), TypeError, "a start x0 that holds an array"),
        (lambda: ag.fixed_point(np.cos, 0.5, tol=0.0), ValueError, "tol: expected a number above 0"),
        (lambda: ag.fixed_point(np.cos, 0.5, max_steps=0), ValueError, "max_steps: expected a whole number from 1 on"),
        (lambda: ag.fixed_point(np.cos, 0.5, memory=-1), ValueError, "memory: expected a whole number from 0 on"),
        (lambda: ag.root(lambda x: 0 * x + 1, 1.0), ag.ConvergenceError, "singular"),
        (lambda: ag.root(lambda x: x * x + 1, 0.7), ag.ConvergenceError, "root"),
        (lambda: ag.root(lambda x: x[:1], np.ones(2)), ValueError, r"expected the shape of x0, \(2,\), received \(1,\)"),
        (lambda: ag.root(np.sin, 1, 2), TypeError, "int64"),
    ],
)
def test_refusals(act, error, message):
    with pytest.raises(error, match=message):
        act()


def test_values_of_an_outer_vmap_that_the_solution_does_not_depend_on():
    """The equation touches them, so it has to run inside of that vmap, also in a backward pass after its end."""
    solve = lambda a, b: ag.root(lambda z: (b * 2, z + z**3 - a)[1], np.zeros(3))
    a, bs = np.array([0.1, 0.5, -1.0]), RNG.normal(size=(2, 3))
    g = ag.grad(lambda a: np.sum(ag.vmap(lambda b: solve(a, b))(bs)))(a)
    np.testing.assert_allclose(g, 2 / (1 + 3 * solve(a, 0.0) ** 2), rtol=1e-9)
    both = ag.grad(lambda a: np.sum(ag.vmap(lambda s: ag.vmap(lambda b: solve(a * s, b))(bs))(np.array([1.0, 2.0]))))(a)
    expected = sum(2 * s / (1 + 3 * solve(a * s, 0.0) ** 2) for s in (1.0, 2.0))
    np.testing.assert_allclose(both, expected, rtol=1e-9)


def test_a_derivative_in_the_equation():
    x = np.array([0.3, -0.2, 0.5])
    inner = lambda x, a: ag.jvp(lambda y: y * y * a, (x,), (x,))[1]
    solve = lambda x, t: ag.root(lambda z, a: z + 0.2 * z**3 - inner(x, a), np.zeros(3), t)
    g = ag.grad(lambda x: np.sum(ag.vmap(lambda t: solve(x, t))(x)))(x)
    report = ag.gradcheck(lambda x: sum(ag.sum(solve(x, x[i])) for i in range(3)), [x], rtol=1e-6)
    assert report, report
    expected = ag.grad(lambda x: sum(np.sum(solve(x, x[i])) for i in range(3)))(x)
    np.testing.assert_allclose(g, expected, rtol=1e-9)
