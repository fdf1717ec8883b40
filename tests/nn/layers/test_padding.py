"""Margins: against ``np.pad`` along any number of axes, their gradient, and messages."""

import numpy as np
import pytest

import autograd as ag
import nn

F = nn.functional
RNG = np.random.default_rng(0)
MODES = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("widths", [(1, 2), (0, 3, 2, 0), (1, 1, 0, 0, 2, 1)])
def test_margins_are_numpys(mode, widths):
    x = RNG.normal(size=(2, 3, 4, 5)[-len(widths) // 2 - 1 :])
    by_axis = [(0, 0), *[widths[i : i + 2] for i in range(len(widths) - 2, -1, -2)]]
    np.testing.assert_array_equal(F.pad(x, widths, mode), np.pad(x, by_axis, MODES[mode]))


@pytest.mark.parametrize("mode", MODES)
def test_the_gradient_counts_how_often_an_element_is_shown(mode):
    x = ag.tensor(RNG.normal(size=(2, 3, 4)), requires_grad=True)
    F.pad(x, (2, 3, 1, 0), mode).sum().backward()
    of_numpy = np.pad(
        np.arange(24.0).reshape(2, 3, 4),
        [(0, 0), (1, 0), (2, 3)],
        MODES[mode],
        **{"constant_values": -1} if mode == "constant" else {},
    )
    counts = np.bincount(of_numpy[of_numpy >= 0].astype(int), minlength=24)
    np.testing.assert_array_equal(x.grad.numpy().ravel(), counts)


def test_minus_infinity_pads_for_a_maximum():
    out = F.pad(np.zeros((1, 2), np.float32), (1, 0), value=-np.inf)
    np.testing.assert_array_equal(out, [[-np.inf, 0, 0]])
    assert out.dtype == np.float32


def test_negative_widths_cut_off():
    x = np.arange(6.0).reshape(1, 6)
    np.testing.assert_array_equal(F.pad(x, (-1, -2)), [[1, 2, 3]])
    np.testing.assert_array_equal(F.pad(x, (-3, 4), "reflect"), [[3, 4, 5, 4, 3, 2, 1]])
    np.testing.assert_array_equal(nn.CircularPad1d((2, -1))(x), [[3, 4, 0, 1, 2, 3, 4]])
    assert F.pad(x, (-3, -3)).shape == (1, 0)


def test_any_dtype_is_padded():
    np.testing.assert_array_equal(F.pad([1, 2], (1, 0), value=7), [7, 1, 2])
    np.testing.assert_array_equal(nn.ReplicationPad1d(1)([[True, False]]), [[True, True, False, False]])
    assert nn.CircularPad1d(1)(np.ones((1, 2), complex)).dtype == complex


def test_shown_as_in_pytorch():
    assert repr(nn.ZeroPad2d(1)) == "ZeroPad2d((1, 1, 1, 1))"
    assert repr(nn.ConstantPad1d((1, 2), 3.5)) == "ConstantPad1d(padding=(1, 2), value=3.5)"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: F.pad([1.0], (1, 2, 3)), ValueError, r"pad: expected widths in pairs, .* received \(1, 2, 3\)"),
        (lambda: F.pad([1.0], (1, 2, 3, 4)), ValueError, r"pad: expected input with 2 axes to pad, received \(1,\)"),
        (lambda: F.pad([1.0], (1, 0.5)), TypeError, "pad: expected padding, .* whole number"),
        (lambda: F.pad([1.0], 1), ValueError, "pad: expected widths in pairs"),
        (lambda: F.pad([1.0], (1, 1), "mirror"), ValueError, "pad: expected as mode 'constant', .* received 'mirror'"),
        (
            lambda: F.pad([1.0], (1, 1), "reflect", 2.0),
            ValueError,
            "pad: expected a value with mode 'constant' only, received 2.0",
        ),
        (lambda: F.pad([1.0], (1, 1), value="a"), TypeError, "pad: expected value, a number; received 'a'"),
        (lambda: F.pad([1.0], (-1, -1)), ValueError, r"pad: expected input from which padding=\(\(-1, -1\),\) can be cut off"),
        (lambda: F.pad([[1.0, 2.0]], (2, 0), "reflect"), ValueError, r"at least 3 along an axis that is padded by \(2, 0\)"),
        (lambda: F.pad([[1.0, 2.0]], (3, 0), "circular"), ValueError, r"at least 3 along an axis that is padded by \(3, 0\)"),
        (lambda: F.pad(np.zeros((1, 0)), (1, 0), "replicate"), ValueError, "at least 1 along an axis"),
        (lambda: nn.ZeroPad2d((1, 2)), ValueError, "ZeroPad2d: expected padding, a whole number or 4 of them; received"),
        (lambda: nn.ConstantPad1d(1, None), TypeError, "ConstantPad1d: expected value, a number; received None"),
        (lambda: nn.ReflectionPad2d(1)(np.zeros((4, 4))), ValueError, r"expected input of shape \(N, C, H, W\) or \(C, H, W\)"),
    ],
)
def test_mistakes_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
