"""Hooks before and after a module's forward: what they are given, what they may change, and how they go."""

import copy
import pickle
from dataclasses import dataclass

import numpy as np
import pytest

import autograd as ag
import nn


class Affine(nn.Module):
    def __init__(self, factor=2.0):
        self.factor = nn.Parameter([factor])

    def forward(self, x, offset=0.0):
        return x * self.factor + offset


class Model(nn.Module):
    def __init__(self):
        self.layers = [Affine(), Affine(3.0)]

    def forward(self, x):
        return self.layers[1](self.layers[0](x), offset=1.0)


def test_a_forward_hook_sees_inputs_and_output():
    model, seen = Model(), []
    model.layers[0].register_forward_hook(lambda *given: seen.append(given))
    y = model([1.0])
    assert y.item() == 7
    module, inputs, output = seen[0]
    assert module is model.layers[0]
    assert inputs == ([1.0],)
    assert output.item() == 2
    assert output.node.scope == "layers.0"


def test_what_a_forward_hook_returns_is_the_output():
    model = Model()
    model.layers[0].register_forward_hook(lambda module, inputs, output: output * 10)
    model.register_forward_hook(lambda module, inputs, output: (output, output))
    first, second = model([1.0])
    assert first is second
    assert first.item() == 61
    first.backward()
    assert model.layers[0].factor.grad.item() == 30
    assert model.layers[0](1.0).item() == 20  # called by itself


@pytest.mark.parametrize("changed", [lambda x: x + 1, lambda x: (x + 1,)])
def test_what_a_pre_hook_returns_are_the_inputs(changed):
    model = Affine()
    model.register_forward_pre_hook(lambda module, inputs: changed(inputs[0]))
    assert model(ag.tensor([1.0]), offset=1.0).item() == 5


def test_hooks_with_keywords():
    model, seen = Model(), []
    layer = model.layers[1]
    layer.register_forward_pre_hook(lambda module, inputs, keywords: seen.append(keywords), with_kwargs=True)
    layer.register_forward_pre_hook(lambda module, inputs, keywords: (inputs, {"offset": 5.0}), with_kwargs=True)
    layer.register_forward_hook(lambda module, inputs, keywords, output: seen.append((keywords, output)), with_kwargs=True)
    assert model([1.0]).item() == 11
    assert seen[0] == {"offset": 1.0}
    assert seen[1][0] == {"offset": 5.0}
    assert seen[1][1].item() == 11


@pytest.mark.parametrize("returned", [1.0, (1.0, 2.0), ((1.0,),)])
def test_a_pre_hook_with_keywords_returns_both(returned):
    model = Affine()
    model.register_forward_pre_hook(lambda module, inputs, keywords: returned, with_kwargs=True)
    with pytest.raises(TypeError, match=r"Affine: expected None or \(inputs, keywords\), a tuple and a dict.*received"):
        model([1.0])


def test_hooks_run_in_the_order_of_registration_or_in_front():
    model, order = Affine(), []
    for register in (model.register_forward_pre_hook, model.register_forward_hook):
        register(lambda *given: order.append("a"))
        register(lambda *given: order.append("b"))
        register(lambda *given: order.append("c"), prepend=True)
    model([1.0])
    assert order == ["c", "a", "b"] * 2


def test_a_handle_removes_its_own_hook_only():
    model, calls = Affine(), []
    hook = lambda *given: calls.append(1)
    first = model.register_forward_hook(hook)
    first.remove()
    model.register_forward_hook(hook)
    first.remove()  # nothing, although the other one is the same function at the same place
    model([1.0])
    assert calls == [1]


def test_a_handle_is_a_context():
    model, calls = Affine(), []
    with model.register_forward_hook(lambda *given: calls.append(1)) as handle:
        model([1.0])
    model([1.0])
    handle.remove()
    assert calls == [1]


def test_a_hook_may_remove_itself_while_it_runs():
    model, calls = Affine(), []

    def once(*given):
        calls.append("once")
        handle.remove()

    handle = model.register_forward_hook(once)
    model.register_forward_hook(lambda *given: calls.append("always"))
    model([1.0])
    model([1.0])
    assert calls == ["once", "always", "always"]


def test_a_hook_registered_while_the_model_runs_is_called():
    class Registers(nn.Module):
        def __init__(self):
            self.layer = Affine()

        def forward(self, x):
            with self.layer.register_forward_hook(lambda module, inputs, output: -output):
                return self.layer(x)

    assert Registers()([1.0]).item() == -2


def test_forward_itself_runs_no_hooks():
    model = Affine()
    model.register_forward_hook(lambda module, inputs, output: None if output is None else 0)
    assert model.forward(ag.tensor([1.0])).item() == 2
    assert model(ag.tensor([1.0])) == 0


def double(module, inputs, output):
    return output * 2


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies_have_the_hooks_and_their_own_ones(copied):
    model = Affine()
    model.register_forward_hook(double)
    other = copied(model)
    other.register_forward_hook(double)
    assert model(1.0).item() == 4
    assert other(1.0).item() == 8


def test_hooks_are_no_members():
    model = Affine()
    model.register_forward_hook(double)
    assert list(model.state_dict()) == ["factor"]
    assert repr(model) == "Affine()"
    assert nn.functional_call(model, {"factor": ag.tensor([5.0])}, 1.0).item() == 10


def test_a_frozen_dataclass_takes_hooks():
    @dataclass(frozen=True)
    class Scale(nn.Module):
        factor: nn.Parameter

        def forward(self, x):
            return x * self.factor

    model = Scale(nn.Parameter([2.0]))
    model.register_forward_hook(double)
    assert model([1.0]).item() == 4


def test_the_gradient_of_a_layers_output_by_way_of_a_hook():
    model, gradients = Model(), []

    def watch(module, inputs, output):
        output.register_hook(lambda gradient: gradients.append(gradient.item()))

    model.layers[0].register_forward_hook(watch)
    model([1.0]).backward()
    assert gradients == [3]


@pytest.mark.parametrize("method", ["register_forward_hook", "register_forward_pre_hook"])
def test_a_hook_is_a_function(method):
    with pytest.raises(TypeError, match=f"{method}: expected a function, received int"):
        getattr(Affine(), method)(3)


def test_hooks_run_for_every_example_of_a_vmap_at_once():
    model, shapes = Affine(), []
    model.register_forward_hook(lambda module, inputs, output: shapes.append(output.shape))
    y = ag.vmap(model)(np.ones((4, 3)))
    assert y.shape == (4, 3)
    assert shapes == [(3,)]


def doubled(module, inputs):
    return [2 * each for each in inputs]


def test_a_list_from_a_pre_hook_is_a_tuple_forgotten():
    model = Affine()
    model.register_forward_pre_hook(doubled)
    with pytest.raises(TypeError, match=r"^Affine: expected None, a tuple .*_hook doubled, received a list; return tuple"):
        model(ag.tensor([1.0]))


def test_a_list_from_a_pre_hook_takes_the_place_of_a_list():
    class Total(nn.Module):
        def forward(self, several):
            return sum(several)

    model = Total()
    model.register_forward_pre_hook(lambda module, inputs: [*inputs[0], 10])
    assert model([1, 2]) == 13
