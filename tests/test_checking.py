"""``gradcheck`` finds planted errors, passes what is right, and says what it found."""

import math

import numpy as np
import pytest

import autograd as ag
from autograd.checking import gradcheck
from autograd.errors import GradientError
from autograd.gate import op

RNG = np.random.default_rng(3)
A, B = RNG.uniform(-2, 2, (3, 4)), RNG.uniform(-2, 2, (4, 2))
Z = RNG.uniform(-2, 2, (3,)) + 1j * RNG.uniform(-2, 2, (3,))


# ---------------------------------------------------------------- what is right passes, to nine digits


@pytest.mark.parametrize(
    ("f", "inputs"),
    [
        pytest.param(lambda x: x * np.exp(x), A, id="composition"),
        pytest.param(lambda x, y: x / (1 + y * y), [A, A[:1]], id="broadcasting"),
        pytest.param(np.tan, 1.2, id="number"),
        pytest.param(np.log, [[1e-3, 5.0, 1e3]], id="list of lists, close to the edge of the domain"),
        pytest.param(np.sin, [[1e3, 1e-3]], id="large and small elements"),
        pytest.param(np.square, [[1e8, 3.0, 0.0]], id="gradients of very different sizes"),
        pytest.param(lambda x: (np.sin(x), x * x * x), A, id="several outputs"),
        pytest.param(lambda z: np.log(z) * np.conjugate(z), Z, id="complex"),
        pytest.param(lambda z: np.absolute(z), Z, id="complex to real"),
        pytest.param(lambda x: x * (1 + 2j), A, id="real to complex"),
        pytest.param(lambda x, n: x**n, [np.array([0.5, 2.0]), np.array(3)], id="an integer input"),
        pytest.param(lambda x: x * 0 + 2, A, id="gradient zero"),
        pytest.param(lambda x: ag.tensor([1.0]), A, id="no dependence"),
        pytest.param(np.exp, np.empty((0, 3)), id="empty"),
        pytest.param(lambda x: np.maximum(x, 0.0), [[0.004, -0.004, 1.0]], id="a kink, but not at the input"),
    ],
)
def test_right_gradients_pass(f, inputs):
    report = gradcheck(f, inputs, order=2)
    assert report, report
    assert report.worst.error < 1e-9


def test_any_order_passes():
    report = gradcheck(np.tanh, np.array([0.3, -1.0]), order=4)
    assert report
    assert {row.order for row in report.rows} == {1, 2, 3, 4}


def test_a_gradient_inside_the_function_passes():
    def squared_slope(x):
        (slope,) = ag.grad_of(np.exp(x * x), [x], ag.tensor(np.ones(2)), create_graph=True)
        return slope * slope

    with ag.no_grad():  # which does not reach inside
        assert gradcheck(squared_slope, np.array([0.4, -0.7]))


def test_the_numeric_side_is_the_closed_form():
    report = gradcheck(np.exp, 1.5)
    (row,) = report.rows
    cotangent = row.analytic / math.exp(1.5)
    assert row.numeric == pytest.approx(cotangent * math.exp(1.5), rel=1e-11)
    assert 0.5 <= abs(cotangent) <= 1.5


# ---------------------------------------------------------------- planted errors are caught


def planted(x_rule, forward=lambda x: np.sin(x)):
    function = op(lambda x: forward(x), name="planted")
    function.vjp(x=x_rule)
    return function


WRONG = {
    "factor": planted(lambda g, x: 1.00001 * g * np.cos(x)),
    "sign": planted(lambda g, x: -g * np.cos(x)),
    "sign at one element": planted(lambda g, x: g * np.cos(x) * (1 - 2 * (np.arange(12).reshape(3, 4) == 6))),
    "forgotten": planted(lambda g: g * 0),
    "too large by a constant": planted(lambda g, x: g * np.cos(x) + 1e-3),
    "not a number": planted(lambda g, x: g * np.cos(x) * np.nan),
    "infinite": planted(lambda g, x: g * np.inf),
    "cotangent ignored": planted(lambda g, x: np.cos(x)),
}


@pytest.mark.parametrize("function", WRONG.values(), ids=WRONG)
def test_a_wrong_gradient_is_caught(function):
    assert gradcheck(planted(lambda g, x: g * np.cos(x)), A)  # the same without the error
    report = gradcheck(function, A)
    assert not report
    assert not report.passed
    assert report.worst.error > 1e-6


def test_the_worst_element_is_named():
    report = gradcheck(WRONG["sign at one element"], A)
    assert report.worst.index == (1, 2)
    assert report.worst.analytic == pytest.approx(-report.worst.numeric, rel=1e-9)
    assert "x[1, 2]" in str(report)


def test_a_missing_transposition_is_caught():
    def product(transposed):
        function = op(lambda x, y: x @ y, name="product")
        function.vjp(x=lambda g, y: g @ (y.T if transposed else y), y=lambda g, x: x.T @ g)
        return function

    square, other = A[:, :3], A[:, 1:]
    assert gradcheck(product(transposed=True), [square, other])
    report = gradcheck(product(transposed=False), [square, other])
    assert [row.passed for row in report.rows] == [False, True]
    assert report.worst.name == "x"


def test_a_complex_gradient_that_is_conjugated_is_caught():
    function = op(lambda z: z * z, name="squared")
    function.vjp(z=lambda g, z: 2 * g * np.conjugate(z))
    assert gradcheck(lambda z: z * z, Z)
    assert not gradcheck(function, Z)


@pytest.mark.parametrize(
    ("rule", "at"),
    [
        pytest.param(lambda g, x: g * np.cos(x.numpy() if isinstance(x, ag.Tensor) else x), "x", id="cut at the input"),
        pytest.param(
            lambda g, x: (g.detach() if isinstance(g, ag.Tensor) else g) * np.cos(x), "cotangent 0", id="cut at the cotangent"
        ),
    ],
)
def test_a_wrong_second_derivative_is_caught(rule, at):
    function = planted(rule)
    assert gradcheck(function, A)
    report = gradcheck(function, A, order=2)
    assert report.rows[0].passed
    assert [row.name for row in report.rows if not row.passed] == [at]
    assert report.worst.order == 2


# ---------------------------------------------------------------- the report


def test_the_report_is_a_table():
    def model(weight, bias):
        return np.exp(weight) + bias

    text = str(gradcheck(model, [A, ag.tensor(1.0, name="offset")]))
    lines = text.splitlines()
    assert lines[0].startswith("gradcheck passed: worst error ")
    assert lines[1].split() == ["order", "input", "shape", "checked", "worst", "at", "analytic", "numeric", "error"]
    assert lines[2].split()[:2] == ["1", "weight"]
    assert "(3, 4)  12 of 12" in lines[2]
    assert lines[3].split()[:2] == ["1", "offset"]
    assert all(line.endswith("ok") for line in lines[2:])
    assert repr(gradcheck(WRONG["sign"], A)).startswith("gradcheck FAILED")
    assert "do not settle" not in str(gradcheck(WRONG["sign"], A))


@pytest.mark.parametrize(
    "f",
    [
        pytest.param(lambda x: np.maximum(x, 0.0), id="kink"),
        pytest.param(lambda x: np.maximum(x, 0.0) * np.maximum(x + 1, 0.0), id="kink with curvature"),
        pytest.param(lambda x: ag.where(x > 0, 1.0, 0.0) * (x + 2), id="jump"),
    ],
)
def test_a_kink_is_named(f):
    smooth, kinked = gradcheck(f, [[0.5]]), gradcheck(f, [[0.0]])
    assert smooth
    assert not kinked
    assert str(kinked).splitlines()[-1].startswith("The finite differences do not settle at x[0] (uncertainty ")
    assert str(kinked).endswith("a kink, a jump or a pole is near, or the function is noisy. Move the input away from it.")


def test_a_kink_with_equal_slopes_passes():
    assert gradcheck(np.absolute, [[0.0]])  # the difference to both sides is 0, and so is the gradient by convention


def test_a_wrong_gradient_raises_on_request():
    with pytest.raises(GradientError, match=r"gradcheck FAILED(.|\n)*WRONG"):
        gradcheck(WRONG["sign"], A, raise_on_failure=True)


def test_elements_can_be_sampled():
    report = gradcheck(np.sin, np.linspace(-1, 1, 1000), max_elements=7, order=2)
    assert [(row.checked, row.size) for row in report.rows] == [(7, 1000)] * 3
    assert "7 of 1000" in str(report)
    again = gradcheck(np.sin, np.linspace(-1, 1, 1000), max_elements=7, order=2)
    assert again == report
    assert gradcheck(np.sin, np.linspace(-1, 1, 1000), max_elements=7, order=2, seed=1) != report


def test_tolerances():
    slightly = planted(lambda g, x: 1.00001 * g * np.cos(x))
    assert gradcheck(slightly, A, rtol=1e-4)
    assert gradcheck(slightly, A, atol=1e-3)
    assert not gradcheck(slightly, A, atol=0.0)
    assert gradcheck(lambda x: x * 0, A, atol=0.0)
    assert gradcheck(np.sin, A, step=1e-2)


# ---------------------------------------------------------------- it leaves things as they were


def test_inputs_are_left_alone():
    x = ag.tensor(A, requires_grad=True)
    x.sum().backward()
    y = B.copy()
    y.flags.writeable = False
    before = x.grad
    assert gradcheck(lambda x, y: x * y[0, 0], [x, y], order=2)
    assert x.grad is before
    np.testing.assert_array_equal(before.numpy(), np.ones((3, 4)))
    np.testing.assert_array_equal(x.numpy(), A)
    np.testing.assert_array_equal(y, B)
    assert not ag.tensor(B).requires_grad


# ---------------------------------------------------------------- bad input

COUNTER = iter(range(1000))


@pytest.mark.parametrize(
    ("f", "inputs", "keywords", "error", "message"),
    [
        (lambda x: x, [], {}, ValueError, "expected at least one input, received an empty sequence"),
        (lambda x: x, np.arange(3), {}, TypeError, r"expected a floating or complex input, received int64.*\.astype\(float\)"),
        (lambda x: x, "text", {}, TypeError, "input 0 has to be numeric; received dtype <U1"),
        (lambda x: x, [None], {}, TypeError, "input 0 has to be numeric; received dtype object"),
        (
            lambda x: x,
            A.astype(np.float32),
            {},
            TypeError,
            "received float32 as input 0.*single precision has only seven: convert",
        ),
        (lambda x: x.astype(np.float32), A, {}, TypeError, "expected float64 or complex128, received float32 as the output"),
        (lambda x: (x, x.astype(np.complex64)), A, {}, TypeError, "received complex64 as output 1"),
        (lambda x: x.numpy(), A, {}, TypeError, "expected f to return a tensor or several, received ndarray as the output"),
        (lambda x: (x, 1.0), A, {}, TypeError, "received float as output 1"),
        (lambda x: x > 0, A, {}, TypeError, "expected f to return a floating or complex tensor, received none"),
        (lambda x: x * next(COUNTER), A, {}, ValueError, "gave two different values for the same inputs.*generator"),
        (lambda x: x, A, {"order": 0}, ValueError, "expected order 1 or higher, received 0"),
        (lambda x: x, A, {"max_elements": 0}, ValueError, "expected max_elements of 1 or more, or None for all; received 0"),
        (lambda x: x, A, {"rtol": 0.0}, ValueError, "expected rtol above 0, received 0.0"),
        (lambda x: x[x > 0], [[1e-3, -1.0]], {}, ValueError, r"shape of f's output changes.*\(1,\), then \(1,\) and \(0,\)"),
    ],
)
def test_bad_input(f, inputs, keywords, error, message):
    with pytest.raises(error, match=message):
        gradcheck(f, inputs, **keywords)


def test_a_failed_report_says_what_its_numbers_are():
    wrong = gradcheck(lambda x: x.detach() * x, np.array([3.0, 2.0]))
    explanation = str(wrong).splitlines()[-1]
    assert explanation.startswith("Analytic is what the gradient rules give, numeric what finite differences give")
    assert explanation.endswith("analytic / numeric = 0.5 there.")
    assert "Analytic is" not in str(gradcheck(np.sin, 0.5))


def test_a_list_is_several_inputs():
    with pytest.raises(ValueError, match=r"np.sin takes 1 input\(s\), received a sequence of 2.*for one vector, pass np.array"):
        gradcheck(np.sin, [1.0, 2.0])


def test_small_outputs_are_checked_as_strictly_as_large_ones():
    assert not gradcheck(lambda x: x.detach() * x * 1e-12, 3.0)
