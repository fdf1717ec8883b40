"""SciPy's optimizers with derivatives from here: held against derivatives by hand, SciPy's own, and published optima."""

import os
import subprocess
import sys
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import optimize

import autograd as ag
import nn
from tests.transforms.optimization_problems import CONSTRAINED, EQUATIONS, RESIDUALS, rosenbrock

SIZES = [2, 3, 4, 7, 12, 20, 30]


def by_name(problems):
    return [pytest.param(each, id=f"{each.name}-{i}") for i, each in enumerate(problems)]


def points(problem):
    """The start, and points around it; not the solution, where what is compared is the rounding of zero."""
    start = np.array(problem.start, float)
    steps = 0.2 * np.random.default_rng(len(problem.name)).uniform(-1, 1, (3, start.size))
    return [start, *(start * (1 + steps) + 0.1 * steps * (start == 0))]


def vector(size):
    return np.random.default_rng(size).standard_normal(size)


def close(found, expected, scale=0.0, rtol=1e-12):
    """Each element to 1e-12 of itself, or of the sum of the magnitudes of the terms that it is the sum of."""
    assert np.shape(found) == np.shape(expected)
    assert np.all(np.abs(found - expected) <= rtol * np.maximum(np.abs(expected), scale))


def as_many(ours, theirs):
    """Whether two counts of steps are the same, but for what the last digit of a derivative can change on a long way."""
    return abs(ours - theirs) <= theirs // 10


# ---------------------------------------------------------------- Rosenbrock's function, as SciPy differentiates it


@pytest.mark.parametrize("n", SIZES)
def test_derivatives_of_rosenbrock_are_those_of_scipy(n):
    rng = np.random.default_rng(n)
    for x in rng.uniform(-2, 2, (6, n)):
        v = rng.standard_normal(n)
        assert rosenbrock(x) == pytest.approx(optimize.rosen(x), rel=1e-15)
        value, gradient = ag.value_and_grad(rosenbrock)(x)
        hessian = optimize.rosen_hess(x)
        assert value == pytest.approx(optimize.rosen(x), rel=1e-13)
        close(gradient, optimize.rosen_der(x), 400 * np.abs(x) ** 3 + 200)
        close(ag.hessian(rosenbrock)(x), hessian, 1200 * np.abs(np.diag(x)) ** 2)
        close(ag.hvp(rosenbrock, (x,), (v,))[0], optimize.rosen_hess_prod(x, v), np.abs(hessian) @ np.abs(v) + 1200)
        close(ag.jvp(ag.grad(rosenbrock), (x,), (v,))[1], optimize.rosen_hess_prod(x, v), np.abs(hessian) @ np.abs(v) + 1200)
        problem = ag.scipy_fun(rosenbrock, x)
        assert problem.x0.tolist() == x.tolist()
        assert problem.fun(x) == value
        assert problem.jac(x).tolist() == gradient.tolist()
        close(problem.hessp(x, v), optimize.rosen_hess_prod(x, v), np.abs(hessian) @ np.abs(v) + 1200)


PROGRAM = """
import numpy as np
from scipy.optimize import rosen, rosen_der, rosen_hess, rosen_hess_prod
import autograd as ag

rng = np.random.default_rng(0)
for n in range(2, 31, 2):
    x, v = rng.uniform(-2, 2, n), rng.standard_normal(n)
    pairs = [(ag.grad(rosen)(x), rosen_der(x)), (ag.hvp(rosen, (x,), (v,))[0], rosen_hess_prod(x, v))]
    if n in (2, 8, 30):
        pairs += [(ag.hessian(rosen)(x), rosen_hess(x)), (ag.jacobian(rosen_der)(x), rosen_hess(x))]
        pairs += [(ag.grad(rosen)(ag.tensor(x)).numpy(), rosen_der(x)), (ag.scipy_fun(rosen, x).jac(x), rosen_der(x))]
    for found, expected in pairs:
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * np.max(np.abs(expected)))
print("differentiated")
"""


def test_scipys_own_rosenbrock_differentiates_where_it_takes_arrays_of_others():
    environment = {**os.environ, "SCIPY_ARRAY_API": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment, check=False)
    assert done.stdout.strip() == "differentiated", done.stderr


def test_scipys_own_rosenbrock_is_not_cut_off_silently_elsewhere():
    with pytest.raises(ag.ConversionError, match="would silently cut"):
        ag.grad(optimize.rosen)(np.ones(3))


# ---------------------------------------------------------------- sums of squares, differentiated by hand


@pytest.mark.parametrize("problem", by_name(RESIDUALS))
def test_gradients_are_those_by_hand(problem):
    for x in points(problem):
        jacobian, r = problem.jacobian(x), problem.r(x)
        close(ag.jacobian(problem.r, mode="forward")(x), jacobian, 1e-3 * np.abs(jacobian))
        close(ag.jacobian(problem.r, mode="reverse")(x), jacobian, 1e-3 * np.abs(jacobian))
        close(ag.grad(problem.f)(x), problem.gradient(x), 2 * np.abs(jacobian).T @ np.abs(r))


@pytest.mark.parametrize("problem", by_name(RESIDUALS))
def test_hessians_are_those_by_hand(problem):
    for x in points(problem):
        jacobian, r, v = problem.jacobian(x), problem.r(x), vector(len(x))
        hessian = problem.hessian(x)
        terms = [np.abs(problem.second(x, each)) for each in np.diag(r)]
        scale = 2 * (np.abs(jacobian).T @ np.abs(jacobian) + np.sum(terms, axis=0))
        close(ag.hessian(problem.f)(x), hessian, scale)
        close(ag.hvp(problem.f, (x,), (v,))[0], hessian @ v, scale @ np.abs(v))


@pytest.mark.parametrize("problem", by_name(RESIDUALS))
def test_second_derivatives_of_each_residual_are_those_by_hand(problem):
    x = points(problem)[1]
    for each in np.eye(len(problem.r(x)))[:6]:
        expected = problem.second(x, each)
        close(ag.hessian(lambda t, each=each: each @ problem.r(t))(x), expected, np.abs(expected).max())


@pytest.mark.parametrize("problem", by_name(RESIDUALS))
def test_the_published_solution_is_stationary(problem):
    x = np.array(problem.solution, float)
    assert problem.f(x) == pytest.approx(problem.least, rel=1e-3, abs=1e-9)
    newton_step = np.linalg.lstsq(ag.hessian(problem.f)(x), ag.grad(problem.f)(x))[0]
    assert newton_step.tolist() == pytest.approx([0.0] * len(x), abs=5e-6 * np.max(np.abs(x)) + 1e-12)


@pytest.mark.parametrize("method", ["trf", "lm"])
@pytest.mark.parametrize("problem", by_name(RESIDUALS))
def test_least_squares_goes_the_same_way(problem, method):
    solve = lambda jac: optimize.least_squares(problem.r, problem.start, jac, method=method, max_nfev=1000)
    ours, theirs = solve(ag.jacobian(problem.r)), solve(problem.jacobian)
    assert as_many(ours.nfev, theirs.nfev)
    assert ours.success
    assert theirs.success
    assert ours.x.tolist() == pytest.approx(theirs.x.tolist(), rel=1e-6)
    assert 2 * ours.cost == pytest.approx(problem.least, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("method", ["hybr", "lm"])
@pytest.mark.parametrize(("f", "jacobian", "start"), [pytest.param(*each[1:], id=each[0]) for each in EQUATIONS])
def test_roots_are_found_the_same_way(f, jacobian, start, method):
    close(ag.jacobian(f)(start + 0.01), jacobian(start + 0.01), 1.0)
    ours, theirs = [optimize.root(f, start, jac=jac, method=method) for jac in (ag.jacobian(f), jacobian)]
    assert (ours.nfev, ours.njev, ours.success) == (theirs.nfev, theirs.njev, theirs.success)
    assert ours.x.tolist() == pytest.approx(theirs.x.tolist(), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("f", "jacobian", "start"), [pytest.param(*each[1:], id=each[0]) for each in EQUATIONS[:2]])
def test_fsolve(f, jacobian, start):
    ours, information, _, _ = optimize.fsolve(f, start, fprime=ag.jacobian(f), full_output=True)
    theirs, expected, _, _ = optimize.fsolve(f, start, fprime=jacobian, full_output=True)
    assert (information["nfev"], information["njev"]) == (expected["nfev"], expected["njev"])
    assert ours.tolist() == pytest.approx(theirs.tolist(), rel=1e-9)
    assert np.max(np.abs(f(ours))) < 1e-7


def test_newton_and_halley_of_one_variable():
    """The examples of ``scipy.optimize.newton`` and ``root_scalar``: x**3 - 1."""
    f = lambda x: x**3 - 1
    slope = ag.grad(f)
    assert optimize.newton(f, 1.5, fprime=slope) == 1.0
    assert optimize.newton(f, 1.5, fprime=slope, fprime2=ag.grad(slope)) == 1.0
    for method, theirs in (
        ("newton", optimize.root_scalar(f, x0=0.2, fprime=lambda x: 3 * x**2, method="newton")),
        ("halley", optimize.root_scalar(f, x0=0.2, fprime=lambda x: 3 * x**2, fprime2=lambda x: 6 * x, method="halley")),
    ):
        ours = optimize.root_scalar(f, x0=0.2, fprime=slope, fprime2=ag.grad(slope), method=method)
        assert (ours.root, ours.iterations) == (theirs.root, theirs.iterations)


def test_curve_fit():
    model = lambda x, a, b, c: a * np.exp(-b * x) + c
    x = np.linspace(0, 4, 50)
    y = model(x, 2.5, 1.3, 0.5) + 0.2 * vector(50)
    columns = ag.jacobian(model, (1, 2, 3))
    by_hand = lambda x, a, b, c: np.stack([np.exp(-b * x), -a * x * np.exp(-b * x), np.ones_like(x)], axis=1)
    ours, covariance = optimize.curve_fit(model, x, y, jac=lambda x, *p: np.stack(columns(x, *p), axis=1))
    theirs, expected = optimize.curve_fit(model, x, y, jac=by_hand)
    assert ours.tolist() == pytest.approx(theirs.tolist(), rel=1e-10)
    assert covariance.tolist() == [pytest.approx(row, rel=1e-8) for row in expected.tolist()]


# ---------------------------------------------------------------- minima with no constraints and with some


UNCONSTRAINED = ["BFGS", "L-BFGS-B", "CG", "TNC", "SLSQP", "Newton-CG", "dogleg", "trust-ncg", "trust-krylov", "trust-exact"]
UNCONSTRAINED += ["trust-constr"]
SECOND = {"Newton-CG", "dogleg", "trust-ncg", "trust-krylov", "trust-exact", "trust-constr"}


@pytest.mark.parametrize("method", UNCONSTRAINED)
def test_every_method_goes_the_same_way(method):
    start = np.array([1.3, 1.7, 2.8, 7.9, 61.2]) if method == "dogleg" else np.array([1.3, 0.7, 0.8, 1.9, 1.2])
    jacobians, hessians = (ag.grad(rosenbrock), optimize.rosen_der), (ag.hessian(rosenbrock), optimize.rosen_hess)
    ours, theirs = [
        optimize.minimize(rosenbrock, start, method=method, jac=jac, hess=hess if method in SECOND else None, tol=1e-9)
        for jac, hess in zip(jacobians, hessians, strict=True)
    ]
    assert as_many(ours.nit, theirs.nit)
    assert ours.success == theirs.success
    accuracy = 1e-3 if method == "TNC" else 1e-5
    assert ours.x.tolist() == pytest.approx(theirs.x.tolist(), abs=accuracy / 10)
    assert ours.x.tolist() == pytest.approx([1.0] * 5, abs=accuracy)


@pytest.mark.parametrize("problem", by_name(CONSTRAINED))
def test_derivatives_of_constrained_problems_are_those_by_hand(problem):
    for x in points(problem):
        v = vector(len(problem.low))
        close(ag.grad(problem.f)(x), problem.gradient(x), 20.0)
        close(ag.hessian(problem.f)(x), problem.hessian(x), 20.0)
        close(ag.jacobian(problem.c)(x), problem.jacobian(x), 20.0)
        close(ag.hessian(lambda t, v=v: v @ problem.c(t))(x), problem.curvature(x, v), 20.0)


def reached(problem, ours, theirs):
    assert ours.success
    assert theirs.success
    assert as_many(ours.nit, theirs.nit)
    assert ours.x.tolist() == pytest.approx(theirs.x.tolist(), abs=1e-9)
    assert ours.x.tolist() == pytest.approx(problem.solution, abs=1e-6)
    assert ours.fun == pytest.approx(problem.least, abs=1e-6)


@pytest.mark.parametrize("problem", by_name(CONSTRAINED))
def test_trust_constr_reaches_the_published_optimum(problem):
    def solve(gradient, hessian, jacobian, curvature):
        constraint = optimize.NonlinearConstraint(problem.c, problem.low, problem.high, jac=jacobian, hess=curvature)
        options = {"gtol": 1e-13, "xtol": 1e-13, "barrier_tol": 1e-13}
        keywords = {"bounds": problem.bounds, "constraints": constraint, "options": options, "method": "trust-constr"}
        return optimize.minimize(problem.f, problem.start, jac=gradient, hess=hessian, **keywords)

    curvature = lambda x, v: ag.hessian(lambda t: v @ problem.c(t))(x)
    ours = solve(ag.grad(problem.f), ag.hessian(problem.f), ag.jacobian(problem.c), curvature)
    reached(problem, ours, solve(problem.gradient, problem.hessian, problem.jacobian, problem.curvature))


def split(problem, jacobian):
    """The constraints as SLSQP takes them: equations, and what is not to be negative."""
    low, high = np.array(problem.low, float), np.array(problem.high, float)
    equal = low == high
    constraints = []
    for kind, sign, side, rows in (
        ("eq", 1, low, equal),
        ("ineq", 1, low, ~equal & np.isfinite(low)),
        ("ineq", -1, high, ~equal & np.isfinite(high)),
    ):
        if rows.any():
            f = lambda x, sign=sign, side=side, rows=rows: sign * (problem.c(x) - side)[rows]
            constraints.append(
                {"type": kind, "fun": f, "jac": jacobian(f, lambda x, sign=sign, rows=rows: sign * problem.jacobian(x)[rows])}
            )
    return constraints


@pytest.mark.parametrize("problem", by_name(CONSTRAINED))
def test_slsqp_reaches_the_published_optimum(problem):
    keywords = {"method": "SLSQP", "bounds": problem.bounds, "options": {"ftol": 1e-9 if problem.name == "hs7" else 1e-10}}
    by_hand = split(problem, lambda f, jacobian: jacobian)
    ours_of = split(problem, lambda f, jacobian: ag.jacobian(f))
    theirs = optimize.minimize(problem.f, problem.start, jac=problem.gradient, constraints=by_hand, **keywords)
    ours = optimize.minimize(problem.f, problem.start, jac=ag.grad(problem.f), constraints=ours_of, **keywords)
    reached(problem, ours, theirs)


# ---------------------------------------------------------------- trees of parameters


@dataclass
class Head:
    weight: Any
    bias: Any
    name: str = field(default="", metadata={"static": True})


def tree(first, second, third, fourth):
    return {
        "z": [np.full((2, 3), first), (np.full(1, second),)],
        "head": Head(np.array([second, first]), fourth, "out"),
        "a": np.full((2, 1, 2), third, np.float32),
        "nothing": None,
    }


START, TARGET = tree(0.5, -1.5, 0.25, 2.0), tree(1.25, 0.75, -0.5, -3.0)


def distance(params, target):
    """Least, and 0, at the target; bound by its sum, so that the Hessian is not diagonal."""
    differences = ag.tree_leaves(ag.tree_map(lambda p, t: p - t, params, target))
    whole = sum([np.sum(each) for each in differences])
    return sum([np.sum(each**2 + each**4 / 10) for each in differences]) + whole**2


def described(params):
    """What is to stay: containers, their order, and what class, shape and dtype the arrays are of."""
    leaves, structure = ag.tree_flatten(params)
    return structure, [(np.shape(each), np.asarray(each).dtype) for each in leaves]


FIRST_ORDER = ["BFGS", "L-BFGS-B", "CG", "SLSQP", "TNC"]
WITH_PRODUCTS = ["Newton-CG", "trust-ncg", "trust-krylov", "trust-constr"]


@pytest.mark.parametrize("method", FIRST_ORDER + WITH_PRODUCTS)
def test_minimize_over_a_tree(method):
    start = ag.tree_map(np.copy, START)
    problem = ag.scipy_fun(distance, start, TARGET)
    if method in WITH_PRODUCTS:
        result = optimize.minimize(**problem._asdict(), method=method, tol=1e-7)
    else:
        result = optimize.minimize(problem.fun, problem.x0, jac=problem.jac, method=method, tol=1e-7)
    found = problem.unpack(result.x)
    assert described(found) == described(START)
    assert list(found) == ["z", "head", "a", "nothing"]
    assert (type(found["head"]), found["head"].name, type(found["head"].bias)) == (Head, "out", np.float64)
    assert found["a"].dtype == np.float32
    for each, target in zip(ag.tree_leaves(found), ag.tree_leaves(TARGET), strict=True):
        np.testing.assert_allclose(each, target, atol=3e-3 if method == "TNC" else 1e-5)
    for each, before in zip(ag.tree_leaves(start), ag.tree_leaves(START), strict=True):
        assert np.array_equal(each, before)


def test_the_functions_are_the_derivatives_of_the_tree():
    problem = ag.scipy_fun(distance, START, TARGET)
    x, v = problem.x0 + vector(14), vector(14)
    d = x - problem.pack(TARGET)
    single = np.arange(14) >= 10
    d[single] = (x.astype(np.float32) - problem.pack(TARGET).astype(np.float32))[single]
    assert problem.x0.tolist() == [0.5] * 6 + [-1.5, -1.5, 0.5, 2.0] + [0.25] * 4
    assert problem.fun(x) == pytest.approx(np.sum(d**2 + d**4 / 10) + np.sum(d) ** 2, rel=1e-6)
    close(problem.jac(x), 2 * d + 0.4 * d**3 + 2 * np.sum(d), 20.0, rtol=1e-6)
    close(problem.hessp(x, v), (2 + 1.2 * d**2) * v + 2 * np.sum(v), 40.0, rtol=1e-6)
    assert {problem.jac(x).dtype, problem.hessp(x, v).dtype, problem.x0.dtype} == {np.dtype(np.float64)}


def test_double_precision_stays_exact():
    matrix = vector(36).reshape(6, 6)
    quadratic = lambda p: (w := np.concatenate([p["a"].ravel(), p["b"]])) @ (matrix @ w) / 2
    problem = ag.scipy_fun(quadratic, {"a": np.zeros((2, 2)), "b": np.zeros(2)})
    x, v = vector(6), vector(6)[::-1]
    symmetric = (matrix + matrix.T) / 2
    close(problem.jac(x), symmetric @ x, 10.0)
    close(problem.hessp(x, v), symmetric @ v, 10.0)
    assert optimize.check_grad(problem.fun, problem.jac, x) < 1e-6


@pytest.mark.parametrize("params", [START, 2.0, np.ones((2, 0, 3)).sum() + np.ones((3, 2)).T, [1.0, (2.0, [])], Head(1.0, 2.0)])
def test_pack_and_unpack_are_inverse(params):
    problem = ag.scipy_fun(distance, params, params)
    again = problem.unpack(problem.x0)
    assert described(again) == described(params)
    for each, before in zip(ag.tree_leaves(again), ag.tree_leaves(params), strict=True):
        assert np.array_equal(each, before)
    x = np.round(vector(problem.x0.size), 2).astype(np.float32).astype(float)
    assert problem.pack(problem.unpack(x)).tolist() == x.tolist()
    assert problem.pack(ag.tree_map(ag.tensor, params)).tolist() == problem.x0.tolist()


def test_pack_meets_dicts_by_key():
    problem = ag.scipy_fun(lambda p: p["b"] * np.sum(p["a"]), {"b": 1.0, "a": np.array([2.0, 3.0])})
    assert problem.pack({"a": np.array([5, 6]), "b": ag.tensor(4.0)}).tolist() == [4.0, 5.0, 6.0]
    assert problem.unpack([4, 5, 6])["a"].tolist() == [5.0, 6.0]


def test_vectors_that_are_changed_afterwards_change_nothing():
    problem = ag.scipy_fun(lambda p: np.sum(p["w"] ** 2), {"w": np.array([1.0, 2.0])})
    x = problem.x0.copy()
    params = problem.unpack(x)
    gradient = problem.jac(x)
    x[:], gradient[:] = 9.0, 9.0
    assert params["w"].tolist() == [1.0, 2.0]
    assert problem.jac([1.0, 2.0]).tolist() == [2.0, 4.0]
    params["w"][:] = 7.0
    assert problem.unpack(problem.x0)["w"].tolist() == [1.0, 2.0]


def test_a_loss_does_not_write_to_its_parameters_but_to_copies():
    def loss(p):
        w = p["w"].copy() if copies else p["w"]
        w *= 3.0
        return np.sum(w**2)

    w = np.array([1.0, 2.0])
    problem = ag.scipy_fun(loss, {"w": w})
    copies = False
    with pytest.raises(ag.WriteError, match="is a leaf that requires a gradient"):
        problem.fun(problem.x0)
    copies = True
    assert (problem.fun(problem.x0), problem.jac(problem.x0).tolist()) == (45.0, [18.0, 36.0])
    assert problem.hessp(problem.x0, [1.0, 0.0]).tolist() == [18.0, 0.0]
    assert (w.tolist(), problem.x0.tolist()) == ([1.0, 2.0], [1.0, 2.0])


def test_tensors_as_parameters():
    w = ag.tensor([1.0, 2.0], requires_grad=True)
    problem = ag.scipy_fun(lambda p: np.sum(np.cosh(p["w"] - p["c"])), {"w": w, "c": ag.tensor(3.0)})
    found = problem.unpack(optimize.minimize(**problem._asdict(), method="trust-ncg").x)
    assert (type(found["w"]), type(found["c"])) == (np.ndarray, np.float64)
    assert (found["w"] - found["c"]).tolist() == pytest.approx([0.0, 0.0], abs=1e-5)
    assert (w.tolist(), w.grad, w.requires_grad) == ([1.0, 2.0], None, True)


def test_parameters_of_a_module():
    x = vector(40).reshape(20, 2)
    y = x @ np.array([[2.0], [-1.0]]) + 0.5
    line = nn.Linear(2, 1).astype(np.float64)
    before = line.state_dict()
    loss = lambda p, x, y: np.mean((nn.functional_call(line, p, x) - y) ** 2)
    problem = ag.scipy_fun(loss, dict(line.named_parameters()), ag.tensor(x), y)
    result = optimize.minimize(problem.fun, problem.x0, jac=problem.jac, method="BFGS", tol=1e-9)
    found = problem.unpack(result.x)
    assert list(found) == ["weight", "bias"]
    assert found["weight"].ravel().tolist() == pytest.approx([2.0, -1.0])
    assert found["bias"].tolist() == pytest.approx([0.5])
    assert all([np.array_equal(line.state_dict()[name], before[name]) for name in before])
    assert all([each.grad is None for each in line.parameters()])
    line.load_state_dict(found)
    assert np.max(np.abs(line(ag.tensor(x)).numpy() - y)) < 1e-6


@pytest.mark.parametrize("grad_mode", [ag.no_grad, ag.enable_grad])
def test_inside_and_outside_of_no_grad(grad_mode):
    with grad_mode():
        problem = ag.scipy_fun(lambda p, a, *, b=1.0: a * b * p**3, 2.0, 5.0)
        assert problem.fun(problem.x0) == 40.0
        assert problem.jac(problem.x0).tolist() == [60.0]
        assert problem.hessp(problem.x0, np.ones(1)).tolist() == [60.0]


def test_arguments_that_are_tensors_give_plain_results():
    problem = ag.scipy_fun(lambda p, a: np.sum(a * p**2), np.ones(2), ag.tensor([1.0, 3.0], requires_grad=True))
    assert type(problem.fun(problem.x0)) is float
    assert problem.fun(problem.x0) == 4.0
    assert type(problem.jac(problem.x0)) is type(problem.hessp(problem.x0, problem.x0)) is np.ndarray
    assert problem.hessp(problem.x0, [1.0, 2.0]).tolist() == [2.0, 12.0]


def test_a_loss_of_one_element_and_constants():
    kept = ag.scipy_fun(lambda p: np.sum(p**2, keepdims=True), np.array([1.0, 2.0]))
    assert (kept.fun(kept.x0), kept.jac(kept.x0).tolist(), kept.hessp(kept.x0, kept.x0).tolist()) == (
        5.0,
        [2.0, 4.0],
        [2.0, 4.0],
    )
    linear = ag.scipy_fun(lambda p: np.sum(p["a"]), {"a": np.ones(2), "unused": 1.0})
    assert linear.jac(linear.x0).tolist() == [1.0, 1.0, 0.0]
    assert linear.hessp(linear.x0, linear.x0).tolist() == [0.0, 0.0, 0.0]
    single = ag.scipy_fun(lambda p: np.sum(p), np.ones(2, np.float32))
    assert type(single.fun(single.x0)) is float


def test_names():
    problem = ag.scipy_fun(rosenbrock, np.zeros(2))
    assert problem._fields == ("fun", "x0", "jac", "hessp")
    assert problem.fun.__name__ == "rosenbrock"


# ---------------------------------------------------------------- how often the loss is computed


def counted(loss):
    def f(*arguments):
        f.calls += 1
        return loss(*arguments)

    f.calls = 0
    return f


def test_value_and_gradient_at_one_point_are_computed_once():
    loss = counted(rosenbrock)
    problem = ag.scipy_fun(loss, np.zeros(3))
    x, y = np.array([1.0, 2.0, 3.0]), np.array([0.5, np.nan, 0.0])
    for first, second in ((problem.fun, problem.jac), (problem.jac, problem.fun)):
        for point in (x, y, x):
            before = loss.calls
            first(point)
            second(point.copy())
            assert loss.calls == before + 1


@pytest.mark.parametrize("method", FIRST_ORDER)
def test_optimizers_need_one_evaluation_a_point(method):
    loss = counted(rosenbrock)
    problem = ag.scipy_fun(loss, np.array([1.3, 0.7, 0.8]))
    result = optimize.minimize(problem.fun, problem.x0, jac=problem.jac, method=method)
    assert loss.calls == result.nfev


def test_what_the_loss_uses_may_change_between_calls():
    weight, arguments = np.array([1.0]), np.array([10.0])
    problem = ag.scipy_fun(lambda p, a: np.sum(weight * a * p**2), np.array([1.0]), arguments)
    x = np.array([2.0])
    assert (problem.fun(x), problem.jac(x).tolist()) == (40.0, [40.0])
    weight[:] = 3.0
    assert (problem.fun(x), problem.jac(x).tolist()) == (120.0, [120.0])
    arguments[:] = 1.0
    assert (problem.jac(x).tolist(), problem.fun(x)) == ([12.0], 12.0)


def test_penalties_that_grow():
    """HS6 by a quadratic penalty: one problem, whose weight is raised between runs that start where the last one ended."""
    penalty = np.array(1.0)
    loss = lambda p: (1 - p["x"]) ** 2 + penalty * (10 * (p["y"] - p["x"] ** 2) - 1) ** 2
    problem = ag.scipy_fun(loss, {"x": -1.2, "y": 1.0})
    x = problem.x0
    for _ in range(4):
        x = optimize.minimize(problem.fun, x, jac=problem.jac, method="BFGS").x
        penalty *= 10
    found = problem.unpack(x)
    assert (found["x"], found["y"]) == (pytest.approx(1.0, abs=1e-5), pytest.approx(1.1, abs=1e-5))


def test_an_error_in_the_loss_leaves_nothing_behind():
    def loss(p):
        if fails[0]:
            raise OSError("no data")
        return np.sum(p**2)

    fails = [False]
    problem = ag.scipy_fun(loss, np.ones(2))
    problem.fun([1.0, 2.0])
    fails[0] = True
    with pytest.raises(OSError, match="no data"):
        problem.fun([3.0, 4.0])
    fails[0] = False
    assert problem.fun([3.0, 4.0]) == 25.0
    assert problem.jac([3.0, 4.0]).tolist() == [6.0, 8.0]


# ---------------------------------------------------------------- refusals


class OwnList(list):
    pass


REAL = "expected real floating numbers, received"


@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        ({"w": np.arange(3)}, TypeError, rf"^scipy_fun: params\['w'\]: {REAL} ndarray \(dtype int64\)$"),
        ({"w": [1.0, (True,)]}, TypeError, rf"params\['w'\]\[1\]\[0\]: {REAL} bool"),
        (Head(1.0, 3), TypeError, rf"params\.bias: {REAL} int"),
        ([ag.tensor([1, 2])], TypeError, rf"params\[0\]: {REAL} Tensor \(dtype int64\)"),
        (1j, TypeError, rf"params: {REAL} complex \(dtype complex128\)"),
        (object(), TypeError, rf"params: {REAL} object"),
        (nn.Linear(1, 1), TypeError, rf"params: {REAL} Linear"),
        ({"w": "1.0"}, TypeError, r"params\['w'\]: expected an array or a number, received str"),
        ({"w": OwnList([1.0])}, TypeError, r"params\['w'\]: expected an array or a number, received OwnList"),
        (deque([1.0]), TypeError, "params: expected an array or a number, received deque"),
        (np.ma.masked_array([1.0], [True]), ag.ConversionError, "masked"),
        (np.matrix([1.0]), ag.ConversionError, "np.matrix"),
        ({}, ValueError, r"expected params with at least one number, received \{\}"),
        (None, ValueError, "expected params with at least one number, received None"),
        ([np.ones((2, 0)), []], ValueError, "expected params with at least one number"),
    ],
)
def test_parameters_that_are_refused(params, error, message):
    with pytest.raises(error, match=message):
        ag.scipy_fun(distance, params)


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (np.ones(2), ValueError, r"^scipy_fun: expected a vector of 3 numbers, received shape \(2,\)$"),
        (np.ones((1, 3)), ValueError, r"received shape \(1, 3\)"),
        (np.ones((3, 1)), ValueError, r"received shape \(3, 1\)"),
        (1.0, ValueError, r"received shape \(\)"),
        (np.ones(3) * 1j, TypeError, r"^scipy_fun: the vector: expected real numbers, received ndarray \(dtype complex128\)$"),
        ([1.0, None, 2.0], TypeError, "expected real numbers, received list"),
        (["1", "2", "3"], TypeError, "expected real numbers, received list"),
    ],
)
def test_vectors_that_are_refused(x, error, message):
    problem = ag.scipy_fun(lambda p: p["a"] * np.sum(p["b"]), {"a": 1.0, "b": np.ones(2)})
    problem.fun(np.ones(3))
    for act in (
        problem.fun,
        problem.jac,
        problem.unpack,
        lambda x: problem.hessp(np.ones(3), x),
        lambda x: problem.hessp(x, np.ones(3)),
    ):
        with pytest.raises(error, match=message):
            act(x)


@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        ({"a": 1.0}, ValueError, r"^pack: params: expected a dict with keys \['a', 'b'\]; missing \['b'\]$"),
        ({"a": 1.0, "b": [1.0], "c": 2.0}, ValueError, r"^pack: params: .*; unexpected \['c'\]$"),
        ([1.0, np.ones(2)], ValueError, r"^pack: params: expected a dict with keys \['a', 'b'\], received a list"),
        ({"a": 1.0, "b": (np.ones(2),)}, ValueError, r"^pack: params\['b'\]: expected a list of 1, received a tuple"),
        ({"a": 1.0, "b": [1.0, 2.0]}, ValueError, r"^pack: params\['b'\]: expected a list of 1, received 2$"),
        ({"a": 1.0, "b": [np.ones(3)]}, ValueError, r"^pack: params\['b'\]\[0\]: expected shape \(2,\), received \(3,\)$"),
        ({"a": 1j, "b": [np.ones(2)]}, TypeError, r"^pack: params\['a'\]: expected real numbers, received complex"),
        ({"a": None, "b": [np.ones(2)]}, TypeError, r"^pack: params\['a'\]: expected real numbers, received NoneType"),
        ({"a": 1.0, "b": [[1.0, 2.0]]}, TypeError, r"^pack: params\['b'\]\[0\]: expected an array or a number, received list"),
    ],
)
def test_trees_of_another_structure_are_refused(params, error, message):
    problem = ag.scipy_fun(lambda p: p["a"] * np.sum(p["b"][0]), {"a": 1.0, "b": [np.ones(2)]})
    with pytest.raises(error, match=message):
        problem.pack(params)


@pytest.mark.parametrize(
    ("loss", "error", "message"),
    [
        (lambda p: p * 2, ag.GradientError, r"<lambda> to return one number, received shape \(2,\)"),
        (lambda p: None, TypeError, "received None: does it end without a return"),
        (lambda p: 3.0, TypeError, "to return a Tensor, received a plain float"),
        (lambda p: (np.sum(p), 1.0), TypeError, r"to return one number, received TreeDef\(\(\*, \*\)\)"),
        (lambda p: np.sum(p) * 1j, ag.GradientError, "expected a real result, received complex128"),
        (lambda p: "x", TypeError, "<lambda> to return arrays and tensors, received str"),
    ],
)
def test_losses_that_are_refused(loss, error, message):
    problem = ag.scipy_fun(loss, np.ones(2))
    for act in (problem.fun, problem.jac, lambda x: problem.hessp(x, x)):
        with pytest.raises(error, match=message):
            act(problem.x0)


def test_an_optimizer_that_ignores_products_says_so():
    problem = ag.scipy_fun(lambda p: np.sum(p**2), np.ones(2))
    with pytest.warns(RuntimeWarning, match="does not use Hessian-vector product information"):
        optimize.minimize(**problem._asdict(), method="BFGS")


def test_unpacking_a_tensor_is_recorded():
    problem = ag.scipy_fun(lambda p: p["a"] ** 2, {"a": 1.0, "b": np.ones((2, 2), np.float32)})
    f = lambda z: problem.unpack(z)["a"] ** 2 + np.sum(problem.unpack(z)["b"] * 3) + z[0]
    np.testing.assert_array_equal(ag.grad(f)(np.array([3.0, 1.0, 1.0, 1.0, 1.0])), [7.0, 3.0, 3.0, 3.0, 3.0])
