"""Fourier transforms along one axis: against their matrices, mpmath and PyTorch; lengths, norms, dtypes, orders, messages."""

import json
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.engine import grad_of
from autograd.tensors import Tensor

RECORDED = json.loads((Path(__file__).parents[2] / "data" / "torch_fft.json").read_text())["cases"]
FEW = settings(max_examples=25, deadline=None, derandomize=True)
COMPLEX = {"fft", "ifft", "irfft", "hfft"}
ONE_AXIS = ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")


def array(parts, of_complex):
    return np.array(parts[0]) + 1j * np.array(parts[1]) if of_complex else np.array(parts)


def weights(out):
    w = np.cos(np.arange(out.size)).reshape(out.shape)
    return w + 1j * np.sin(2.0 * np.arange(out.size)).reshape(out.shape) if out.dtype.kind == "c" else w


def numbers(rng, shape, of_complex):
    return rng.normal(size=shape) + (1j * rng.normal(size=shape) if of_complex else 0)


def depth(parts):
    return 1 + depth(parts[0]) if isinstance(parts, list) else 0


@pytest.mark.parametrize("case", RECORDED, ids=[f"{case['name']}-{i}" for i, case in enumerate(RECORDED)])
def test_values_and_gradients_are_those_of_pytorch(case):
    names = {"dim": "axis" if case["name"] in ONE_AXIS else "axes"}
    keywords = {names.get(key, key): value for key, value in case["settings"].items()}
    axes = 2 if case["name"] in ONE_AXIS else 3
    x = Tensor(array(case["x"], depth(case["x"]) > axes), requires_grad=True)
    out = getattr(np.fft, case["name"])(x, **keywords)
    np.testing.assert_allclose(out.numpy(), array(case["value"], out.dtype.kind == "c"), rtol=0, atol=1e-13)
    (g,) = (grad_of(out, x, weights(out)),)
    np.testing.assert_allclose(g.numpy(), array(case["gradient"], x.dtype.kind == "c"), rtol=0, atol=1e-13)


def test_values_are_those_of_mpmath():
    x = np.array([1.0 + 2.0j, -0.5, 0.25j, 3.0, -1.0 - 1.0j])
    with mpmath.workdps(30):
        root = mpmath.exp(-2j * mpmath.pi / 5)
        expected = [complex(sum(mpmath.mpc(each) * root ** (j * k) for j, each in enumerate(x))) for k in range(5)]
    np.testing.assert_allclose(ag.fft.fft(x), expected, rtol=1e-15)
    np.testing.assert_allclose(ag.fft.ifft(np.array(expected)), x, rtol=0, atol=1e-15)


# ---------------------------------------------------------------- the transposes


def matrix(f, length, of_complex):
    """The real matrix of a map that is linear over the real numbers, by its columns: real parts above imaginary ones."""
    columns = [f(each) for each in np.eye(length)]
    if of_complex:
        columns += [f(1j * each) for each in np.eye(length)]
    return np.array([np.concatenate([np.real(each), np.imag(each)]) for each in columns]).T


def as_parts(x, of_complex):
    return np.concatenate([x.real, x.imag]) if of_complex else x


@FEW
@given(
    st.sampled_from(ONE_AXIS),
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from(["backward", "ortho", "forward"]),
    st.integers(0, 2**32 - 1),
)
def test_the_gradient_is_the_transpose_of_the_matrix(name, length, n, norm, seed):
    rng = np.random.default_rng(seed)
    of_complex = name in COMPLEX
    transform = getattr(ag.fft, name)
    x = Tensor(numbers(rng, length, of_complex), requires_grad=True)
    out = transform(x, n, norm=norm)
    cotangent = numbers(rng, out.shape, out.dtype.kind == "c")
    expected = matrix(lambda e: getattr(np.fft, name)(e, n, norm=norm), length, of_complex).T @ as_parts(cotangent, True)
    found = grad_of(out, x, cotangent).numpy()
    np.testing.assert_allclose(as_parts(found, of_complex), expected, rtol=0, atol=1e-13 * (length + n))


@FEW
@given(st.sampled_from(ONE_AXIS), st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_the_transpose_of_the_transpose_is_the_transform(name, length, n, seed):
    rng = np.random.default_rng(seed)
    x = numbers(rng, length, name in COMPLEX)
    t = Tensor(x, requires_grad=True)
    out = getattr(ag.fft, name)(t, n)
    v = Tensor(numbers(rng, out.shape, out.dtype.kind == "c"), requires_grad=True)
    back = grad_of(out, t, v, create_graph=True)
    forth = grad_of(back, v, x)
    np.testing.assert_allclose(forth.numpy(), getattr(np.fft, name)(x, n), rtol=0, atol=1e-13)


@pytest.mark.parametrize("name", ONE_AXIS)
def test_each_gradient_is_one_transform(name, monkeypatch):
    x = Tensor(np.arange(1.0, 9.0) + (0j if name in COMPLEX else 0), requires_grad=True)
    out = getattr(ag.fft, name)(x)
    calls = []
    for each in ONE_AXIS:
        original = getattr(np.fft, each)
        monkeypatch.setattr(np.fft, each, lambda *a, original=original, **k: calls.append(1) or original(*a, **k))
    grad_of(out, x, weights(out))
    assert len(calls) == 1


def test_bins_that_mirror_themselves_are_real():
    """The imaginary parts of the first bin and, for an even length, of the last one do not count."""
    spectrum = np.array([1.0 + 5.0j, 2.0 - 1.0j, 3.0 + 7.0j])
    for name in ("irfft", "hfft"):
        for n, ends in ((4, [0, 2]), (5, [0])):
            x = Tensor(spectrum, requires_grad=True)
            g = grad_of(getattr(ag.fft, name)(x, n), x, np.arange(1.0, n + 1)).numpy()
            np.testing.assert_allclose(g.imag[ends], 0, atol=1e-15)
            assert np.all(np.abs(g.imag[[i for i in range(3) if i not in ends]]) > 0.1)


def test_parseval():
    """The gradient of the energy in the spectrum is that of the energy in the signal."""
    x = Tensor(np.array([1.0, -2.0, 0.5, 3.0, 0.25]), requires_grad=True)
    (np.abs(np.fft.fft(x, norm="ortho")) ** 2).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 2 * x.numpy(), rtol=1e-14)


def test_a_convolution_by_transforms_is_differentiated():
    a, b = np.array([1.0, 2.0, -1.0]), np.array([0.5, 4.0])
    ta, tb = Tensor(a, requires_grad=True), Tensor(b, requires_grad=True)
    out = ag.fft.irfft(ag.fft.rfft(ta, 4) * ag.fft.rfft(tb, 4), 4)
    np.testing.assert_allclose(out.numpy(), np.convolve(a, b), atol=1e-15)
    ga, gb = grad_of(out, [ta, tb], np.array([1.0, 2.0, 3.0, 4.0]))
    np.testing.assert_allclose(ga.numpy(), [8.5, 13.0, 17.5], rtol=1e-14)
    np.testing.assert_allclose(gb.numpy(), [2.0, 4.0], rtol=1e-14)


# ---------------------------------------------------------------- dtypes, edges, messages


@pytest.mark.parametrize("name", ONE_AXIS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int8, np.int64, bool, np.complex64])
def test_dtypes_are_those_of_numpy(name, dtype):
    x = np.array([0, 1, 1, 0], dtype)
    if x.dtype.kind == "c" and name not in COMPLEX:
        with pytest.raises(TypeError):
            getattr(ag.fft, name)(Tensor(x))
        return
    out = getattr(ag.fft, name)(Tensor(x, requires_grad=x.dtype.kind in "fc"))
    assert out.dtype == getattr(np.fft, name)(x).dtype
    if x.dtype.kind in "fc":
        assert out.requires_grad


def test_an_empty_half_spectrum_is_a_zero_one():
    """NumPy reads the first bin even where there is none."""
    for name in ("irfft", "hfft"):
        np.testing.assert_array_equal(getattr(ag.fft, name)(np.zeros((2, 0)), 3), np.zeros((2, 3)))
        x = Tensor(np.zeros((2, 0), complex), requires_grad=True)
        assert grad_of(getattr(ag.fft, name)(x, 3), x, np.ones((2, 3))).shape == (2, 0)


def test_messages():
    with pytest.raises(ValueError, match=r"rfft: expected at least one point.*received 0 along axis 0; give the length"):
        ag.fft.rfft(np.zeros(0))
    with pytest.raises(ValueError, match=r"irfft: expected at least one point.*received 0 along axis 1"):
        ag.fft.irfft(np.zeros((3, 1)))
    with pytest.raises(ValueError, match=r"ifft: expected norm 'backward', 'ortho' or 'forward', received 'unitary'"):
        ag.fft.ifft(np.zeros(3), norm="unitary")
    with pytest.raises(TypeError, match=r"ihfft: expected a real input, received complex128; take ag\.fft\.ifft"):
        ag.fft.ihfft(np.zeros(3, complex))
    with pytest.raises(TypeError, match=r"rfftn: expected a real input, received complex128; take ag\.fft\.fftn"):
        ag.fft.rfft2(np.zeros((3, 3), complex))
