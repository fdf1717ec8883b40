"""The walk: what is freed, what stays, how long a chain may be, and what memory it takes."""

import gc
import tracemalloc
import weakref

import numpy as np
import pytest

import autograd as ag


def variable(*values, dtype=np.float64):
    return ag.tensor(values, dtype=dtype, requires_grad=True)


# ---------------------------------------------------------------- freeing


def test_backward_twice_names_retain_graph_and_the_op():
    x = variable(1.0)
    y = np.tanh(x).sum()
    y.backward()
    with pytest.raises(ag.FreedGraphError, match=r"op 'sum'.*retain_graph=True"):
        y.backward()
    assert x.grad.tolist() == pytest.approx([1 - np.tanh(1.0) ** 2])


def test_a_freed_output_names_its_op():
    first, _ = np.split(variable(1.0, 2.0), 2)
    y = first * 1
    y.sum().backward()
    with pytest.raises(ag.FreedGraphError, match="'split.0.'"):
        first.sum().backward()


def test_a_freed_node_raises_even_where_it_had_saved_nothing():
    x = variable(1.0)
    middle = x + 1
    (middle + 2).sum().backward()
    with pytest.raises(ag.FreedGraphError, match="'add'"):
        (middle * 2).sum().backward()


def test_retain_graph_keeps_everything():
    x = variable(3.0)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.tolist() == [12.0]


def test_saved_arrays_are_freed_and_the_structure_stays():
    x = variable(1.0, 2.0)
    y = np.exp(x)
    z = y.sum()
    kept = weakref.ref(y.node.saved[0])
    node = y.node
    del y
    assert kept() is not None
    z.backward()
    assert kept() is None
    assert (node.name, node.shape, node.dtype) == ("exp", (2,), np.float64)


def test_a_failed_pass_leaves_grad_untouched():
    @ag.op
    def failing(x):
        return x * 1

    def rule(g):
        raise ZeroDivisionError("planted")

    failing.vjp(x=rule)
    x, y = variable(1.0), variable(2.0)
    with pytest.raises(ZeroDivisionError, match="planted") as caught:
        (failing(x) + y).sum().backward()
    assert (x.grad, y.grad) == (None, None)
    assert any("gradient rule of op 'failing' for its input 'x'" in note for note in caught.value.__notes__)
    assert ag.is_grad_enabled()


# ---------------------------------------------------------------- memory and size


def test_no_cycles_the_graph_goes_with_its_last_tensor():
    gc.disable()
    try:
        x = variable(1.0, 2.0)
        y = np.tanh(x) * x
        node = weakref.ref(y.node)
        array = weakref.ref(y.node.saved[1])
        y.sum().backward()
        del y
        assert node() is None
        assert array() is None
    finally:
        gc.enable()


def test_a_thousand_training_steps_without_the_garbage_collector():
    rng = np.random.default_rng(0)
    data, target = rng.normal(size=(32, 8)), rng.normal(size=(32, 4))
    w = ag.tensor(rng.normal(size=(8, 4)), requires_grad=True)
    b = ag.tensor(np.zeros(4), requires_grad=True)

    def step():
        loss = ((np.tanh(data @ w + b) - target) ** 2).mean()
        loss.backward()
        with ag.no_grad():
            for each in (w, b):
                each -= 0.01 * each.grad
                each.grad = None

    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        for _ in range(10):
            step()
        after_10 = tracemalloc.get_traced_memory()[0]
        for _ in range(990):
            step()
        after_1000 = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        gc.enable()
    assert (after_1000 - after_10) / 990 < 50  # bytes a step: less than the smallest object; the rest is Python's free lists


@pytest.mark.parametrize("length", [100_000])
def test_long_chains_need_no_recursion(length):
    x = ag.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(length):
        y = y * 0.999999
    y.backward()
    assert x.grad.item() == pytest.approx(0.999999**length)
    del y


@pytest.mark.slow
def test_a_chain_of_a_million():
    test_long_chains_need_no_recursion(1_000_000)


def test_a_long_chain_differentiated_twice():
    x = ag.tensor(2.0, requires_grad=True)
    y = x * x
    for _ in range(20_000):
        y = y + 0.0
    g = ag.grad_of(y, x, create_graph=True)
    assert ag.grad_of(g, x).item() == 2.0


def test_the_leaf_of_a_dead_tensor_is_skipped():
    x = variable(1.0)
    y = (x * variable(2.0)).sum()  # the second leaf's tensor is gone
    y.backward()
    assert x.grad.tolist() == [2.0]


def test_a_rule_that_returns_an_array_in_a_recorded_pass():
    @ag.op
    def nothing(x):
        return x * 0.0

    nothing.vjp(x=lambda g, x: np.zeros(x.shape))
    x = np.array([1.0, 2.0])
    hessian = ag.hessian(lambda x: np.sum(x**3 + nothing(x) + nothing(x)))(x)
    np.testing.assert_array_equal(hessian, np.diag(6 * x))
