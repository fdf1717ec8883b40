"""Activations as pictures: curves against closed forms, derivatives against formulas, bounds against the smallest values."""

import numpy as np
import pytest
from matplotlib import pyplot
from scipy import optimize, special

import nn
import nn.functional as F
from nn.plots.activation_gallery import _KNOWN

SELU = 1.0507009873554805, 1.6732632423543773


def sigmoid(x):
    return special.expit(x)


def gauss(x):
    return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)


def inside(x, bound):
    return (np.abs(x) < bound).astype(float)


# Function and derivative, away from corners.
CLOSED = {
    "ReLU": (lambda x: np.maximum(x, 0), lambda x: x > 0),
    "LeakyReLU": (lambda x: np.where(x > 0, x, 0.01 * x), lambda x: np.where(x > 0, 1, 0.01)),
    "PReLU": (lambda x: np.where(x > 0, x, 0.25 * x), lambda x: np.where(x > 0, 1, 0.25)),
    "RReLU": (lambda x: np.where(x > 0, x, 11 / 48 * x), lambda x: np.where(x > 0, 1, 11 / 48)),
    "ReLU6": (lambda x: np.clip(x, 0, 6), lambda x: (x > 0) & (x < 6)),
    "ELU": (lambda x: np.where(x > 0, x, np.expm1(x)), lambda x: np.where(x > 0, 1, np.exp(x))),
    "CELU": (lambda x: np.where(x > 0, x, np.expm1(x)), lambda x: np.where(x > 0, 1, np.exp(x))),
    "SELU": (
        lambda x: SELU[0] * np.where(x > 0, x, SELU[1] * np.expm1(x)),
        lambda x: SELU[0] * np.where(x > 0, 1, SELU[1] * np.exp(x)),
    ),
    "GELU": (lambda x: x * special.ndtr(x), lambda x: special.ndtr(x) + x * gauss(x)),
    "SiLU": (lambda x: x * sigmoid(x), lambda x: sigmoid(x) * (1 + x * (1 - sigmoid(x)))),
    "Mish": (
        lambda x: x * np.tanh(np.log1p(np.exp(x))),
        lambda x: np.tanh(np.log1p(np.exp(x))) + x * sigmoid(x) / np.cosh(np.log1p(np.exp(x))) ** 2,
    ),
    "Hardswish": (
        lambda x: x * np.clip(x + 3, 0, 6) / 6,
        lambda x: np.where(x <= -3, 0, np.where(x >= 3, 1, (2 * x + 3) / 6)),
    ),
    "Softplus": (lambda x: np.log1p(np.exp(x)), sigmoid),
    "Sigmoid": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x)),
    "Hardsigmoid": (lambda x: np.clip(x + 3, 0, 6) / 6, lambda x: inside(x, 3) / 6),
    "LogSigmoid": (lambda x: -np.log1p(np.exp(-x)), lambda x: sigmoid(-x)),
    "Tanh": (np.tanh, lambda x: np.cosh(x) ** -2),
    "Hardtanh": (lambda x: np.clip(x, -1, 1), lambda x: inside(x, 1)),
    "Softsign": (lambda x: x / (1 + np.abs(x)), lambda x: (1 + np.abs(x)) ** -2),
    "Tanhshrink": (lambda x: x - np.tanh(x), lambda x: np.tanh(x) ** 2),
    "Softshrink": (lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0), lambda x: 1 - inside(x, 0.5)),
    "Hardshrink": (lambda x: np.where(np.abs(x) > 0.5, x, 0), lambda x: 1 - inside(x, 0.5)),
}


def drawn(axes, label):
    (found,) = [each for each in axes.lines if each.get_label() == label]
    x, y = found.get_data()
    keep = np.isfinite(x)  # gaps at jumps
    return x[keep], y[keep]


@pytest.fixture(scope="module")
def gallery():
    figure = nn.plots.activations()
    yield dict(zip([axes.get_title("left") for axes in figure.axes], figure.axes, strict=True))
    pyplot.close(figure)


def test_all_elementwise_activations_of_nn_are_there(gallery):
    assert list(gallery) == [kind.__name__ for kind in _KNOWN]
    assert set(gallery) == set(CLOSED)


@pytest.mark.parametrize("name", CLOSED)
def test_curves_have_their_closed_forms(gallery, name):
    function, slope = CLOSED[name]
    x, y = drawn(gallery[name], "function")
    tolerance = 1e-6 if name == "PReLU" else 1e-12  # its weight is a float32
    np.testing.assert_allclose(y, function(x), rtol=tolerance, atol=tolerance)
    x, y = drawn(gallery[name], "derivative")
    smooth = np.abs(x[:, None] - [0, 0.5, -0.5, 1, -1, 3, -3, 6]).min(axis=1) > 1e-6  # at corners it is a matter of convention
    np.testing.assert_allclose(y[smooth], slope(x)[smooth].astype(float), rtol=tolerance, atol=1e-12)
    assert gallery[name].get_xlim() == (-5, 7)


@pytest.mark.parametrize("name", CLOSED)
def test_bounds_are_those_of_the_values(gallery, name):
    told = gallery[name].get_title("right").removeprefix("values ").replace("−", "-").replace("∞", "inf")
    low, high = (float(each) for each in told[1:-1].split(","))
    function = CLOSED[name][0]
    wide = function(np.linspace(-60, 60, 100001))
    if told[0] == "[" and low not in (0, -1):  # a minimum inside
        least = optimize.minimize_scalar(lambda x: float(function(np.array(x))), bounds=(-4, 0), method="bounded").fun
        assert low == pytest.approx(least, abs=5e-5)
    elif np.isfinite(low):
        assert low == pytest.approx(wide.min(), abs=0.02 if name == "Softsign" else 1e-3)
    else:
        assert wide.min() < -0.5
    if np.isfinite(high):
        assert high == pytest.approx(wide.max(), abs=0.02)
    else:
        assert wide.max() > 50


def test_formulas_are_drawn_with_the_settings_of_the_module():
    modules = [
        nn.ELU(1.5),
        nn.CELU(2.0),
        nn.LeakyReLU(0.2),
        nn.Hardtanh(-2, 3),
        nn.Softplus(2.0),
        nn.GELU("tanh"),
        nn.PReLU(init=0.1),
    ]
    figure = nn.plots.activations(modules)
    texts = [axes.texts[0].get_text() for axes in figure.axes]
    assert texts == [
        r"$x$ if $x > 0$, else $1.5\,(e^{x} - 1)$",
        r"$x$ if $x > 0$, else $2\,(e^{x/2} - 1)$",
        r"$\max(0, x) + 0.2\,\min(0, x)$",
        r"$\min(\max(-2, x), 3)$",
        r"$\ln(1 + e^{2x})\,/\,2$",
        r"$x\,\Phi(x)$, with tanh",
        r"$\max(0, x) + 0.1\,\min(0, x)$, learnt",
    ]
    assert figure.axes[0].get_title("right") == "values (−1.5, ∞)"
    assert figure.axes[3].get_title("right") == "values [−2, 3]"
    figure.draw_without_rendering()  # mathtext reads them


def test_names_modules_classes_and_functions_can_be_mixed():
    figure = nn.plots.activations(["leaky_relu", nn.Tanh, nn.ReLU(), F.gelu, lambda x: x**3])
    assert [axes.get_title("left") for axes in figure.axes] == ["LeakyReLU", "Tanh", "ReLU", "gelu", "lambda"]
    x, y = drawn(figure.axes[-1], "derivative")
    np.testing.assert_allclose(y, 3 * x**2)
    figure = nn.plots.activations({"mine $": np.sinh, "constant": lambda x: np.ones_like(x)}, low=-1, high=1)
    assert figure.axes[0].get_title("left") == r"mine \$"
    np.testing.assert_array_equal(drawn(figure.axes[1], "derivative")[1], 0.0)


def test_no_line_is_drawn_across_a_jump():
    figure = nn.plots.activations(["Hardshrink", np.floor, "SELU"], low=-2, high=2)
    for axes, gaps in zip(figure.axes, (2, 4, 0), strict=True):
        (line,) = [each for each in axes.lines if each.get_label() == "function"]
        assert np.isnan(line.get_ydata()).sum() == gaps


def test_given_axes_are_used():
    figure, axes = pyplot.subplots(1, 2)
    assert nn.plots.activations(["ReLU", "ELU"], axes=axes) is figure
    assert axes[1].get_title("left") == "ELU"


def test_a_module_in_training_mode_is_left_so():
    module = nn.ELU().train()
    nn.plots.activations(module)
    assert module.training


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("relo",), ValueError, "expected one of ReLU, LeakyReLU, .*, or a module or function; received 'relo'"),
        (([],), ValueError, "expected names, modules or functions; received none"),
        (([3.0],), TypeError, "expected names, modules or functions; received 3.0"),
        ((np.sum,), ValueError, r"expected elementwise functions; sum gives shape \(\) for shape \(801,\)"),
        ((nn.Softmax(0),), ValueError, "expected elementwise functions; Softmax gives .* other numbers for the same input"),
        ((nn.RReLU(),), ValueError, r"RReLU gives .*or by chance \(module.eval\(\) ends that\)"),
        (("ReLU", 1.0, 1.0), ValueError, "expected low below high; received 1.0 and 1.0"),
        (("ReLU", -np.inf), ValueError, "expected low, a finite number; received -inf"),
    ],
)
def test_mistakes_are_named(arguments, error, message):
    with pytest.raises(error, match=message):
        nn.plots.activations(*arguments)
    assert not [each for each in pyplot.get_fignums() if pyplot.figure(each).axes == []]
