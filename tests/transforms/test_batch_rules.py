"""Batching rules: every op and public function, inside ``vmap``, gives for each example what it gives for that example alone.

Each sample's arrays are drawn several times over; all of them mapped, or one of them alone. Values and the gradients of ops are
checked in every run; the gradients of functions that are made of ops, second ones, and ``vmap`` of ``vmap`` take longer
(``-m slow``).
"""

from functools import cached_property

import numpy as np
import pytest

import autograd as ag
from autograd.engine import grad_of
from autograd.errors import BatchingError
from autograd.record import OPS
from autograd.tensors import Tensor, wrap
from benchmarks.cases import function_cases, op_cases, outputs_of

SIZE = 3


class Examples:
    """A case, and its arrays several times over with other values: of each place the values of all examples along a first axis.

    Values are moved a little only, and those of whole numbers and truth values not at all, so that they stay in the domain;
    where they do not, as of ops that look one input's values up in another's, all examples are the same.
    """

    def __init__(self, case):
        self.case = case
        self.op = case.op
        self.split = case.split()
        self.places = self.split.floating

    def __str__(self):
        return f"{'function' if self.op is None else 'op'}-{self.case}"

    def __call__(self, arrays):
        inputs, keywords = self.split.put(arrays)
        return outputs_of(self.case.call(*inputs, **keywords))

    @cached_property
    def arrays(self):
        rng = np.random.default_rng(1)
        same = [np.stack([each] * SIZE) for each in self.split.arrays]
        moved = [each * (1 + 0.05 * rng.uniform(-1, 1, each.shape)) if each.dtype.kind in "fc" else each for each in same]
        try:
            for i in range(SIZE):
                self([each[i] for each in moved])
        except (IndexError, ValueError, RuntimeWarning):
            return same
        return moved

    def of(self, axes, i):
        """The arrays of one example."""
        return [each[0] if axis is None else each[i] for each, axis in zip(self.arrays, axes, strict=True)]

    def passed(self, axes):
        """The arrays as they are passed to what ``vmap`` makes."""
        return [each[0] if axis is None else each for each, axis in zip(self.arrays, axes, strict=True)]

    def patterns(self):
        """Which arrays are mapped: all of them, and where there are several, each alone."""
        count = len(self.split.arrays)
        if count:
            yield (0,) * count
        if count > 1:
            for place in range(count):
                yield tuple([0 if i == place else None for i in range(count)])


CASES = [Examples(case) for case in (*op_cases(), *[case for case in function_cases() if case.op is None])]


def rows(cases):
    """A row for each case and pattern of mapped arrays."""
    found = [(each, axes) for each in cases for axes in each.patterns()]
    return pytest.mark.parametrize(("case", "axes"), found, ids=[f"{each}-{described(axes)}" for each, axes in found])


def described(axes):
    return "".join(["m" if axis == 0 else "-" for axis in axes])


def in_all_patterns(cases):
    """A row for each case, with all its patterns: several times as fast to collect."""

    def decorate(check):
        def test(case):
            for axes in case.patterns():
                try:
                    check(case, axes)
                except Exception as error:
                    error.add_note(f"mapped: {described(axes)}")
                    raise

        test.__doc__ = check.__doc__
        return pytest.mark.parametrize("case", cases, ids=str)(test)

    return decorate


def assert_close(actual, expected):
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    assert actual.dtype == expected.dtype
    largest = np.max(np.abs(expected), initial=0.0, where=np.isfinite(expected)) if expected.dtype.kind in "fc" else 0.0
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-12 * max(largest, 1.0))


# ---------------------------------------------------------------- values


@rows(CASES)
def test_each_example_gets_what_it_gets_alone(case, axes):
    alone = [case([wrap(each[()]) for each in case.of(axes, i)]) for i in range(SIZE)]
    together = ag.vmap(lambda *xs: tuple(case(xs)), axes)(*case.passed(axes))
    for place, actual in enumerate(together):
        assert_close(actual, np.stack([value_of(each[place]) for each in alone]))


def value_of(result):
    return result.numpy() if isinstance(result, Tensor) else np.asarray(result)


@pytest.mark.slow
@in_all_patterns(CASES)
def test_two_levels(case, axes):
    """What is mapped at both levels, at the outer and at the inner one only."""
    alone = [[value_of(each) for each in case([wrap(each[()]) for each in case.of(axes, i)])] for i in range(SIZE)]
    f = lambda *xs: tuple(case(xs))
    xs = case.passed(axes)
    outer = ag.vmap(lambda *own: ag.vmap(lambda *others: f(*own), axes)(*xs), axes)(*xs)
    inner = ag.vmap(lambda *own: ag.vmap(lambda *others: f(*others), axes)(*xs), axes)(*xs)
    pairs = [np.stack([each] * 2) if axis == 0 else each for each, axis in zip(xs, axes, strict=True)]
    both = ag.vmap(ag.vmap(f, axes), axes)(*pairs)
    for place in range(len(both)):
        expected = np.stack([each[place] for each in alone])
        assert_close(both[place], np.stack([expected] * 2))
        assert_close(outer[place], np.stack([expected] * SIZE, 1))
        assert_close(inner[place], np.stack([expected] * SIZE))


# Whose results have a shape or a dtype that depends on values, or which need values that fit each other.
OF_VALUES = {"characteristic_polynomial", "eig", "eigvals", "first_equal", "first_places", "insert", "poly", "roots"}
OF_VALUES |= {"uneven_slopes", *[name for name, op in OPS.items() if op.dynamic_shape]}


@in_all_patterns([case for case in CASES if case.op is not None and case.op.name not in OF_VALUES])
def test_no_examples(case, axes):
    alone = case([wrap(each[()]) for each in case.of(axes, 0)])
    none = [each if axis is None else each[:0] for each, axis in zip(case.passed(axes), axes, strict=True)]
    together = ag.vmap(lambda *xs: tuple(case(xs)), axes)(*none)
    for actual, expected in zip(together, alone, strict=True):
        assert (actual.shape, actual.dtype) == ((0, *np.shape(expected)), value_of(expected).dtype)


# Results of other shapes for other values, and lookups that NumPy has for one table only.
LOOPED = {"bincount", "bounding_box", "delete", "equal_pairs", "first_places", "histogram", "histogramdd", "ix_", "lstsq"}
LOOPED |= {"new_places", "nonzero", "number_of_bins", "repeated", "singles", "unique"}
LOOPED |= {"characteristic_polynomial", "poly", "polydiv", "roots"}


def test_few_ops_have_no_rule():
    assert {name for name, op in OPS.items() if op.batch_rule is None} <= LOOPED


# ---------------------------------------------------------------- gradients


def weights(output):
    return np.where(np.arange(output.size).reshape(output.shape) % 3 == 1, -1, 1).astype(output.dtype)


def scalar(case, xs):
    """The outputs added up, with weights: what gradients are taken of."""
    total = 0.0
    for each in case(xs):
        if isinstance(each, Tensor) and each.dtype.kind in "fc":
            total = total + ag.real(each * weights(each)).sum()
    return total


def squares(gradients):
    """The sum of the squares of all elements: what second gradients are taken of."""
    return sum([ag.real(g * ag.conj(g)).sum() for g in gradients if g is not None], wrap(np.float64(0.0)))


def recorded(x):
    return isinstance(x, Tensor) and x.requires_grad


def derivative(case, inputs, order):
    """The gradient by the floating inputs, or that of the sum of the squares of the gradient's elements."""
    xs = [wrap(np.asarray(each)[()]) for each in inputs]
    wanted = [xs[k].requires_grad_() for k in case.places]
    out = scalar(case, xs)
    for again in range(order):
        if not recorded(out):
            return [np.zeros(each.shape, each.dtype) for each in wanted]
        found = grad_of(out, wanted, create_graph=again + 1 < order, allow_unused=True)
        out = squares(found)
    return [np.zeros(x.shape, x.dtype) if g is None else g.numpy() for x, g in zip(wanted, found, strict=True)]


def check_gradients(case, axes, order):
    """Every floating input is a variable of each example, mapped or not: gradient rules run on values of many examples."""
    places = case.places
    alone = [derivative(case, case.of(axes, i), order) for i in range(SIZE)]

    def total(xs, floating):
        inputs = list(xs)
        for k, x in zip(places, floating, strict=True):
            inputs[k] = x
        out = scalar(case, inputs)
        if order == 2 and recorded(out):
            out = squares(grad_of(out, list(floating), create_graph=True, allow_unused=True))
        return out if isinstance(out, Tensor) else wrap(np.float64(0.0))

    def per_example(*xs):
        # what is not mapped is the same number for all examples, and still a variable of each
        return ag.grad(lambda *floating: total(xs, floating), tuple(range(len(places))))(*[xs[k] for k in places])

    together = ag.vmap(per_example, axes)(*case.passed(axes))
    for place, actual in enumerate(together):
        assert_close(actual, np.stack([each[place] for each in alone]))


FLOATING = [case for case in CASES if case.places]


@rows([case for case in FLOATING if case.op is not None])
def test_gradients_of_each_example_are_what_they_are_alone(case, axes):
    check_gradients(case, axes, 1)


@rows([case for case in FLOATING if case.op is not None])
def test_gradients_from_outside_go_through_the_rules(case, axes):
    """Here the rules run on recorded tensors."""
    alone = [derivative(case, case.of(axes, i), 1) for i in range(SIZE)]
    xs = case.passed(axes)

    def total(*floating):
        inputs = list(xs)
        for k, x in zip(case.places, floating, strict=True):
            inputs[k] = x
        out = ag.vmap(lambda *each: scalar(case, each), axes)(*inputs).sum()
        return out if isinstance(out, Tensor) else wrap(np.float64(out))

    together = ag.grad(total, tuple(range(len(case.places))))(*[xs[k] for k in case.places])
    for place, (k, actual) in enumerate(zip(case.places, together, strict=True)):
        each = np.stack([gradients[place] for gradients in alone])
        assert_close(actual, each if axes[k] == 0 else each.sum(0))


@pytest.mark.slow
@in_all_patterns([case for case in FLOATING if case.op is None])
def test_gradients_of_functions_are_what_they_are_alone(case, axes):
    check_gradients(case, axes, 1)


@pytest.mark.slow
@in_all_patterns(FLOATING)
def test_second_gradients_of_each_example_are_what_they_are_alone(case, axes):
    check_gradients(case, axes, 2)


# ---------------------------------------------------------------- results whose shape depends on values

NUMBERS = np.array([[1.0, 1.0, 2.0], [3.0, 1.0, 2.0]])
TRUTHS = np.array([[True, False, True], [True, False, False]])
PLACES = np.array([[0, 2, 2], [1, 0, 2]])
DIFFERING = {
    "unique": (ag.unique, NUMBERS),
    "unique_all": (ag.unique_all, NUMBERS),
    "unique_counts": (ag.unique_counts, NUMBERS),
    "unique_inverse": (ag.unique_inverse, NUMBERS),
    "unique_values": (ag.unique_values, NUMBERS),
    "union1d": (lambda x: ag.union1d(x, x), NUMBERS),
    "intersect1d": (lambda x: ag.intersect1d(x, x), NUMBERS),
    "intersect1d-places": (lambda x: ag.intersect1d(x, x, return_indices=True), NUMBERS),
    "setxor1d": (lambda x: ag.setxor1d(x, [7.0]), NUMBERS),
    "setdiff1d": (lambda x: ag.setdiff1d(x, [7.0]), NUMBERS),
    "nonzero": (ag.nonzero, TRUTHS),
    "where": (ag.where, TRUTHS),
    "argwhere": (np.argwhere, TRUTHS),
    "flatnonzero": (np.flatnonzero, TRUTHS),
    "getitem": (lambda t: ag.asarray(np.arange(3.0))[t], TRUTHS),
    "compress": (lambda t: ag.compress(t, np.arange(3.0)), TRUTHS),
    "extract": (lambda t: ag.extract(t, np.arange(3.0)), TRUTHS),
    "ix_": (lambda t: ag.ix_(t, [0]), TRUTHS),
    "delete": (lambda i: ag.delete(np.arange(3.0), i), PLACES),
    "delete-truths": (lambda t: ag.delete(np.arange(3.0), t), TRUTHS),
    "insert": (lambda t: ag.insert(np.arange(3.0), t, 5.0), TRUTHS),
    "repeat": (lambda i: ag.repeat(np.arange(3.0), i), PLACES),
    "repeat-all": (lambda i: ag.repeat(np.arange(3.0), i), np.array([1, 2])),
    "tile": (lambda i: ag.tile(np.arange(3.0), i), np.array([1, 2])),
    "reshape": (lambda i: ag.reshape(np.arange(6.0), i), np.array([[2, 3], [3, 2]])),
    "resize": (lambda i: ag.resize(np.arange(6.0), i), np.array([2, 3])),
    "trim_zeros": (ag.trim_zeros, NUMBERS - 1),
    "bincount": (ag.bincount, np.array([[0, 1, 1], [0, 3, 1]])),
    "histogram": (lambda x: ag.histogram(x, "scott"), np.array([[0.0, 1.0, 9.0, 9.1], [0.0, 1.0, 1.0, 9.0]])),
    "histogram_bin_edges": (lambda x: ag.histogram_bin_edges(x, "fd"), np.array([[0.0, 1.0, 9.0, 9.1], [0.0, 1.0, 1.0, 9.0]])),
}


@pytest.mark.parametrize(("f", "x"), DIFFERING.values(), ids=DIFFERING)
def test_results_of_different_shapes_are_refused(f, x):
    shapes = [tuple([np.shape(value_of(each)) for each in outputs_of(f(ag.tensor(each)))]) for each in x]
    assert shapes[0] != shapes[1]
    with pytest.raises(BatchingError, match=r"(its result|a result) depends? on its values|the shape of a result, and differs"):
        ag.vmap(f)(x)


@pytest.mark.parametrize(("f", "x"), DIFFERING.values(), ids=DIFFERING)
def test_results_of_one_shape_are_put_side_by_side(f, x):
    x = np.stack([x[0]] * 2)
    if x.dtype == float:
        x = x * np.array([[1.0], [1.01]])
    alone = [[value_of(part) for part in outputs_of(f(ag.tensor(each)))] for each in x]
    together = outputs_of(ag.vmap(f)(x))
    for actual, expected in zip(together, zip(*alone, strict=True), strict=True):
        assert_close(actual, np.stack(expected))


def test_pieces_are_called_with_as_many_elements_for_each_example():
    f = lambda x: ag.piecewise(x, [x > 1.5], [np.square, -1.0])
    x = np.array([[1.0, 2.0, 3.0], [2.0, 1.0, 5.0]])
    np.testing.assert_array_equal(ag.vmap(f)(x), [f(each) for each in x])
    with pytest.raises(BatchingError, match="the shape of its result depends on its values.* ag.where"):
        ag.vmap(f)(x * np.array([[1.0], [0.5]]))


def test_places_may_differ_where_their_number_does_not():
    x = np.arange(4.0)
    i = np.array([0, 3])
    np.testing.assert_array_equal(ag.vmap(lambda i: ag.delete(x, i))(i), [np.delete(x, each) for each in i])
    np.testing.assert_array_equal(ag.vmap(lambda i: ag.insert(x, i, [7.0, 8.0]))(i), [np.insert(x, each, [7, 8]) for each in i])
    counts = np.array([[1, 0, 2, 1], [0, 3, 0, 1]])
    np.testing.assert_array_equal(ag.vmap(lambda n: ag.repeat(x, n))(counts), [np.repeat(x, each) for each in counts])


# ---------------------------------------------------------------- axes

NUMBER = np.array([3.0, 1.0, 2.0])


@pytest.mark.parametrize(
    "f",
    [
        np.argsort,
        ag.argsort,
        lambda x: np.argsort(x, None),
        lambda x: np.argpartition(x, 0),
        lambda x: np.argmax(x, keepdims=True),
        lambda x: np.argmin(x, axis=-1),
        np.cumsum,
        lambda x: np.cumprod(x, 0),
        lambda x: np.sum(x, axis=0),
        lambda x: np.max(x, axis=(), keepdims=True),
        lambda x: np.sum(x, initial=x),
        lambda x: np.max(x, initial=x),
        np.std,
        np.nanvar,
        np.median,
        np.nanmedian,
        lambda x: np.quantile(x, [0.25, 0.5]),
        lambda x: np.nanquantile(x, np.array([[0.25], [0.5]])),
        ag.logsumexp,
        lambda x: ag.softmax(x, None),
        lambda x: ag.log_softmax(x, ()),
        lambda x: np.lexsort((x, x)),
        lambda x: np.stack([x, x], -1),
        lambda x: np.tile(x, (2, 1)),
        lambda x: np.roll(x, 1),
        lambda x: np.repeat(x, 2),
        lambda x: np.pad(x, 2),
        lambda x: np.squeeze(x),
        lambda x: np.flip(x),
        lambda x: np.transpose(x),
        lambda x: np.broadcast_to(x, (2, 3)),
        lambda x: np.expand_dims(x, (0, -1)),
        lambda x: np.reshape(x, (-1, 1), order="F"),
        lambda x: np.linspace(x, 1.0, 3),
        lambda x: np.searchsorted([0.0, 2.5], x),
        lambda x: ag.sliding_window_view(x, ()),
    ],
)
def test_examples_without_axes(f):
    expected = np.stack([value_of(f(ag.tensor(each))) for each in NUMBER])
    for x in (NUMBER, ag.tensor(NUMBER, requires_grad=True)):
        assert_close(value_of(ag.vmap(f)(x)), expected)


@pytest.mark.parametrize(
    "f",
    [
        np.sort,
        lambda x: np.sum(x, axis=1),
        lambda x: np.sum(x, axis=-2),
        lambda x: np.cumsum(x, -2),
        lambda x: np.concatenate([x, x]),
        lambda x: np.stack([x, x], -2),
        lambda x: np.partition(x, 0),
        lambda x: np.argsort(x, 1),
        lambda x: np.flip(x, 0),
        lambda x: np.roll(x, 1, 0),
        lambda x: np.reshape(x, 3),
        lambda x: np.broadcast_to(np.reshape(x, (1, 1)), 3),
        lambda x: ag.sliding_window_view(x, 1, axis=0),
    ],
)
def test_the_axis_of_examples_is_not_theirs(f):
    with pytest.raises(Exception, match=".") as alone:
        f(ag.tensor(1.0))
    with pytest.raises(type(alone.value)):
        ag.vmap(f)(NUMBER)
