"""What crosses the border of a backward pass: hooks, retained gradients, and memory that nobody else has."""

import tracemalloc

import numpy as np
import pytest

import autograd as ag


def variable(*values, dtype=np.float64):
    return ag.tensor(values, dtype=dtype, requires_grad=True)


# ---------------------------------------------------------------- hooks and retained gradients


def test_hooks_run_in_order_and_replace():
    x = variable(1.0)
    y = x * 2
    seen = []
    y.register_hook(lambda g: seen.append(g.tolist()) or g * 10)
    handle = y.register_hook(lambda g: seen.append(g.tolist()))
    y.sum().backward(retain_graph=True)
    assert (seen, x.grad.tolist()) == ([[1.0], [10.0]], [20.0])
    handle.remove()
    handle.remove()
    y.sum().backward()
    assert len(seen) == 3


def test_a_hook_sees_a_read_only_plain_tensor():
    x = variable(1.0, 2.0)

    def scribble(gradient):
        assert not gradient.requires_grad
        gradient[0] = 5.0

    x.register_hook(scribble)
    with pytest.raises(ValueError, match="read-only"):
        (x * 2).sum().backward()


def test_a_hook_of_a_recorded_pass_sees_recorded_gradients():
    x = variable(3.0)
    y = x * 1
    handle = y.register_hook(lambda g: g * g)
    g = ag.grad_of((y**2).sum(), x, create_graph=True)
    assert g.tolist() == [36.0]
    handle.remove()
    assert ag.grad_of(g.sum(), x).tolist() == [24.0]


def test_a_hook_that_returns_another_shape():
    x = variable(1.0, 2.0)
    x.register_hook(lambda g: g.sum())
    with pytest.raises(ag.GradientError, match=r"hook .* wrong shape: expected \(2,\), received \(\)"):
        x.sum().backward()


def test_hooks_see_complex_gradients_in_the_convention_of_grad():
    z = ag.tensor([1 + 2j], requires_grad=True)
    seen = []
    z.register_hook(lambda g: seen.append(g.numpy().copy()))
    (ag.abs(z) ** 2).sum().backward()
    np.testing.assert_allclose(seen[0], z.grad.numpy())


def test_retain_grad():
    x = variable(1.0, 2.0)
    y = (x * 2).retain_grad()
    (y * y).sum().backward()
    assert y.grad.tolist() == [4.0, 8.0]
    assert x.grad.tolist() == [8.0, 16.0]


def test_retain_grad_and_hooks_need_a_gradient():
    with pytest.raises(ag.GradientError, match=r"retain_grad: .* requires no gradient.*requires_grad_"):
        ag.tensor([1.0]).retain_grad()
    with pytest.raises(ag.GradientError, match="register_hook"):
        ag.tensor([1.0]).register_hook(print)


# ---------------------------------------------------------------- nothing that leaves shares what stays


def test_recorded_gradients_are_tensors_of_their_own():
    x, z, v = variable(1.0, 2.0), variable(3.0, 4.0), variable(1.0, 1.0)
    (x + z).backward(v, create_graph=True)
    assert len({id(x.grad), id(z.grad), id(v)}) == 3
    x.grad *= 10.0
    assert (z.grad.tolist(), v.tolist()) == ([1.0, 1.0], [1.0, 1.0])
    first, second = ag.grad_of((x * x).sum(), [x, x], create_graph=True)
    assert first is not second


def test_a_plain_gradient_of_a_recorded_pass_is_writable():
    x = variable(1.0, 2.0)
    x.sum().backward(create_graph=True)
    x.grad *= 0.5
    assert x.grad.tolist() == [0.5, 0.5]


def test_what_a_hook_returns_or_keeps_is_not_written():
    kept, seen = np.array([5.0, 5.0]), []
    x, z = variable(1.0, 2.0), variable(1.0, 2.0)
    x.register_hook(lambda g: kept)
    z.register_hook(lambda g: seen.append(g))
    for _ in range(2):
        (x + x + z + z).sum().backward()
    assert (kept.tolist(), x.grad.tolist()) == ([5.0, 5.0], [10.0, 10.0])
    assert [each.tolist() for each in seen] == [[2.0, 2.0], [2.0, 2.0]]


def test_a_hook_that_writes_during_a_recorded_pass_changes_only_its_own():
    x, z = variable(1.0, 2.0), variable(1.0, 2.0)

    def double(g):
        g *= 2.0
        return g

    x.register_hook(double)
    v = variable(1.0, 1.0)
    gx, gz = ag.grad_of(x + z, [x, z], v, create_graph=True)
    assert (gx.tolist(), gz.tolist(), v.tolist()) == ([2.0, 2.0], [1.0, 1.0], [1.0, 1.0])


def test_keep_values_does_not_keep_gradients():
    x = ag.tensor(np.ones(1000), requires_grad=True)
    with ag.keep_values():
        y = x
        for _ in range(50):
            y = y * 1.01
        y = y.sum()
    tracemalloc.start()
    try:
        y.backward()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10 * 8000  # a handful of arrays of 1000 float64, not fifty


def test_a_thawed_leaf_is_the_one_that_older_graphs_know():
    p = variable(2.0)
    y = (p * p).sum()
    p.requires_grad_(False)
    assert not (p * 1).requires_grad
    p.requires_grad_()
    y.backward()
    assert p.grad.tolist() == [4.0]


def test_a_recorded_pass_inside_no_grad_is_recorded_to_its_border():
    """Complex gradients are conjugated where they enter and leave, and accumulated ones added: all of it recorded."""
    z = ag.tensor([1 + 2j, -0.5j], requires_grad=True)
    loss = (ag.abs(z) ** 4).sum()
    with ag.no_grad():
        g = ag.grad_of(loss, z, create_graph=True)
        loss.backward(create_graph=True)
        loss.backward(create_graph=True)
    np.testing.assert_allclose(g.numpy(), 4 * np.abs(z.numpy()) ** 2 * z.numpy())
    assert g.requires_grad
    assert z.grad.requires_grad
    np.testing.assert_allclose(z.grad.numpy(), 2 * g.numpy())
