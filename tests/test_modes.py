"""Modes: what they switch, that they nest, and that each thread has its own."""

import threading

import numpy as np
import pytest

import autograd as ag
from autograd.modes import thread


def variable():
    return ag.tensor([1.0, 2.0], requires_grad=True)


def test_no_grad_stops_recording_and_gives_the_old_mode_back():
    x = variable()
    with ag.no_grad():
        assert not ag.is_grad_enabled()
        assert not (x * 2).requires_grad
    assert ag.is_grad_enabled()
    assert (x * 2).requires_grad


def test_no_grad_ends_with_an_exception():
    with pytest.raises(KeyError), ag.no_grad():
        raise KeyError
    assert ag.is_grad_enabled()


def test_enable_grad_inside_no_grad():
    x = variable()
    with ag.no_grad(), ag.enable_grad():
        assert (x * 2).requires_grad
    assert ag.is_grad_enabled()


def test_as_decorators_also_of_recursive_functions():
    @ag.no_grad()
    def evaluate(x, depth):
        assert not (x * 2).requires_grad
        return evaluate(x, depth - 1) if depth else x * 2

    assert not evaluate(variable(), 3).requires_grad
    assert ag.is_grad_enabled()


def test_one_switch_entered_twice():
    switch = ag.no_grad()
    with switch:
        with switch:
            assert not ag.is_grad_enabled()
        assert not ag.is_grad_enabled()
    assert ag.is_grad_enabled()


def test_keep_values_keeps_value_and_line_of_the_user():
    x = variable()
    with ag.keep_values():
        y = x * 3
    assert y.node is not None
    notes = y.node.notes
    np.testing.assert_array_equal(notes.value, [3.0, 6.0])
    file, line = notes.source
    assert file == __file__
    with open(__file__) as text:
        assert text.readlines()[line - 1].strip() == "y = x * 3"
    np.testing.assert_array_equal(x.node.notes.value, [1.0, 2.0])
    assert (x * 3).node.notes is None


def test_keep_values_through_numpy_functions_and_several_outputs():
    x = ag.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    with ag.keep_values():
        first, second = np.split(np.tanh(x), 2)
    np.testing.assert_array_equal(first.node.notes.value, np.tanh([1.0, 2.0]))
    assert second.node.notes.source[0] == __file__


def test_scopes_nest_with_dots():
    x = variable()
    with ag.scope("encoder"):
        with ag.scope("attention"):
            assert (x * 2).node.scope == "encoder.attention"
        assert (x * 2).node.scope == "encoder"
    assert (x * 2).node.scope == ""


def test_modes_combine():
    x = variable()
    with ag.scope("a"), ag.keep_values(), ag.no_grad(), ag.enable_grad(), ag.scope("b"):
        y = x * 2
    assert (y.node.scope, y.node.notes.source[0]) == ("a.b", __file__)


def test_threads_do_not_see_each_others_modes():
    """One thread sits inside no_grad while another records, and both look at every step."""
    x = variable()
    steps = threading.Barrier(2, timeout=10)
    seen: dict[str, list[bool]] = {"inside": [], "outside": []}

    def inside():
        with ag.no_grad(), ag.scope("inside"):
            for _ in range(20):
                steps.wait()
                seen["inside"].append((x * 2).requires_grad)

    def outside():
        for _ in range(20):
            steps.wait()
            y = x * 2
            seen["outside"].append(y.requires_grad and y.node.scope == "")

    workers = [threading.Thread(target=each) for each in (inside, outside)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert seen == {"inside": [False] * 20, "outside": [True] * 20}


def test_a_new_thread_starts_with_the_default_mode():
    found = []
    with ag.no_grad(), ag.scope("parent"):
        worker = threading.Thread(target=lambda: found.append((thread.mode.grad, thread.mode.scope)))
        worker.start()
        worker.join()
    assert found == [(True, "")]


def test_one_switch_in_two_threads():
    switch, ready, go = ag.no_grad(), threading.Event(), threading.Event()
    found = []

    def other():
        with switch:
            ready.set()
            go.wait(10)
        found.append(ag.is_grad_enabled())

    worker = threading.Thread(target=other)
    worker.start()
    ready.wait(10)
    with ag.enable_grad(), switch:
        go.set()
        worker.join()
    assert (found, ag.is_grad_enabled()) == ([True], True)


def test_generators_and_coroutines_are_refused():
    def generator():
        yield 1

    async def coroutine():
        return 1

    for function in (generator, coroutine):
        with pytest.raises(TypeError, match="no_grad: a generator or coroutine function runs after"):
            ag.no_grad()(function)
