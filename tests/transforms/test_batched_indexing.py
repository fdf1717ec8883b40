"""Indices inside ``vmap``: what examples read and write at once is what each reads and writes alone, with its gradients.

NumPy moves the axes of index arrays to the front when something stands between two of them; ``LAYOUTS`` has each way in which
it can, and hypothesis looks for more. An index is mapped in all of its arrays or in some of them only, together with what is
indexed or not.
"""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.errors import BatchingError

SIZE = 3  # no other axis is as long
SHAPE = (2, 4, 5, 2)
ALL = slice(None)
# Shapes stand for arrays of integers, an array of truth values for a mask.
LAYOUTS = {
    "integer": (1,),
    "integers": (1, -1),
    "slices": (ALL, slice(None, None, -2)),
    "new-axis": (None, 0, None),
    "dots": (..., 1),
    "array": ((3,),),
    "array-number": ((),),
    "array-two-axes": ((3, 2),),
    "array-second": (ALL, (3,)),
    "array-third": (ALL, slice(1, None), (2, 2)),
    "array-last": (..., (3,)),
    "array-none": (None, (3,), None),
    "arrays-side-by-side": (ALL, (3,), (3,)),
    "arrays-broadcast": (ALL, (3, 1), (2,)),
    "arrays-number-and-vector": (ALL, (), (3,)),
    "arrays-all": ((3,), (3,), (3,), (3,)),
    "arrays-apart": ((3,), ALL, (3,)),
    "arrays-apart-broadcast": ((2, 1), ALL, (3,)),
    "arrays-apart-later": (ALL, (3,), ALL, (3,)),
    "arrays-apart-dots": ((3,), ..., (3,)),
    "arrays-apart-none": (ALL, (3,), None, (3,)),
    "arrays-apart-nothing-between": (ALL, (3,), ..., (3,), (3,)),
    "integer-and-array": (0, (3,)),
    "integer-apart": (0, ALL, (3,)),
    "integer-apart-later": (ALL, (3,), ALL, -1),
    "integer-second": (ALL, 0, (3,)),
    "integer-dots": (0, ..., (3,)),
    "number-apart": ((), ALL, ()),
    "number-apart-from-vector": ((), ALL, (3,)),
    "numbers-and-integer": (ALL, (), ALL, 0),
    "mask": (np.array([True, False]),),
    "mask-second": (ALL, np.array([True, False, True, True])),
    "mask-two-axes": (np.array([[True, False, True, True], [False, True, True, False]]),),
    "mask-apart": (np.array([True, True]), ALL, (2,)),
    "mask-and-array": (ALL, np.array([True, False, True, False]), (2,)),
    "mask-two-axes-and-array": (np.array([[True, False, True, False], [False, True, False, False]]), (3,)),
    "truth": (np.array(True), ALL, (3,)),
}


def lengths(layout, shape):
    """How long the axis is that each part takes an element of; ``None`` for a part that is no array of integers."""
    used = [each.ndim if isinstance(each, np.ndarray) else int(each is not None and each is not ...) for each in layout]
    gap = len(shape) - sum(used)
    place, found = 0, []
    for part, count in zip(layout, used, strict=True):
        found.append(shape[place] if isinstance(part, tuple) else None)
        place += gap if part is ... else count
    return found


def arrays_of(layout, shape, rng):
    """The arrays of integers of an index, of all examples; for arrays of a layout's parts, from negative ones on."""
    return [rng.integers(-n, n, (SIZE, *part)) for part, n in zip(layout, lengths(layout, shape), strict=True) if n is not None]


def index_of(layout, arrays):
    rest = iter(arrays)
    return tuple([next(rest) if isinstance(part, tuple) else part for part in layout])


def patterns(count):
    """Whether ``x`` and each of the arrays are mapped: every way for two arrays, of more of them all or one."""
    every = [each for each in itertools.product((True, False), repeat=count + 1) if any(each)]
    return [each for each in every if count <= 2 or sum(each[1:]) in (0, 1, count)]


def read(layout):
    return lambda x, value, *arrays: ag.asarray(x)[index_of(layout, arrays)]


def write(layout):
    def call(x, value, *arrays):
        y = ag.asarray(x) * 1
        y[index_of(layout, arrays)] = value
        return y

    return call


def add(layout):
    def call(x, value, *arrays):
        y = ag.asarray(x) * 1
        np.add.at(y, index_of(layout, arrays), value)
        return y

    return call


def assert_agrees(f, inputs, mapped):
    """``f`` of all examples against one after the other: values, gradients of each example, gradients through all."""
    inputs = [each if differs else each[0] for each, differs in zip(inputs, mapped, strict=True)]
    axes = tuple([0 if differs else None for differs in mapped])

    def of(i):
        return [ag.tensor(each[i] if differs else each) for each, differs in zip(inputs, mapped, strict=True)]

    alone = [f(*of(i)).numpy() for i in range(SIZE)]
    np.testing.assert_array_equal(ag.vmap(f, axes)(*inputs), np.stack(alone))

    weights = np.arange(1.0, alone[0].size + 1).reshape(alone[0].shape)
    loss = lambda *each: (f(*each) * weights).sum()
    gradients = ag.grad(loss, (0, 1))
    expected = [gradients(*of(i)) for i in range(SIZE)]
    together = ag.vmap(gradients, axes)(*inputs)
    outside = ag.grad(lambda *each: ag.vmap(loss, axes)(*each).sum(), (0, 1))(*inputs)
    for place in range(2):
        each = np.stack([gradient[place].numpy() for gradient in expected])
        np.testing.assert_allclose(together[place], each, rtol=1e-13)
        np.testing.assert_allclose(outside[place], each if mapped[place] else each.sum(0), rtol=1e-13)


def value_shapes(layout, shape, arrays, way):
    """Shapes that broadcast to what is read: its own, one without the first axis, a number, one with more axes in front."""
    whole = np.empty(shape)[index_of(layout, [each[0] for each in arrays])].shape
    more = [(1, *whole)] if way is write and whole else []  # np.add.at does not take it, nor does a single element
    return list(dict.fromkeys([whole, whole[1:], (), *more]))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_each_example_reads_what_it_reads_alone(layout):
    rng = np.random.default_rng(0)
    arrays = arrays_of(layout, SHAPE, rng)
    x = rng.normal(size=(SIZE, *SHAPE))
    for of_x, *of_arrays in patterns(len(arrays)):
        assert_agrees(read(layout), [x, np.zeros(SIZE), *arrays], [of_x, False, *of_arrays])


@pytest.mark.parametrize("way", [write, add])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_each_example_writes_what_it_writes_alone(layout, way):
    rng = np.random.default_rng(0)
    arrays = arrays_of(layout, SHAPE, rng)
    x = rng.normal(size=(SIZE, *SHAPE))
    shapes = value_shapes(layout, SHAPE, arrays, way)
    mapped = [(of_value, *each) for each in patterns(len(arrays)) for of_value in (True, False)]
    mapped += [(True, *[False] * (len(arrays) + 1))] * len(shapes)
    for number, (of_value, of_x, *of_arrays) in enumerate(mapped):
        value = rng.normal(size=(SIZE, *shapes[number % len(shapes)]))
        assert_agrees(way(layout), [x, value, *arrays], [of_x, of_value, *of_arrays])


@st.composite
def indexings(draw):
    """A shape and a layout that indexes it."""
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    whole = draw(st.sampled_from([(), (1,), (2,), (3, 2), (2, 1)]))
    parts: list = []
    for length in shape:
        kind = draw(st.sampled_from(["integer", "slice", "array", "array", "smaller", "mask", "end"]))
        if kind == "integer":
            parts.append(draw(st.integers(-length, length - 1)))
        elif kind == "slice":
            parts.append(draw(st.sampled_from([slice(None), slice(1, None), slice(None, None, -1), slice(0, 0)])))
        elif kind == "array":
            parts.append(whole)
        elif kind == "smaller":
            parts.append(whole[1:])
        elif kind == "mask" and whole in ((), (1,)):
            mask = np.zeros(length, bool)
            mask[draw(st.integers(0, length - 1))] = True
            parts.append(mask)
        else:
            break
    for _ in range(draw(st.integers(0, 2))):
        parts.insert(draw(st.integers(0, len(parts))), None)
    if draw(st.booleans()):
        # the parts after it count from the end
        place = draw(st.integers(0, len(parts)))
        used = sum(part is not None for part in parts[place:])
        before = sum(part is not None for part in parts[:place])
        if used == 0 or before + used == len(shape):
            parts.insert(place, ...)
    return tuple(shape), tuple(parts)


@settings(deadline=None, max_examples=50)
@given(indexings(), st.integers(0, 2**31), st.sampled_from([read, write, add]))
def test_any_index_agrees_with_a_loop(indexing, seed, way):
    shape, layout = indexing
    rng = np.random.default_rng(seed)
    arrays = arrays_of(layout, shape, rng)
    x = rng.normal(size=(SIZE, *shape))
    mapped = patterns(len(arrays))
    of_x, *of_arrays = mapped[rng.integers(len(mapped))]
    choices = value_shapes(layout, shape, arrays, way)
    value = rng.normal(size=(SIZE, *choices[rng.integers(len(choices))]))
    of_value = bool(rng.integers(2)) and way is not read
    assert_agrees(way(layout), [x, value, *arrays], [of_x, of_value, *of_arrays])


# ---------------------------------------------------------------- masks that differ between examples

MASKS = np.random.default_rng(3).random((SIZE, 2, 3)) < 0.5


@pytest.mark.parametrize("value", [2.5, np.float64(2.5), np.ones(()), np.arange(4.0), np.arange(4.0)[None], np.ones((1, 1, 1))])
@pytest.mark.parametrize("of_x", [True, False])
def test_a_write_by_masks_that_differ_chooses_elements(value, of_x):
    x = np.random.default_rng(0).normal(size=(SIZE, 2, 3, 4))

    def write(x, mask):
        y = ag.asarray(x) * 1
        y[mask] = value
        return y

    inputs = (x if of_x else x[0], MASKS)
    expected = np.stack([write(x[i] if of_x else x[0], MASKS[i]) for i in range(SIZE)])
    together = ag.vmap(write, (0 if of_x else None, 0))(*[ag.tensor(each) for each in inputs])
    np.testing.assert_array_equal(together.numpy(), expected)


@pytest.mark.parametrize("shape", [(), (4,), (1, 4), (1, 1)])
@pytest.mark.parametrize(("of_x", "of_value"), [(True, True), (True, False), (False, True), (False, False)])
def test_a_write_of_values_by_masks_that_differ_has_their_gradients(shape, of_x, of_value):
    rng = np.random.default_rng(0)
    inputs = [rng.normal(size=(SIZE, 2, 3, 4)), rng.normal(size=(SIZE, *shape)), MASKS]

    def write(x, value, mask):
        y = ag.asarray(x) * 1
        y[mask] = value
        return y

    assert_agrees(write, inputs, [of_x, of_value, True])


def test_values_for_each_true_element_need_masks_with_as_many():
    x = np.zeros((2, 3))
    same = np.array([[True, False, True], [False, True, True]])

    def write(x, mask):
        y = ag.asarray(x) * 1
        y[mask] = np.array([1.0, 2.0])
        return y

    np.testing.assert_array_equal(ag.vmap(write)(ag.tensor(x), same).numpy(), [[1, 0, 2], [0, 1, 2]])
    with pytest.raises(ValueError, match="set_at"):
        ag.vmap(write)(ag.tensor(x), np.array([[True, False, True], [True, True, True]]))


def test_a_read_by_masks_that_differ_is_refused_unless_they_read_as_many():
    x = np.arange(6.0).reshape(2, 3)
    same = np.array([[True, False, True], [False, True, True]])
    np.testing.assert_array_equal(ag.vmap(lambda x, mask: x[mask])(x, same), [[0, 2], [4, 5]])
    with pytest.raises(BatchingError, match="the shape of its result depends on its values"):
        ag.vmap(lambda x, mask: x[mask])(x, x > 1)


# ---------------------------------------------------------------- the borders


def test_integers_in_whole_number_arrays_of_any_kind():
    x, i = np.arange(12.0).reshape(3, 4), np.array([3, 0, 2], np.uint8)
    np.testing.assert_array_equal(ag.vmap(lambda x, i: x[i])(x, i), [3, 4, 10])
    gradient = ag.vmap(ag.grad(lambda x, i: x[i]))(np.zeros((300, 2)), np.ones(300, np.uint8))
    np.testing.assert_array_equal(gradient, np.tile([0.0, 1.0], (300, 1)))


def test_no_examples():
    x, i = np.ones((0, 3, 4)), np.ones((0, 2), int)
    assert ag.vmap(lambda x, i: x[i])(x, i).shape == (0, 2, 4)
    assert ag.vmap(lambda x, i: x[:, i], (None, 0))(ag.ones((3, 4)), i).shape == (0, 3, 2)
    assert ag.vmap(ag.grad(lambda x, i: x[:, i].sum()))(x, i).shape == (0, 3, 4)


def test_an_index_out_of_range_is_named():
    with pytest.raises(IndexError, match="getitem"):
        ag.vmap(lambda x, i: x[i])(np.ones((2, 3)), np.array([0, 3]))
    with pytest.raises(IndexError, match="getitem"):
        ag.vmap(lambda x: x[0, 0, 0])(np.ones((2, 3, 4)))


def test_two_levels():
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    i = np.random.default_rng(1).integers(0, 4, (3, 5))
    f = ag.vmap(ag.vmap(lambda x, i: x[i]), (0, None))
    np.testing.assert_array_equal(f(x, i), np.stack([np.take_along_axis(each, i, 1) for each in x]))
    g = ag.vmap(ag.vmap(ag.grad(lambda x, i: (x[i] ** 2).sum())), (0, None))
    expected = np.zeros_like(x)
    for a, b in np.ndindex(2, 3):
        np.add.at(expected[a, b], i[b], 2 * x[a, b, i[b]])
    np.testing.assert_allclose(g(x, i), expected)


def test_what_is_not_mapped_is_not_copied():
    table = ag.asarray(np.broadcast_to(1.0, (10**6, 10**6)))  # which no memory holds
    i = np.arange(1000)
    np.testing.assert_array_equal(ag.vmap(lambda i: table[i, 0])(i), np.ones(1000))
    np.testing.assert_array_equal(ag.vmap(lambda i: table[0, i])(i), np.ones(1000))
    np.testing.assert_array_equal(ag.vmap(lambda x: x + table[0, 1:3])(np.zeros((2, 2))), np.ones((2, 2)))


def test_other_ufuncs_write_in_turns_and_need_one_index_for_all():
    x, values = np.zeros((2, 3)), np.array([[1.0, 5.0, 2.0], [4.0, 3.0, -1.0]])

    def largest(x, value, i):
        y = ag.asarray(x) * 1
        np.maximum.at(y, i, value)
        return y

    together = ag.vmap(largest, (0, 0, None))(x, values, np.array([0, 0, 2]))
    np.testing.assert_array_equal(together, [[5, 0, 2], [4, 0, 0]])
    with pytest.raises(BatchingError, match=r"np.maximum.at inside vmap: .* differs between examples"):
        ag.vmap(largest)(x, values, np.array([[0, 0, 2], [0, 1, 2]]))
