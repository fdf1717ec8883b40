"""Writes: recorded ones, those in memory, and those refused."""

import numpy as np
import pytest

import autograd as ag


def leaf():
    return ag.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)


INDICES = {
    "integer": 1,
    "negative": -1,
    "slice": slice(None, 1),
    "backward slice": (slice(None), slice(None, None, -2)),
    "ellipsis": (..., 0),
    "everything": ...,
    "newaxis": (None, 0),
    "tuple": (1, 2),
    "list": [1, 0],
    "integer arrays": (np.array([0, 1]), np.array([2, 0])),
    "mask": np.array([[True, False, True], [False, False, True]]),
    "mask of rows": np.array([True, False]),
    "mixed": (slice(None), [0, 2]),
    "empty": (slice(0, 0),),
    "empty list": [],
}


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES.keys())
def test_reading_and_writing_as_numpy_does(index):
    x = leaf()
    expected = x.numpy().copy()
    np.testing.assert_array_equal(x[index].numpy(), expected[index])
    y = x * 1
    y[index] = x[index] * 10
    expected[index] = expected[index] * 10
    np.testing.assert_array_equal(y.numpy(), expected)
    y.sum().backward()
    gradient = np.ones((2, 3))
    gradient[index] = 10.0
    np.testing.assert_array_equal(x.grad.numpy(), gradient)


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES.keys())
def test_gradient_of_reading(index):
    x = leaf()
    x[index].sum().backward()
    expected = np.zeros((2, 3))
    np.add.at(expected, index, 1.0)
    np.testing.assert_array_equal(x.grad.numpy(), expected)


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES.keys())
def test_writes_in_memory(index):
    t = ag.tensor(np.arange(6.0).reshape(2, 3))
    expected = t.numpy().copy()
    memory = t._value
    t[index] = 7.0
    expected[index] = 7.0
    np.testing.assert_array_equal(t.numpy(), expected)
    assert t._value is memory


def test_the_old_value_lives_on_in_whoever_used_it():
    x = leaf()
    y = x * 2
    before = y * 1
    y[0] = 0.0
    assert before.tolist() == [[2.0, 4.0, 6.0], [8.0, 10.0, 12.0]]
    (before + y).sum().backward()
    assert x.grad.tolist() == [[2.0] * 3, [4.0] * 3]


def test_in_place_operators_on_a_recorded_tensor():
    x = leaf()
    y = x * 1
    same = y
    y += 1.0
    y *= x
    y -= x
    y /= 2.0
    y **= 2
    assert y is same
    expected = ((x.numpy() + 1) * x.numpy() - x.numpy()) / 2
    np.testing.assert_allclose(y.numpy(), expected**2)
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 2 * expected * x.numpy())


def test_in_place_operators_in_memory():
    t = ag.tensor([5.0, 7.0])
    memory = t._value
    t += 1
    t -= ag.tensor([1.0, 2.0])
    t *= 3
    t //= 2
    t %= 5
    t **= 2
    t /= 4
    assert (t.tolist(), t._value is memory) == ([(15 // 2 % 5) ** 2 / 4, (18 // 2 % 5) ** 2 / 4], True)
    bits = ag.tensor([6, 5])
    bits &= 5
    bits |= 8
    bits ^= 1
    bits <<= 2
    bits >>= 1
    assert bits.tolist() == [((((6 & 5) | 8) ^ 1) << 2) >> 1, ((((5 & 5) | 8) ^ 1) << 2) >> 1]


def test_a_tensor_without_dimensions():
    t = ag.tensor(2.0)
    t += 1
    t[...] = t * 2
    t[()] = t + 1
    assert t.item() == 7.0


def test_dtype_is_kept():
    t = ag.tensor([1.0, 2.0], dtype=np.float32)
    t += np.array([0.5, 0.5])
    assert t.dtype == np.float32
    x = ag.tensor([1.0, 2.0], dtype=np.float32, requires_grad=True)
    y = x * 1
    y += np.array([0.5, 0.5])
    y[0] = ag.tensor(2.5, requires_grad=True)
    assert (y.dtype, y.tolist()) == (np.float32, [2.5, 2.5])
    integers = ag.tensor([1, 2])
    with pytest.raises(TypeError, match="same_kind"):
        integers += 0.5
    with pytest.raises(TypeError, match="float64 result does not fit into a int64 tensor"):
        integers += ag.tensor(0.5, requires_grad=True)


def test_a_recorded_value_is_not_cut_by_an_integer_tensor():
    integers = ag.tensor([1, 2])
    with pytest.raises(TypeError, match=r"the value is recorded \(float64\).* int64 tensor.*astype\(float\)"):
        integers[0] = ag.tensor(2.5, requires_grad=True)
    integers[0] = ag.tensor(2.5)
    assert integers.tolist() == [2, 2]


def test_a_plain_tensor_becomes_recorded_by_a_recorded_value():
    x = leaf()
    t = ag.tensor(np.zeros((2, 3)))
    t[0] = x[1] * 2
    t[1, 1] += x[0, 0]
    assert t.requires_grad
    t.sum().backward()
    assert x.grad.tolist() == [[1.0, 0.0, 0.0], [2.0, 2.0, 2.0]]


def test_an_augmented_element():
    x = leaf()
    y = x * 1
    y[[0, 1], [0, 2]] *= 3.0
    y.sum().backward()
    assert x.grad.tolist() == [[3.0, 1.0, 1.0], [1.0, 1.0, 3.0]]


def test_of_two_values_for_one_place_the_last_counts_and_receives_the_gradient():
    x = leaf()
    value = ag.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x[0] * 1
    y[[1, 1, 0]] = value
    assert y.tolist() == [3.0, 2.0, 3.0]
    (y * ag.tensor([1.0, 10.0, 100.0])).sum().backward()
    assert value.grad.tolist() == [0.0, 10.0, 1.0]
    assert x.grad.tolist() == [[0.0, 0.0, 100.0], [0.0] * 3]


@pytest.mark.parametrize("shape", [(), (1,), (3,), (1, 3), (2, 3), (2, 1), (1, 2, 3), (1, 1, 1, 3)])
def test_values_broadcast_as_numpy_lets_them(shape):
    value = ag.tensor(np.ones(shape), requires_grad=True)
    y = leaf() * 1
    y[...] = value
    y.sum().backward()
    np.testing.assert_array_equal(value.grad.numpy(), np.full(shape, 6 / value.size))


def test_writes_are_differentiable_twice():
    x = ag.tensor([2.0, 3.0], requires_grad=True)
    y = x**3
    y[0] = x[1] ** 2 * x[0]
    g = ag.grad_of(y.sum(), x, create_graph=True)
    np.testing.assert_allclose(g.numpy(), [9.0, 3 * 9.0 + 2 * 3 * 2])
    np.testing.assert_allclose(ag.grad_of(g.sum(), x).numpy(), [6.0, 18.0 + 4.0 + 6.0])


def test_a_retained_gradient_is_that_of_the_last_value():
    x = leaf()
    y = (x * 2).retain_grad()
    y += 1.0
    (y * 3).sum().backward()
    assert y.grad.tolist() == [[3.0] * 3] * 2


def test_out_is_a_write():
    x = leaf()
    t = ag.tensor(np.zeros((2, 3)))
    assert np.multiply(x, 2.0, out=t) is t
    t.sum().backward()
    assert x.grad.tolist() == [[2.0] * 3] * 2
    with pytest.raises(ValueError, match=r"expected a target of shape \(2, 3\), received \(3,\)"):
        np.multiply(x, 2.0, out=ag.tensor(np.zeros(3)))


# ---------------------------------------------------------------- refusals


def in_place(t):
    t += 1.0


def element(t):
    t[0] = 1.0


@pytest.mark.parametrize("write", [in_place, element])
def test_a_leaf_outside_no_grad(write):
    with pytest.raises(ag.WriteError, match=r"leaf that requires a gradient.*ag\.no_grad\(\).*copy"):
        write(leaf())


@pytest.mark.parametrize("write", [in_place, element])
def test_a_leaf_inside_no_grad_is_written_in_memory(write):
    x = leaf()
    memory = x._value
    with ag.no_grad():
        write(x)
    assert x._value is memory
    assert x.requires_grad
    assert x.is_leaf


@pytest.mark.parametrize("write", [in_place, element])
def test_a_recorded_tensor_inside_no_grad(write):
    y = leaf() * 2
    with pytest.raises(ag.WriteError, match="recorded by op 'multiply'.*inside no_grad"), ag.no_grad():
        write(y)


def test_a_result_that_would_grow():
    y = ag.tensor([1.0], requires_grad=True) * 1
    with pytest.raises(ValueError, match=r"expected a result of shape \(1,\), received \(3,\); it cannot grow"):
        y += np.ones(3)
    t = ag.tensor([1.0])
    with pytest.raises(ValueError, match="broadcast"):
        t += np.ones(3)


@pytest.mark.parametrize(
    ("index", "error"),
    [(5, IndexError), ((0, 0, 0), IndexError), ("name", IndexError), (1.5, IndexError), ([[0], [1, 2]], ValueError)],
)
def test_wrong_indices(index, error):
    for t in (leaf(), ag.tensor(np.ones((2, 3)))):
        with pytest.raises(error):
            t[index]
    with pytest.raises(error):
        ag.tensor(np.ones((2, 3)))[index] = 1.0
    y = leaf() * 1
    with pytest.raises(error):
        y[index] = 1.0


def test_values_of_the_wrong_shape():
    y = leaf() * 1
    with pytest.raises(ValueError, match=r"set_at\(x: float64 \(2, 3\), value: float64 \(4,\)"):
        y[0] = np.ones(4)
