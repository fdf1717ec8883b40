"""Batching rules: every op and public function, inside ``vmap``, gives for each example what it gives for that example alone.

Nothing here knows an op by name. Each sample's arrays are drawn several times over; all of them mapped, or one of them alone.
"""

import numpy as np
import pytest

import autograd as ag
from autograd.engine import grad_of
from autograd.tensors import Tensor, wrap
from benchmarks.cases import function_cases, op_cases, outputs_of

SIZE = 3
CASES = [*op_cases(), *[case for case in function_cases() if case.op is None]]


def examples(case):
    """The case's arrays, several times over with other values: of each place the values of all examples along a first axis.

    Values are moved a little only, and those of whole numbers and truth values not at all, so that they stay in the domain; where
    they do not, as of ops that look one input's values up in another's, all examples are the same.
    """
    rng = np.random.default_rng(1)
    arrays = case.split().arrays
    floating = [each.dtype.kind in "fc" for each in arrays]
    moved = [
        np.stack([each * (1 + 0.05 * rng.uniform(-1, 1, each.shape)) if moves else each for _ in range(SIZE)])
        for each, moves in zip(arrays, floating, strict=True)
    ]
    try:
        for i in range(SIZE):
            case([each[i] for each in moved])
    except (IndexError, ValueError):
        return [np.stack([each] * SIZE) for each in arrays]
    return moved


def patterns(case):
    """Which arrays are mapped: all of them, and where there are several, each alone."""
    count = len(case.split().arrays)
    yield (0,) * count
    if count > 1:
        for place in range(count):
            yield tuple([0 if i == place else None for i in range(count)])


def named(cases):
    rows = [(case, axes) for case in cases for axes in patterns(case) if axes]
    names = [
        f"{'function' if case.op is None else 'op'}-{case}-{''.join('m' if axis == 0 else '-' for axis in axes)}"
        for case, axes in rows
    ]
    return pytest.mark.parametrize(("case", "axes"), rows, ids=names)


def depends_on_values(case):
    """Whether the number of results, or their shape, depends on values: one array cannot hold those of all examples."""
    return case.op is not None and case.op.dynamic_shape


def call(case, tensors):
    return tuple(outputs_of(case(list(tensors))))


def of_example(arrays, axes, i):
    return [each[0] if axis is None else each[i] for each, axis in zip(arrays, axes, strict=True)]


def passed(arrays, axes):
    return [each[0] if axis is None else each for each, axis in zip(arrays, axes, strict=True)]


def assert_close(actual, expected):
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    assert actual.dtype == expected.dtype
    largest = np.max(np.abs(expected), initial=0.0, where=np.isfinite(expected)) if expected.dtype.kind in "fc" else 0.0
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-12 * max(largest, 1.0))


@named([case for case in CASES if not depends_on_values(case)])
def test_each_example_gets_what_it_gets_alone(case, axes):
    arrays = examples(case)
    alone = [call(case, [wrap(each[()]) for each in of_example(arrays, axes, i)]) for i in range(SIZE)]
    together = ag.vmap(lambda *xs: call(case, xs), axes)(*passed(arrays, axes))
    for place, actual in enumerate(together):
        assert_close(actual, np.stack([np.asarray(values_of(each)[place]) for each in alone]))


def values_of(results):
    return [each.numpy() if isinstance(each, Tensor) else each for each in results]


def weights(output):
    return np.where(np.arange(output.size).reshape(output.shape) % 3 == 1, -1, 1).astype(output.dtype)


def scalar(case, xs):
    """The outputs added up, with weights: what gradients are taken of."""
    total = 0.0
    for each in call(case, xs):
        if isinstance(each, Tensor) and each.dtype.kind in "fc":
            total = total + ag.real(each * weights(each)).sum()
    return total


def derivative(case, inputs, places, order):
    """The gradient by the floating inputs, or that of the sum of the squares of the gradient's elements."""
    xs = [each if isinstance(each, Tensor) else wrap(np.asarray(each)[()]) for each in inputs]
    for k in places:
        xs[k] = ag.asarray(xs[k].detach(), requires_grad=True) if xs[k].requires_grad else xs[k].requires_grad_()
    wanted = [xs[k] for k in places]
    out = scalar(case, xs)
    if not (isinstance(out, Tensor) and out.requires_grad):
        return [wrap(np.zeros(each.shape, each.dtype)) for each in wanted]
    first = grad_of(out, wanted, create_graph=order == 2, allow_unused=True)
    if order == 1:
        return [np.zeros_like(x) if g is None else g for x, g in zip(wanted, first, strict=True)]
    total = sum(ag.real(g * ag.conj(g)).sum() for g in first if g is not None)
    if not (isinstance(total, Tensor) and total.requires_grad):
        return [wrap(np.zeros(each.shape, each.dtype)) for each in wanted]
    second = grad_of(total, wanted, allow_unused=True)
    return [np.zeros_like(x) if g is None else g for x, g in zip(wanted, second, strict=True)]


@pytest.mark.parametrize("order", [1, 2])
@named([case for case in CASES if not depends_on_values(case) and case.split().floating])
def test_gradients_of_each_example_are_what_they_are_alone(case, axes, order):
    """Every floating input is a variable of each example, mapped or not: gradient rules run on values of many examples."""
    arrays = examples(case)
    places = case.split().floating
    alone = [derivative(case, of_example(arrays, axes, i), places, order) for i in range(SIZE)]

    def per_example(*xs):
        # what is not mapped is the same number for all examples, and still a variable of each
        return tuple(ag.grad(lambda *floating: total(xs, floating), tuple(range(len(places))))(*[xs[k] for k in places]))

    def total(xs, floating):
        inputs = list(xs)
        for k, x in zip(places, floating, strict=True):
            inputs[k] = x
        out = scalar(case, inputs)
        if order == 1 or not (isinstance(out, Tensor) and out.requires_grad):
            return out if isinstance(out, Tensor) else wrap(np.float64(0.0))
        first = grad_of(out, list(floating), create_graph=True, allow_unused=True)
        return sum([ag.real(g * ag.conj(g)).sum() for g in first if g is not None], wrap(np.float64(0.0)))

    together = ag.vmap(per_example, axes)(*passed(arrays, axes))
    for place, actual in enumerate(together):
        assert_close(actual, np.stack([each[place].numpy() for each in alone]))
