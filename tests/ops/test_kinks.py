"""Kinks, ties and jumps: the derivative that stands in the docs is the one that is given, and equal formulas have equal ones.

``docs/kinks.md`` has the table (function, expression, point, derivative, reason); the tests read it.
"""

from pathlib import Path

import numpy as np
import pytest

import autograd as ag
import nn

PAGE = Path(__file__).parents[2] / "docs" / "kinks.md"


def rows():
    """The cells of the table's rows, without the marks of code."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split(" | ")] for line in lines]


ROWS = rows()
TABLE = pytest.mark.parametrize(
    ("expression", "point", "expected"), [row[1:4] for row in ROWS], ids=[f"{row[1]} at {row[2]}" for row in ROWS]
)


def point_of(text):
    return {name: np.asarray(value) for name, value in eval(f"dict({text})", {"np": np}).items()}


def gradients(expression, point, create_graph=False):
    """The derivative of the sum of a result's elements, with respect to each input."""
    inputs = {name: ag.tensor(value, requires_grad=True) for name, value in point.items()}
    with np.errstate(all="ignore"):  # the forward pass may leave the domain, and a true infinity may be asked for
        out = eval(expression, {"np": np, "ag": ag, "nn": nn, **inputs})
        found = ag.grad_of(np.sum(out), list(inputs.values()), create_graph=create_graph, allow_unused=True)
    return [np.zeros(x.shape) if g is None else g.numpy() for x, g in zip(inputs.values(), found, strict=True)]


@TABLE
@pytest.mark.parametrize("create_graph", [False, True], ids=["plain", "recorded"])
def test_the_derivative_is_the_one_in_the_docs(expression, point, expected, create_graph):
    wanted = eval(f"({expected},)", {"np": np})
    found = gradients(expression, point_of(point), create_graph)
    assert len(found) == len(wanted)
    for actual, value in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(actual, value)


@TABLE
def test_the_same_in_single_precision(expression, point, expected):
    wanted = eval(f"({expected},)", {"np": np})
    narrow = {name: x.astype(np.complex64 if x.dtype.kind == "c" else np.float32) for name, x in point_of(point).items()}
    for actual, value in zip(gradients(expression, narrow), wanted, strict=True):
        np.testing.assert_array_equal(actual, value)


def test_each_row_has_a_reason_and_names_its_function():
    for name, expression, *_, reason in ROWS:
        assert reason.endswith("."), expression
        call = name.rpartition(".")[2]
        signs = {"absolute": "abs", "floor_divide": "//", "remainder": "%", "power": "**", "divide": " / "}
        assert call in expression or signs[name] in expression


def test_the_table_has_the_functions_with_kinks():
    named = {row[0] for row in ROWS}
    assert named >= {
        "absolute", "angle", "arctan2", "cbrt", "ceil", "clip", "copysign", "divide", "fabs", "fix", "floor", "floor_divide",
        "fmax", "fmin", "fmod", "heaviside", "hypot", "linalg.norm", "log", "logaddexp", "max", "maximum", "min", "minimum",
        "modf", "nan_to_num", "power", "prod", "ptp", "relu", "remainder", "rint", "round", "sign", "sqrt", "std", "trunc",
        "var", "where",
    }  # fmt: skip


# ---------------------------------------------------------------- equal formulas

FORMULAS = {
    "maximum": lambda x: np.maximum(x, 0.0),
    "relu": ag.relu,
    "where": lambda x: np.where(x > 0, x, 0.0),
    "clip": lambda x: np.clip(x, 0.0, np.inf),
    "clip from below": lambda x: np.clip(x, 0.0, None),
    "fmax": lambda x: np.fmax(x, 0.0),
    "minimum": lambda x: -np.minimum(-x, 0.0),
    "max": lambda x: np.max(np.stack([x, np.zeros_like(x)]), axis=0),
}
POINTS = np.array([-np.inf, -2.0, -5e-324, -0.0, 0.0, 5e-324, 2.0, np.inf, np.nan])
ZERO = POINTS == 0
NAN = np.isnan(POINTS)


def derivatives(formula):
    """Value, first and second derivative at each point."""
    x = ag.tensor(POINTS, requires_grad=True)
    y = formula(x)
    (first,) = ag.grad_of(y, [x], np.ones(x.shape), create_graph=True)
    second = np.zeros(x.shape)
    if first.requires_grad:
        (found,) = ag.grad_of(first, [x], np.ones(x.shape), allow_unused=True)
        second = second if found is None else found.numpy()
    return y.numpy(), first.numpy(), second


@pytest.mark.parametrize("name", [name for name in FORMULAS if name != "max"])
def test_equal_formulas_agree(name):
    value, first, second = derivatives(FORMULAS[name])
    np.testing.assert_array_equal(value[~NAN], [0, 0, 0, 0, 0, 5e-324, 2, np.inf])
    np.testing.assert_array_equal(value[NAN], 0.0 if name in ("where", "fmax") else np.nan)  # as NumPy's
    np.testing.assert_array_equal(first, [0, 0, 0, 0, 0, 1, 1, 1, 0])
    np.testing.assert_array_equal(second, np.zeros(9))


def test_the_reduction_agrees_but_for_the_tie_which_it_shares():
    value, first, second = derivatives(FORMULAS["max"])
    np.testing.assert_array_equal(value[~NAN], [0, 0, 0, 0, 0, 5e-324, 2, np.inf])
    np.testing.assert_array_equal(first, [0, 0, 0, 0.5, 0.5, 1, 1, 1, 1])  # where it is NaN the gradient goes to the NaN
    np.testing.assert_array_equal(second, np.zeros(9))


def test_half_of_x_and_its_length_agrees_but_for_the_kink_which_it_halves():
    with np.errstate(invalid="ignore"):  # -inf + inf
        value, first, second = derivatives(lambda x: (x + np.abs(x)) * 0.5)
    proper = np.isfinite(POINTS) & ~ZERO
    np.testing.assert_array_equal(value[proper][[0, -1]], [0, 2])
    np.testing.assert_array_equal(first[proper], [0, 0, 1, 1])
    np.testing.assert_array_equal(first[ZERO], [0.5, 0.5])
    np.testing.assert_array_equal(second[proper | ZERO], np.zeros(6))


LENGTHS = {
    "absolute": np.abs,
    "fabs": np.fabs,
    "hypot": lambda x: np.hypot(x, 0.0),
    "x sign(x)": lambda x: x * np.sign(x),
    "where": lambda x: np.where(x > 0, x, -x),
    "copysign": lambda x: np.copysign(x, 1.0),
}


@pytest.mark.parametrize("name", LENGTHS)
def test_lengths_on_the_line_agree(name):
    x = ag.tensor([-2.0, -0.0, 0.0, 3.0], requires_grad=True)
    y = LENGTHS[name](x)
    (first,) = ag.grad_of(y, [x], np.ones(4), create_graph=True)
    (second,) = ag.grad_of(first, [x], np.ones(4), allow_unused=True) if first.requires_grad else (None,)
    at_zero = -1.0 if name == "where" else 0.0  # where() knows of no kink: it chose -x
    np.testing.assert_array_equal(y.numpy(), [2, 0, 0, 3])
    np.testing.assert_array_equal(first.numpy(), [-1, at_zero, at_zero, 1])
    assert second is None or not second.numpy().any()


# ---------------------------------------------------------------- what was not used has no influence

# A function, a point where its slope is infinite or not there, and one where all is well.
GUARDED = {
    "sqrt": (np.sqrt, 0.0, 0.5),
    "cbrt": (np.cbrt, 0.0, 0.5),
    "log": (np.log, 0.0, 0.5),
    "log2": (np.log2, 0.0, 0.5),
    "log10": (np.log10, 0.0, 0.5),
    "log1p": (np.log1p, -1.0, 0.5),
    "reciprocal": (np.reciprocal, 0.0, 0.5),
    "1 / x": (lambda x: 1 / x, 0.0, 0.5),
    "x / x": (lambda x: x / x, 0.0, 0.5),
    "x**0.5": (lambda x: x**0.5, 0.0, 0.5),
    "x**-2": (lambda x: x**-2, 0.0, 0.5),
    "x**x": (lambda x: x**x, 0.0, 0.5),
    "x**x of a negative": (lambda x: x**x, -1.0, 0.5),
    "(-1)**x": (lambda x: np.where(x == 2, -1.0, 2.0) ** x, 2.0, 0.5),
    "arcsin": (np.arcsin, 1.0, 0.5),
    "arccos": (np.arccos, -1.0, 0.5),
    "arccosh": (np.arccosh, 1.0, 1.5),
    "arctanh": (np.arctanh, 1.0, 0.5),
    "exp": (np.exp, 1000.0, 0.5),
    "exp2": (np.exp2, 2000.0, 0.5),
    "expm1": (np.expm1, 1000.0, 0.5),
    "sinh": (np.sinh, 1000.0, 0.5),
    "cosh": (np.cosh, -1000.0, 0.5),
}


@pytest.mark.parametrize("name", GUARDED)
def test_a_cotangent_of_zero_stays_zero_to_the_second_order(name):
    f, pole, good = GUARDED[name]
    x, alone = ag.tensor([pole, good], requires_grad=True), ag.tensor([good], requires_grad=True)
    with np.errstate(all="ignore"):
        y = f(x)
    with np.errstate(divide="ignore", over="ignore"):
        (first,) = ag.grad_of(np.where(np.array([False, True]), y, 7.0), [x], np.ones(2), create_graph=True)
        (second,) = ag.grad_of(first, [x], np.ones(2))
    (expected,) = ag.grad_of(f(alone), [alone], np.ones(1), create_graph=True)
    (expected_second,) = ag.grad_of(expected, [alone], np.ones(1))
    assert first.numpy()[0] == 0
    assert second.numpy()[0] == 0
    np.testing.assert_allclose(first.numpy()[1], expected.item(), rtol=1e-15)
    np.testing.assert_allclose(second.numpy()[1], expected_second.item(), rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("f", [np.sqrt, np.cbrt, np.log, lambda x: x**0.5])
def test_an_infinite_gradient_that_was_asked_for_stays_and_warns(f):
    x = ag.tensor([0.0, 1.0], requires_grad=True)
    with np.errstate(divide="ignore"):
        y = f(x)
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        y.backward(np.ones(2))
    assert np.isinf(x.grad.numpy()[0])
    assert np.isfinite(x.grad.numpy()[1])
