"""Rounding and the parts of floating-point numbers: both outputs, exactness, ends of the range, single precision."""

import numpy as np
import pytest

import autograd as ag

TINY = 5e-324


def leaf(values, dtype=float):
    return ag.tensor(values, dtype=dtype, requires_grad=True)


def test_round_to_decimals():
    x = np.array([1.25, -0.35, 2.5, 1234.0])
    for decimals in (-2, 0, 1):
        np.testing.assert_array_equal(np.round(ag.tensor(x), decimals).numpy(), np.round(x, decimals))
        np.testing.assert_array_equal(np.around(ag.tensor(x), decimals=decimals).numpy(), np.round(x, decimals))
    np.testing.assert_array_equal(ag.round(ag.tensor([1.26 + 2.75j]), 1).numpy(), [1.3 + 2.8j])
    with pytest.raises(TypeError, match="expected an integer for decimals, received 0.5"):
        ag.round(ag.tensor(x), 0.5)


@pytest.mark.parametrize("dtype", [np.int16, np.uint8, np.int64])
def test_rounding_leaves_integers_as_they_are(dtype):
    x = np.array([17, 25], dtype)
    for f in (np.round, np.fix, lambda x: np.round(x, -1)):
        out = f(ag.tensor(x))
        assert out.dtype == dtype
        np.testing.assert_array_equal(out.numpy(), f(x))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_modf_has_two_outputs_with_slopes_one_and_zero(dtype):
    x = leaf([1.25, -1.25, 3.0, np.inf], dtype)
    fraction, whole = np.modf(x)
    np.testing.assert_array_equal([fraction.numpy(), whole.numpy()], np.modf(x.numpy()))
    for output, slope in ((fraction, 1), (whole, 0), (fraction + whole, 1)):
        (g,) = ag.grad_of(output, [x], np.ones(4, dtype), retain_graph=True)
        assert g.dtype == dtype
        np.testing.assert_array_equal(g.numpy(), np.full(4, slope))


def test_frexp_and_ldexp_undo_each_other():
    x = leaf([6.0, -0.3, 1.0, 1e300, TINY, 0.0])
    m, e = np.frexp(x)
    assert not e.requires_grad
    assert e.dtype == np.int32
    back = np.ldexp(m, e)
    np.testing.assert_array_equal(back.numpy(), x.numpy())
    (g,) = ag.grad_of(back, [x], np.ones(6), retain_graph=True)
    np.testing.assert_array_equal(g.numpy()[:4], np.ones(4))
    assert g.numpy()[5] == 1
    (g,) = ag.grad_of(m[:4], [x], np.ones(4))
    np.testing.assert_array_equal(g.numpy()[:4], np.ldexp(1.0, -e.numpy()[:4]))


def test_an_output_of_frexp_alone():
    x = leaf([6.0])
    with pytest.raises(TypeError):
        ag.tensor(np.frexp(x)[1].numpy(), requires_grad=True)
    assert ag.grad_of(np.frexp(x)[0], [x], np.ones(1))[0].tolist() == [0.125]


def test_ldexp_takes_tensors_of_integers_and_broadcasts():
    x = leaf([[0.5], [0.75]])
    y = np.ldexp(x, ag.tensor([1, 2, -1]))
    np.testing.assert_array_equal(y.numpy(), [[1, 2, 0.25], [1.5, 3, 0.375]])
    y.backward(np.ones((2, 3)))
    assert x.grad.tolist() == [[6.5], [6.5]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_neighbours(dtype):
    x = leaf([1.0, -1.0, 0.0], dtype)
    up = np.nextafter(x, ag.tensor(np.inf, dtype=dtype))
    np.testing.assert_array_equal(up.numpy(), np.nextafter(x.numpy(), dtype(np.inf)))
    np.testing.assert_array_equal(np.spacing(x).numpy(), np.spacing(x.numpy()))
    up.backward(np.array([1.0, 2.0, 3.0], dtype))
    assert x.grad.tolist() == [1.0, 2.0, 3.0]
    assert x.grad.dtype == dtype


@pytest.mark.parametrize("f", [np.modf, np.frexp, np.spacing, np.fix])
def test_complex_numbers_are_refused(f):
    with pytest.raises(TypeError, match="not supported for the input types"):
        f(ag.tensor([1j], requires_grad=True))
