"""NumPy's functions that write into their first argument: programs of writes against NumPy, gradients, aliases, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag

PROPERTY = settings(max_examples=60, derandomize=True, deadline=None)

# ---------------------------------------------------------------- programs of writes, through views and not

WHOLE = st.integers(-9, 9)


def lists(of, most=4):
    return st.lists(of, min_size=1, max_size=most)


VIEWS = [
    lambda np, c: c,
    lambda np, c: c.T,
    lambda np, c: c[1:],
    lambda np, c: c[::-1, ::2],
    lambda np, c: np.rot90(c),
    lambda np, c: np.fliplr(c).T,
    lambda np, c: np.hsplit(c, 2)[1],
    lambda np, c: c.reshape(2, 6),
    lambda np, c: np.swapaxes(c, 0, 1)[1:],
]


@st.composite
def writes(draw):
    """A function that writes into a matrix, through a view of it; its values are numbers, or computed from a vector."""
    view = draw(st.sampled_from(VIEWS))
    kind = draw(st.sampled_from(["put", "place", "putmask", "put_along_axis", "copyto", "fill_diagonal"]))
    numbers = draw(lists(WHOLE.map(float)))
    of_vector = draw(st.booleans())
    bits = draw(st.integers(0, 2**12 - 1))
    places, mode = draw(lists(WHOLE)), draw(st.sampled_from(["wrap", "clip"]))
    wrap = draw(st.booleans())

    def write(np_, c, v):
        part = view(np_, c)
        values = v[: len(numbers)] * numbers if of_vector else numbers
        mask = np.array([bool(bits >> i & 1) for i in range(12)])[: int(np.prod(part.shape))].reshape(part.shape)
        if kind == "put":
            np.put(part, places, values, mode)
        elif kind == "place":
            np.place(part, mask, values)
        elif kind == "putmask":
            np.putmask(part, mask, values)
        elif kind == "put_along_axis":
            index = np.array(places[:1] * part.shape[1])[None] % part.shape[0]
            np.put_along_axis(part, index, values[0], axis=0)
        elif kind == "copyto":
            np.copyto(part, values[0], where=mask)
        else:
            np.fill_diagonal(part, values, wrap)

    return write


def run(program, np_, c, v):
    row = c[1]
    column = c.T[0]
    for write in program:
        write(np_, c, v)
        row[0] += 1.0
    return c, row, column


@PROPERTY
@given(st.lists(writes(), min_size=1, max_size=4))
def test_programs_are_numpys(program):
    v = np.arange(1.0, 5.0)
    expected = run(program, np, np.arange(12.0).reshape(3, 4), v)
    plain = ag.tensor(np.arange(12.0).reshape(3, 4))
    recorded = ag.tensor(np.arange(12.0).reshape(3, 4), requires_grad=True)
    for c, vector in (
        (plain, v),
        (recorded * 1, v),
        (plain.copy(), ag.tensor(v, requires_grad=True)),
        (recorded * 1, ag.tensor(v)),
    ):
        for actual, values in zip(run(program, np, c, vector), expected, strict=True):
            np.testing.assert_array_equal(actual.numpy(), values)
    assert recorded.numpy()[0, 1] == 1.0


@settings(max_examples=10, derandomize=True, deadline=None)
@given(st.lists(writes(), min_size=1, max_size=3))
def test_gradients_of_programs(program):
    def f(x, v):
        c = x * x
        c, row, column = run(program, np, c, v)
        return np.sum(c * c) + np.sum(row * column[0]) * 3

    report = ag.gradcheck(f, [np.arange(12.0).reshape(3, 4) / 7 + 0.1, np.array([0.5, -1.0, 2.0, 0.7])], order=2)
    assert report, str(report)


# ---------------------------------------------------------------- each function


def test_values_that_are_overwritten_have_no_gradient():
    x = ag.tensor([1.0, 2.0, 3.0], requires_grad=True)
    v = ag.tensor([10.0, 20.0, 30.0], requires_grad=True)
    y = x * 1
    np.put(y, [0, 2, 0], v)
    (y * [1.0, 2.0, 3.0]).sum().backward()
    assert (y.tolist(), x.grad.tolist(), v.grad.tolist()) == ([30.0, 2.0, 20.0], [0.0, 2.0, 0.0], [0.0, 3.0, 1.0])


def test_values_that_are_repeated_have_their_gradients_summed():
    v = ag.tensor([[10.0, 20.0]], requires_grad=True)
    y = ag.zeros((3, 3))
    np.fill_diagonal(y, v)
    np.place(y, np.tri(3, k=-1, dtype=bool), v)
    assert y.tolist() == [[10.0, 0.0, 0.0], [10.0, 20.0, 0.0], [20.0, 10.0, 10.0]]
    y.sum().backward()
    assert v.grad.tolist() == [[4.0, 2.0]]


def test_a_diagonal_in_more_dimensions_and_one_that_starts_anew():
    for shape, wrap in (((2, 2, 2), False), ((7, 3), True), ((7, 3), False), ((2, 5), False)):
        expected = np.zeros(shape)
        np.fill_diagonal(expected, [1.0, 2.0], wrap)
        t = ag.tensor(np.zeros(shape), requires_grad=True) * 1
        ag.fill_diagonal(t, [1.0, 2.0], wrap)
        np.testing.assert_array_equal(t.numpy(), expected)


def test_along_an_axis_as_numpy_writes_and_take_along_axis_reads():
    x = np.array([[3.0, 1.0, 2.0], [9.0, 7.0, 8.0]])
    order = np.argsort(x, axis=1)
    t = ag.tensor(x, requires_grad=True)
    y = ag.zeros((2, 3))
    np.put_along_axis(y, order, t, axis=1)
    np.testing.assert_array_equal(np.take_along_axis(y, order, axis=1).numpy(), x)
    (y * np.arange(6.0).reshape(2, 3)).sum().backward()
    np.testing.assert_array_equal(t.grad.numpy(), np.take_along_axis(np.arange(6.0).reshape(2, 3), order, axis=1))


def test_along_no_axis_also_where_numpy_needs_a_copy():
    for t in (ag.tensor(np.zeros((2, 3))), ag.tensor(np.zeros((2, 3)), requires_grad=True) * 1):
        np.put_along_axis(t.T, np.array([1, 4]), [5.0, 6.0], axis=None)
        assert t.tolist() == [[0.0, 0.0, 6.0], [5.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    ("shape", "src", "where"),
    [
        ((2, 3), (3,), (2, 1)),
        ((2, 3), (2, 1), ()),
        ((3,), (1, 3), (3,)),
        ((3,), (1, 3), ()),
        ((), (), ()),
        ((2, 0), (1,), (2, 1)),
    ],
)
def test_copied_as_numpy_broadcasts(shape, src, where):
    values = np.arange(1.0, np.prod(src, dtype=int) + 1).reshape(src)
    mask = np.arange(np.prod(where, dtype=int)).reshape(where) % 2 == 0
    expected = np.zeros(shape)
    np.copyto(expected, values, where=mask)
    v = ag.tensor(values, requires_grad=True)
    recorded = ag.tensor(np.zeros(shape), requires_grad=True) * 1
    for target, value in ((ag.zeros(shape), v), (recorded, values), (ag.zeros(shape), values)):
        np.copyto(target, value, where=ag.tensor(mask))
        np.testing.assert_array_equal(target.numpy(), expected)


def test_copying_casts_as_far_as_it_may():
    narrow = ag.zeros(2, dtype=np.float32)
    v = ag.tensor([1.5, 2.5], requires_grad=True)
    np.copyto(narrow, v)
    assert (narrow.dtype, narrow.requires_grad) == (np.float32, True)
    narrow.sum().backward()
    assert v.grad.dtype == np.float64
    whole = ag.zeros(2, dtype=int)
    np.copyto(whole, v.detach(), casting="unsafe")
    assert whole.tolist() == [1, 2]
    for target in (whole, ag.zeros(2), ag.tensor([1.0, 2.0], requires_grad=True) * 1):
        for src in ([1j, 2.0], 1j, np.complex128(1)):
            with pytest.raises(TypeError, match="Cannot cast"):
                np.copyto(target, src)


def test_a_write_onto_itself_reads_the_old_values():
    for t in (ag.tensor([1.0, 2.0, 3.0]), ag.tensor([1.0, 2.0, 3.0], requires_grad=True) * 1):
        np.copyto(t[1:], t[:-1])
        assert t.tolist() == [1.0, 1.0, 2.0]


def test_arrays_are_written_as_by_numpy():
    x = np.zeros((2, 2))
    ag.put(x, [0], 1.0)
    ag.place(x, x == 0, [2.0, 3.0])
    ag.putmask(x, x == 2, ag.tensor([7.0]))
    ag.put_along_axis(x, np.array([[1]]), 8.0, axis=0)
    ag.copyto(x, 9.0, where=x == 1)
    ag.fill_diagonal(x, ag.tensor([4.0, 5.0]))
    assert x.tolist() == [[4.0, 7.0], [8.0, 5.0]]
    np.put(x, ag.tensor([1]), ag.tensor([6.0]))
    assert x[0, 1] == 6.0


def test_recorded_values_do_not_go_into_arrays():
    v = ag.tensor(2.0, requires_grad=True)
    with pytest.raises(ag.ConversionError, match=r"np\.fill_diagonal: writing a recorded tensor into a NumPy array"):
        ag.fill_diagonal(np.ones((2, 2)), v)


def test_nothing_to_write_changes_nothing():
    t = ag.tensor([1.0, 2.0], requires_grad=True) * 1
    before = t.node
    np.put(t, [], 5.0)
    np.put(t, [0], [])
    np.place(t, [False, False], [1.0])
    np.copyto(t, 5.0, where=False)
    assert t.node is before


# ---------------------------------------------------------------- what is refused

CALLS = [
    lambda target, v: np.put(target, [0], v),
    lambda target, v: np.place(target, np.ones((2, 2), bool), v),
    lambda target, v: np.putmask(target, np.ones((2, 2), bool), v),
    lambda target, v: np.put_along_axis(target, np.array([[0]]), v, axis=0),
    lambda target, v: np.copyto(target, v),
    lambda target, v: np.fill_diagonal(target, v),
]


@pytest.mark.parametrize("call", CALLS)
def test_leaves_recorded_values_and_no_grad(call):
    w = ag.tensor(np.ones((2, 2)), requires_grad=True)
    v = ag.tensor(2.0, requires_grad=True)
    with pytest.raises(ag.WriteError, match=r"np\.\w+: this tensor \(shape \(2, 2\)\) is a leaf that requires a gradient"):
        call(w, 2.0)
    array = np.ones((2, 2))
    with pytest.raises(ag.ConversionError, match=r"silently cut .*out of the graph.*ag\.zeros"):
        call(array, v)
    whole = ag.ones((2, 2), dtype=int)
    with pytest.raises(TypeError):
        call(whole, v)
    assert (array == 1).all()
    assert (whole.numpy() == 1).all()
    y = w * 1
    with ag.no_grad():
        call(w, v)
        call(array, v)
        with pytest.raises(ag.WriteError, match="inside no_grad"):
            call(y, 2.0)
    assert w.requires_grad
    assert w.numpy()[0, 0] == array[0, 0] == 2.0


@pytest.mark.parametrize("call", CALLS)
def test_a_write_after_a_value_was_saved_is_found(call):
    w = ag.tensor(np.ones((2, 2)), requires_grad=True)
    loss = (w * w).sum()
    with ag.no_grad():
        call(w, 2.0)
    with pytest.raises(ag.OverwrittenError):
        loss.backward()


REFUSED = [
    (lambda np, t: np.put(t, [0, 9], 1.0), IndexError, "index 9 is out of bounds"),
    (lambda np, t: np.put(t, [0], 1.0, mode="mirror"), ValueError, "mirror"),
    (lambda np, t: np.place(t, [True], 1.0), ValueError, "same size"),
    (lambda np, t: np.place(t, t > 0, []), ValueError, "empty array"),
    (lambda np, t: np.putmask(t, [True], 1.0), ValueError, "same size"),
    (lambda np, t: np.put_along_axis(t, np.zeros(3, int), 1.0, axis=0), ValueError, "same number of dimensions"),
    (lambda np, t: np.put_along_axis(t, np.zeros((1, 1)), 1.0, axis=0), IndexError, "must be an integer array"),
    (lambda np, t: np.copyto(t, [1.0, 2.0, 3.0]), ValueError, "could not be broadcast|could not broadcast"),
    (lambda np, t: np.copyto(t, 1.0, casting="loose"), ValueError, "casting must be one of"),
    (lambda np, t: np.fill_diagonal(t[0], 1.0), ValueError, "at least 2-d"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_what_numpy_refuses(call, error, message):
    with pytest.raises(error, match=message):
        call(np, np.ones((2, 2)))
    for t in (ag.ones((2, 2)), ag.tensor(np.ones((2, 2)), requires_grad=True) * 1):
        with pytest.raises(error, match=message):
            call(np, t)
        assert (t.numpy() == 1).all()


def test_an_error_says_where():
    with pytest.raises(IndexError) as caught:
        np.put(ag.ones(3), 7, 1.0)
    assert caught.value.__notes__ == ["raised by np.put on a tensor of shape (3,) and dtype float64"]


@pytest.mark.parametrize("requires_grad", [False, True])
def test_values_that_do_not_fit_are_refused(requires_grad):
    with pytest.raises(TypeError):
        np.putmask(ag.tensor(np.ones(3), requires_grad=requires_grad) * 1, [True, False, False], np.array([1.7j]))
