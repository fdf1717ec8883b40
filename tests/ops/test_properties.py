"""Broadcasting, for every elementwise op and whatever shapes: the value, and the gradient summed back.

The elements come from the op's own samples, so they are in its domain and away from its kinks; the shapes come from
Hypothesis, with lengths 0 and 1 and missing axes among them.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes

from autograd.engine import grad_of
from autograd.ops.arrays.shaping import broadcast_to
from autograd.ops.reductions.reduction import sum_to
from autograd.tensors import Tensor
from benchmarks.cases import op_cases

# One case an op: its first with the most arrays among the inputs (``x + y`` rather than ``x + 2.5``).
CASES = {}
for case in op_cases():
    if case.op.elementwise and not case.op.multiple and case.split().arrays:
        CASES[case.name] = max(CASES.get(case.name, case), case, key=lambda each: len(each.split().arrays))

SEVERAL = {name: case for name, case in CASES.items() if len(case.split().arrays) > 1}
UNARY = {name: case for name, case in CASES.items() if name not in SEVERAL}

FEW = settings(max_examples=25, deadline=None, derandomize=True)


def shapes_for(case):
    count = len(case.split().arrays)
    return mutually_broadcastable_shapes(num_shapes=count, max_dims=3, min_side=0, max_side=3)


def filled(shape, elements, rng):
    """An array of the shape, of elements that are drawn from those given."""
    return np.asarray(rng.choice(elements.reshape(-1), shape))


def as_tensors(arrays):
    return [Tensor(each, requires_grad=each.dtype.kind in "fc") for each in arrays]


def gradients(case, tensors, through=lambda tensors: tensors):
    """Value and gradients, with ones for the cotangent; ``None`` for an input that has none."""
    result = case(through(tensors))
    if not result.requires_grad:
        return result, [None] * len(tensors)
    inputs = [each for each in tensors if each.requires_grad]
    found = iter(grad_of(result, inputs, np.ones(result.shape, result.dtype), allow_unused=True))
    return result, [next(found) if each.requires_grad else None for each in tensors]


@pytest.mark.parametrize("name", SEVERAL)
def test_broadcasting_is_broadcast_to_first(name):
    """``f(x, y)`` is ``f`` of both broadcast by hand, in value and gradient, and each gradient has its input's shape."""
    case = SEVERAL[name]

    @FEW
    @given(shapes=shapes_for(case), seed=st.integers(0, 2**32 - 1))
    def check(shapes, seed):
        rng = np.random.default_rng(seed)
        arrays = [filled(shape, each, rng) for shape, each in zip(shapes.input_shapes, case.split().arrays, strict=True)]
        result, found = gradients(case, as_tensors(arrays))
        assert result.shape == shapes.result_shape
        by_hand, expected = gradients(
            case, as_tensors(arrays), lambda tensors: [broadcast_to(each, shapes.result_shape) for each in tensors]
        )
        np.testing.assert_array_equal(result.numpy(), by_hand.numpy())
        for array, g, other in zip(arrays, found, expected, strict=True):
            assert (g is None) == (other is None)
            if g is not None:
                assert g.shape == array.shape
                assert g.dtype == array.dtype
                np.testing.assert_allclose(g.numpy(), other.numpy(), rtol=1e-12, atol=1e-12)

    check()


@pytest.mark.parametrize("name", SEVERAL)
def test_a_gradient_is_the_sum_over_what_was_broadcast(name):
    """Broadcasting an input by hand outside the graph and summing its gradient there gives the gradient of the input."""
    case = SEVERAL[name]

    @FEW
    @given(shapes=shapes_for(case), seed=st.integers(0, 2**32 - 1))
    def check(shapes, seed):
        rng = np.random.default_rng(seed)
        arrays = [filled(shape, each, rng) for shape, each in zip(shapes.input_shapes, case.split().arrays, strict=True)]
        _, found = gradients(case, as_tensors(arrays))
        _, wide = gradients(case, as_tensors([np.broadcast_to(each, shapes.result_shape) for each in arrays]))
        for array, g, summands in zip(arrays, found, wide, strict=True):
            if g is not None:
                expected = sum_to(summands.numpy(), shape=array.shape)
                np.testing.assert_allclose(g.numpy(), expected, rtol=1e-12, atol=1e-12)

    check()


@pytest.mark.parametrize("name", UNARY)
def test_one_input_of_any_shape(name):
    """The op of an array is the array of the op of its elements, and so is its gradient."""
    case = UNARY[name]

    @FEW
    @given(shape=st.just(()) | array_shapes(max_dims=3, min_side=0, max_side=3), seed=st.integers(0, 2**32 - 1))
    def check(shape, seed):
        rng = np.random.default_rng(seed)
        array = filled(shape, case.split().arrays[0], rng)
        result, (g,) = gradients(case, as_tensors([array]))
        assert result.shape == shape
        assert g is None or (g.shape == shape and g.dtype == array.dtype)
        for index in np.ndindex(shape):
            element, (slope,) = gradients(case, as_tensors([array[index]]))
            np.testing.assert_allclose(result.numpy()[index], element.numpy(), rtol=1e-14)
            if g is not None:
                np.testing.assert_allclose(g.numpy()[index], slope.numpy(), rtol=1e-14, atol=1e-15)

    check()
