"""Stamps: a rule that would read an overwritten value raises, exactly where it would."""

import numpy as np
import pytest

import autograd as ag


def variable(*values, dtype=np.float64):
    return ag.tensor(values, dtype=dtype, requires_grad=True)


# ---------------------------------------------------------------- overwritten values


def test_a_step_between_two_backwards_is_noticed():
    w = variable(1.0, 2.0)
    loss = (w * w).sum()
    loss.backward(retain_graph=True)
    with ag.no_grad():
        w -= 0.1 * w.grad
    with pytest.raises(ag.OverwrittenError, match=r"op 'multiply' saved an array.*written to since"):
        loss.backward()


def test_a_write_that_no_rule_reads_is_fine():
    w = variable(1.0, 2.0)
    loss = (w + 1).sum()
    with ag.no_grad():
        w[0] = 7.0
    loss.backward()
    assert w.grad.tolist() == [1.0, 1.0]


def test_a_write_before_the_reader_is_fine():
    w = variable(1.0, 2.0)
    with ag.no_grad():
        w[0] = 7.0
    (w * w).sum().backward()
    assert w.grad.tolist() == [14.0, 4.0]


@pytest.mark.parametrize("through", ["view", "detached", "array", "row of a recorded view"])
def test_a_write_through_shared_memory_is_noticed(through):
    w = ag.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    if through == "row of a recorded view":
        row = w[0]
        loss = (row * row).sum()
        target = w
    else:
        loss = (w * w).sum()
        with ag.no_grad():
            target = {"view": w[0], "detached": w.detach(), "array": ag.asarray(w._value)}[through]
    with ag.no_grad():
        target[...] = 9.0
    with pytest.raises(ag.OverwrittenError):
        loss.backward()


def test_a_write_to_other_elements_of_the_same_memory_is_fine():
    w = ag.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    row = w[0]
    loss = (row * row).sum()
    with ag.no_grad():
        w[1] = 9.0
    loss.backward()
    assert w.grad.tolist() == [[2.0, 4.0], [0.0, 0.0]]


def test_a_written_constant_is_noticed_and_named():
    x, c = variable(1.0, 2.0), ag.tensor([3.0, 4.0], name="scale")
    loss = (x * c).sum()
    c[0] = 5.0
    with pytest.raises(ag.OverwrittenError, match="'scale'"):
        loss.backward()


def test_a_zero_dimensional_leaf_is_never_read_overwritten():
    """NumPy scalars cannot be written: the op keeps the old value, and the gradient is that of the old value."""
    w = ag.tensor(3.0, requires_grad=True)
    loss = w * w
    with ag.no_grad():
        w -= 1.0
    loss.backward()
    assert (w.item(), w.grad.item()) == (2.0, 6.0)


# ---------------------------------------------------------------- what was written, exactly


def test_stamps_of_one_memory_do_not_run_together():
    memory = ag.tensor(np.arange(6.0))
    first, second, third = (memory[i : i + 2] for i in (0, 2, 4))
    x = variable(1.0, 1.0)
    first[...] = 1.0
    third[...] = 1.0
    loss = (x * second).sum()
    first[...] = 2.0
    third[0] = 2.0
    loss.backward()
    assert x.grad.tolist() == [2.0, 3.0]
    loss = (x * second).sum()
    second[1] = 9.0
    with pytest.raises(ag.OverwrittenError):
        loss.backward()


def test_very_many_stamps_run_together_rather_than_grow():
    from autograd.writes import _stamps

    memory = ag.tensor(np.zeros(1000))
    before = len(_stamps)
    for i in range(0, 1000, 2):
        memory[i] = 1.0
    assert len(_stamps) == before + 1
    assert max(map(len, _stamps.values())) <= 65
    del memory
    assert len(_stamps) == before


def test_a_write_under_a_strided_view_is_noticed():
    c = ag.asarray(np.arange(5.0))
    windows = np.lib.stride_tricks.sliding_window_view(c._value, 3)
    p = ag.tensor(np.ones((3, 3)), requires_grad=True)
    loss = (p * windows).sum()
    c[0] = 100.0
    with pytest.raises(ag.OverwrittenError):
        loss.backward()


def test_grad_of_names_its_own_arguments():
    x = variable(1.0, 2.0)
    with pytest.raises(ag.GradientError, match=r"grad_of\(outputs\)\[0\]: expected a tensor of one element.*cotangents="):
        ag.grad_of(x * 2, x)
    slope = ag.grad_of((x**3).sum(), x)
    with pytest.raises(ag.GradientError, match="a gradient is recorded only with create_graph=True"):
        ag.grad_of(slope.sum(), x)


def test_a_noted_write_is_noticed_where_it_was():
    memory = np.array([1.0, 2.0, 3.0, 4.0])
    x = ag.asarray(memory).requires_grad_()
    with ag.no_grad():
        left, right = x[:2], x[2:]
    first = (left.detach().requires_grad_() ** 2).sum()
    second = (right.detach().requires_grad_() ** 2).sum()
    memory[:2] = 0
    ag.note_write(memory[:2])
    second.backward()  # reads what nobody wrote to
    with pytest.raises(ag.OverwrittenError):
        first.backward()


def test_only_arrays_are_noted():
    with pytest.raises(TypeError, match="note_write: expected the NumPy array that was written to, received Tensor"):
        ag.note_write(ag.tensor([1.0]))
