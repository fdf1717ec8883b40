"""Views: a recorded write through a view reaches its base, and one to the base is seen through its views, as in NumPy."""

import gc
import weakref

import numpy as np
import pytest

import autograd as ag


def matrix(requires_grad=False):
    return ag.tensor(np.arange(12.0).reshape(3, 4), requires_grad=requires_grad)


def rows(c):
    for row in c:
        row *= 2


def chained(c):
    c[0][1] = 50.0
    c[1:][:, ::2][1] += 3


def transposed(c):
    c.T[0] = 9.0
    c.T[1:3].T[2] = [7.0, 8.0]


def reshaped(c):
    c.reshape(-1)[5] = -1.0
    c.reshape(2, 6)[1, 2:4] *= 10
    c.ravel()[0] = 4.0


def split(c):
    first, second = np.split(c, 2, axis=1)
    second[1] = 5.0
    first += 1


def flipped(c):
    np.flip(c, 0)[0] = 3.0
    np.moveaxis(c, 0, 1)[2] += 1
    np.expand_dims(c, 0)[0, 1, 1] = -2.0


def base_then_view(c):
    row, column = c[1], c[:, 2]
    c[1, 2] = 70.0
    row += column.sum()
    column[0] = row[3]
    c[...] = c + row


WRITES = [rows, chained, transposed, reshaped, split, flipped, base_then_view]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("kind", ["recorded", "plain"])
def test_as_in_numpy(write, kind):
    expected = np.arange(12.0).reshape(3, 4)
    write(expected)
    t = matrix(requires_grad=True) * 1 if kind == "recorded" else matrix()
    write(t)
    np.testing.assert_array_equal(t.numpy(), expected)
    assert t.requires_grad == (kind == "recorded")


@pytest.mark.parametrize("write", WRITES)
def test_gradients_through_views(write):
    def f(x):
        c = x * x
        write(c)
        return (c * np.arange(12.0).reshape(3, 4)).sum()

    report = ag.gradcheck(f, np.arange(12.0).reshape(3, 4) / 7 + 0.1, order=2)
    assert report, str(report)


def test_a_view_that_was_read_before_a_write_keeps_its_gradient():
    x = ag.tensor([1.0, 2.0], requires_grad=True)
    c = x * 3
    view = c[:1]
    before = view * 10
    c[0] = 7.0
    assert (view.tolist(), before.tolist()) == ([7.0], [30.0])
    (before.sum() + view.sum() + c.sum()).backward()
    assert x.grad.tolist() == [30.0, 3.0]


def test_a_recorded_value_written_into_a_row_of_a_plain_tensor():
    x = ag.tensor([1.0, 2.0, 3.0], requires_grad=True)
    out = ag.zeros((3, 2))
    for i in range(3):
        row = out[i]
        row += x[i] * (i + 1)
    assert out.tolist() == [[1.0, 1.0], [4.0, 4.0], [9.0, 9.0]]
    out.sum().backward()
    assert x.grad.tolist() == [2.0, 4.0, 6.0]


def test_copies_do_not_follow():
    c = matrix(requires_grad=True) * 1
    copies = [c[[0, 1]], c.copy(), c[c > 3], c.T.reshape(-1), c + 0]
    before = [each.tolist() for each in copies]
    c[...] = 100.0
    for each in copies:
        each += 1.0
    assert [(np.array(each.tolist()) - 1).tolist() for each in copies] == before
    assert c.tolist() == np.full((3, 4), 100.0).tolist()


def accumulated(a):
    total, history = a[0], []
    for i in range(1, len(a)):
        total += a[i]
        history.append(total)
    return np.stack(history)


def test_numbers_are_not_changed_in_place():
    """What NumPy gives as a scalar is another one after ``s += v``; what was read before keeps its value."""
    a = np.array([1.0, 2.0, 3.0])
    for t in (ag.tensor(a), ag.tensor(a, requires_grad=True), ag.tensor(a, requires_grad=True) * 1):
        np.testing.assert_array_equal(accumulated(t).numpy(), accumulated(a))
        total = t.sum()
        first = total
        total *= 10.0
        assert (first.item(), total.item()) == (6.0, 60.0)
    assert ag.gradcheck(accumulated, [a], order=2)


def test_what_is_made_without_dimensions_is_changed_in_place():
    for made in (ag.tensor(5.0), ag.zeros(()), ag.full((), 2.0), ag.tensor(5.0, requires_grad=True)):
        same = made
        with ag.no_grad():
            made += 1.0
        assert same is made


@pytest.mark.parametrize("view", [np.squeeze, lambda a: a.reshape(()), lambda a: np.reshape(a, ()), lambda a: a[0, ...]])
@pytest.mark.parametrize("requires_grad", [False, True])
def test_views_without_dimensions_alias(view, requires_grad):
    def written(x):
        seen = []
        v = view(x)
        v *= 2.0
        seen.append(x * 1)
        v[()] = 7.0
        seen.append(x * 1)
        np.add.at(v, (), 1.0)
        np.add(v, 1.0, out=v)
        seen.append(x * 1)
        x[0] = 3.0
        return np.stack([*seen, np.reshape(v, 1)])

    array = np.array([5.0])
    t = ag.tensor(array, requires_grad=requires_grad)
    np.testing.assert_array_equal(written(t * 1).numpy(), written(array.copy()))


def test_a_write_through_a_view_of_a_leaf():
    w = matrix(requires_grad=True)
    with pytest.raises(ag.WriteError, match="of which a view is written to.*leaf that requires a gradient"):
        w[0][1] = 5.0
    with pytest.raises(ag.WriteError, match="leaf"):
        w.T[...] = 0.0
    with ag.no_grad():
        w[0][1] = 5.0
        row = w[1]
    assert w[0, 1].item() == 5.0
    with pytest.raises(ag.WriteError, match="leaf"):
        row += 1.0
    with pytest.raises(ag.WriteError, match="leaf"):
        row += ag.tensor(1.0, requires_grad=True)


def test_a_plain_view_of_a_recorded_tensor_inside_no_grad():
    c = matrix(requires_grad=True) * 1
    with ag.no_grad():
        row = c[0]
        with pytest.raises(ag.WriteError, match="of which a view is written to.*recorded by op 'multiply'"):
            row += 1.0
    with pytest.raises(ag.WriteError, match="a view that was made inside no_grad, of a recorded tensor.*cut"):
        row += 1.0
    c[:, 0] = 7.0  # the view sees it, and stays outside the graph
    assert (row.tolist(), row.requires_grad) == ([7.0, 1.0, 2.0, 3.0], False)


def test_a_plain_view_stays_plain_when_its_base_is_written():
    x = ag.tensor(np.ones(3), requires_grad=True)
    y = x * 2
    with ag.no_grad():
        constant = y[1:]
    y[0] = 5.0
    (y[1:] * constant).sum().backward()
    assert x.grad.tolist() == [0.0, 4.0, 4.0]


def test_views_of_one_element():
    c = matrix(requires_grad=True) * 1
    one = c[0, 1, ...][None]
    one[0] = 5.0
    one += 1.0
    assert c[0, 1].item() == 6.0
    assert one.tolist() == [6.0]


def test_a_leaf_that_shares_memory_with_what_is_written():
    p, x = ag.tensor(np.ones(4)), ag.tensor(3.0, requires_grad=True)
    leaf = p[1:].requires_grad_()
    for value in (7.0, x):
        with pytest.raises(ag.WriteError, match="shares the memory that is written to.*leaf"):
            p[1] = value
    with ag.no_grad():
        p[1] = 7.0
    assert leaf.tolist() == [7.0, 1.0, 1.0]


def test_repeated_elements_cannot_be_written():
    x = ag.tensor([1.0, 2.0], requires_grad=True)
    wide = np.broadcast_to(x * 1, (3, 2))
    with pytest.raises(ValueError, match=r"read-only, .* views of 'broadcast_to'.*copy"):
        wide[0] = 5.0


def write_a_part(z):
    z.real[0] = 5.0
    z.imag[1:] *= z.real[1:]
    return z


def write_parts_of_parts(z):
    row = z.T[1:]
    row.real.T[0] += row.imag.T[0]
    z.imag[...] = z.imag[::-1]
    return z


def assign_parts(z):
    z.real *= 2.0
    z.imag = z.real[::-1]
    return z


@pytest.mark.parametrize("write", [write_a_part, write_parts_of_parts, assign_parts])
@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
def test_a_write_to_a_part_of_a_complex_tensor_reaches_it(write, dtype):
    start = np.array([[1 + 2j, 3j], [2 - 1j, 4 + 0.5j], [1.5, 1j]], dtype)
    expected = write(start.copy())
    for t in (ag.tensor(start), ag.tensor(start, requires_grad=True) * 1):
        written = write(t)
        assert written.dtype == dtype
        np.testing.assert_array_equal(written.numpy(), expected)
    if dtype == np.complex128:
        report = ag.gradcheck(lambda z: write(z * 1), [start], order=2)
        assert report, report


def test_parts_see_writes_to_the_whole_and_to_each_other():
    z = ag.tensor([1 + 2j, 3j], requires_grad=True) * 1
    re, im = z.real, z.imag
    z[0] = 7 + 8j
    re[1] = 9.0
    assert re.tolist() == [7.0, 9.0]
    assert im.tolist() == [8.0, 3.0]
    assert z.tolist() == [7 + 8j, 9 + 3j]


def test_real_tensors_have_a_real_part_to_assign_and_no_imaginary_one():
    x = ag.tensor([1.0, 2.0], requires_grad=True) * 1
    x.real = 3.0
    assert x.tolist() == [3.0, 3.0]
    with pytest.raises(TypeError, match=r"t\.imag = value: expected a complex tensor, received float64"):
        x.imag = 1.0


def test_infinite_parts_do_not_mix():
    z = ag.tensor([1 + 2j], requires_grad=True) * 1
    z.imag[0] = np.inf
    assert z.tolist() == [complex(1.0, np.inf)]


def test_a_view_does_not_keep_others_alive():
    gc.disable()
    try:
        c = matrix(requires_grad=True) * 1
        view = c[0]
        other = weakref.ref(c[1])
        assert other() is None
        assert len(c._bond.views) == 1
        gone = weakref.ref(view)
        del view
        assert gone() is None
        assert not c._bond.views
        base = weakref.ref(c)
        del c
        assert base() is None
    finally:
        gc.enable()


def test_a_function_that_writes_into_its_argument():
    def f(x):
        y = x * 2
        y[0] = y[1] * x[0]
        return y.sum()

    assert ag.grad(f)(np.array([3.0, 5.0])).tolist() == [10.0, 2 * 3.0 + 2]


def random_program(rng, array, make):
    """Views of views and writes through them, the same for an array and for a tensor; returns everything that was made."""
    made = [array]
    for _ in range(12):
        target = made[rng.integers(len(made))]
        choice = rng.integers(9)
        if choice == 0 and target.size and target.ndim:
            made.append(target[int(rng.integers(target.shape[0])) :: int(rng.choice([1, 2, -1]))])
        elif choice == 1 and target.size and target.ndim > 1:
            made.append(target[..., int(rng.integers(target.shape[-1]))])
        elif choice == 2:
            made.append(target.T)
        elif choice == 3 and target.size:
            made.append(target.reshape(-1))
        elif choice == 4 and target.ndim == 2:
            made.extend(np.split(target, [1], axis=1))
        elif choice == 5 and target.ndim:
            made.append(np.flip(target, 0))
        elif choice == 6:
            target *= float(rng.normal())
        elif choice == 7 and target.ndim and target.shape[0]:
            target[int(rng.integers(target.shape[0]))] = make(float(rng.normal()))
        elif choice == 8 and target.ndim:
            other = made[rng.integers(len(made))]
            target[...] = target + make(other.sum())
    return made


@pytest.mark.parametrize("seed", range(150))
@pytest.mark.parametrize("order", ["C", "F"])
def test_random_programs_of_views_and_writes(seed, order):
    start = np.asarray(np.arange(12.0).reshape(3, 4) / 7, order=order)
    expected = random_program(np.random.default_rng(seed), start.copy(order="K"), lambda value: value)
    x = ag.asarray(start.copy(order="K"), requires_grad=True)
    actual = random_program(np.random.default_rng(seed), x + 0.0, lambda value: value)
    assert len(actual) == len(expected)
    for ours, numpys in zip(actual, expected, strict=True):
        np.testing.assert_allclose(ours.numpy(), numpys, rtol=1e-13, atol=1e-13)
    if seed % 10 == 0 and order == "C":  # a gradient check copies its inputs, and with them their order in memory
        f = lambda t: sum((each * each).sum() for each in random_program(np.random.default_rng(seed), t + 0.0, lambda v: v))
        report = ag.gradcheck(f, start)
        assert report, str(report)
