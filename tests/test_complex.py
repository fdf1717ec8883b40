"""Gradients with respect to complex numbers: the direction of steepest ascent, as PyTorch gives it, the conjugate of JAX's."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd as ag

DATA = Path(__file__).parent / "data"
sys.path.insert(0, str(DATA))
import complex_cases  # noqa: E402 - the recorder, which runs without this library, shares it

CASES = complex_cases.CASES


def gradients(name):
    f, arrays = CASES[name]
    leaves = [ag.tensor(each, requires_grad=True) for each in arrays]
    out = f(np, *leaves)
    on_real, on_imaginary = complex_cases.weights(out.shape)
    np.sum(np.real(out) * on_real + np.imag(out) * on_imaginary).backward()
    return [each.grad.numpy() for each in leaves]


def recorded(library):
    return json.loads((DATA / f"complex_{library}.json").read_text())["gradients"]


TORCH, JAX = recorded("torch"), recorded("jax")


def assert_close(found, expected):
    for ours, (re, im) in zip(found, expected, strict=True):
        theirs = np.array(re) + 1j * np.array(im)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-11 * max(1.0, np.abs(theirs).max()))


@pytest.mark.parametrize("name", TORCH)
def test_gradients_are_those_of_pytorch(name):
    assert_close(gradients(name), TORCH[name])


@pytest.mark.parametrize("name", JAX)
def test_gradients_are_the_conjugates_of_those_of_jax(name):
    assert_close([np.conjugate(each) for each in gradients(name)], JAX[name])


def test_every_case_was_recorded_by_one_of_them():
    assert set(TORCH) | set(JAX) == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_finite_differences_to_second_order(name):
    f, arrays = CASES[name]
    report = ag.gradcheck(lambda *xs: f(np, *xs), list(arrays), order=2)
    assert report, report


def test_the_gradient_is_the_direction_of_steepest_ascent():
    """For L = |z - c|**2 / 2 it is z - c: a step against it goes to the minimum."""
    z, c = ag.tensor(1.0 + 2.0j, requires_grad=True), 3.0 - 1.0j
    (np.abs(z - c) ** 2 / 2).backward()
    assert z.grad.item() == pytest.approx(z.item() - c)
