"""Containers: lists and dicts of modules and parameters, their names, and what they refuse."""

import copy
import operator
import pickle
from collections import OrderedDict

import numpy as np
import pytest

import autograd as ag
import nn


class Model(nn.Module):
    pass


ERRORS = [
    (
        lambda: nn.Sequential(nn.ReLU(), np.tanh),
        TypeError,
        r"Sequential: expected modules, received ufunc as '1'; write nn.Tanh\(\)",
    ),
    (lambda: nn.Sequential(nn.functional.relu), TypeError, r"received function as '0'; write nn.ReLU\(\)"),
    (lambda: nn.Sequential(ag.softmax), TypeError, r"as '0'; write nn.Softmax\(dim\)"),
    (lambda: nn.Sequential(np.sin), TypeError, "received ufunc as '0'; write a Module whose forward calls it"),
    (lambda: nn.Sequential(nn.ReLU), TypeError, r"received the class ReLU as '0'; write nn.ReLU\(\)"),
    (lambda: nn.Sequential(Model), TypeError, r"received the class Model as '0'; write Model\(\)"),
    (
        lambda: nn.Sequential(nn.ReLU())["0"],
        TypeError,
        r"expected a number or a slice as index, received '0'; .*getattr\(model, '0'\)",
    ),
    (lambda: nn.Sequential(nn.ReLU())[0.5], TypeError, "expected a number or a slice as index, received 0.5"),
    (
        lambda: operator.setitem(nn.Sequential(nn.ReLU()), slice(0, 1), nn.Tanh()),
        TypeError,
        "Sequential: expected the number of one member to replace, received a slice; replace one at a time",
    ),
    (lambda: operator.delitem(nn.Sequential(nn.ReLU()), 1), IndexError, "expected an index from -1 to 0; received 1"),
    (lambda: nn.Sequential().pop(), IndexError, "expected an index of what it holds, which is nothing; received -1"),
    (lambda: nn.Sequential().insert(0, np.tanh), TypeError, r"expected modules, received ufunc as 0; write nn.Tanh\(\)"),
    (lambda: nn.Sequential([nn.ReLU()]), TypeError, r"received list as '0'; write Sequential\(\*layers\)"),
    (
        lambda: nn.Sequential({"forward": nn.ReLU()}),
        ValueError,
        "expected a name without dots that is no attribute of Sequential, received 'forward'",
    ),
    (lambda: nn.Sequential({"a.b": nn.ReLU()}), ValueError, "received 'a.b'"),
    (lambda: nn.Sequential({"": nn.ReLU()}), ValueError, "received ''"),
    (lambda: nn.Sequential({1: nn.ReLU()}), ValueError, "received 1"),
    (lambda: nn.Sequential(nn.ReLU())[1], IndexError, "Sequential: expected an index from -1 to 0; received 1"),
    (lambda: nn.Sequential().append(3), TypeError, "expected modules, received int"),
    (lambda: nn.ModuleList([nn.ReLU(), np.tanh]), TypeError, r"ModuleList: expected modules, .* as '1'; write nn.Tanh\(\)"),
    (lambda: nn.ModuleList(nn.ReLU()), TypeError, r"expected several members, received one ReLU; write ModuleList\(\[...\]\)"),
    (lambda: nn.ModuleList()(1.0), NotImplementedError, "ModuleList is not called itself; call its members"),
    (lambda: nn.ModuleDict({"a": nn.ReLU()})(1.0), NotImplementedError, "ModuleDict is not called itself"),
    (lambda: nn.ModuleDict({"a": 3}), TypeError, "ModuleDict: expected modules, received int as 'a'"),
    (lambda: nn.ModuleDict({"keys": nn.ReLU()}), ValueError, "that is no attribute of ModuleDict, received 'keys'"),
    (lambda: nn.ModuleDict({"a": nn.ReLU()})["b"], KeyError, "ModuleDict: expected one of a; received 'b'"),
    (lambda: operator.delitem(nn.ModuleDict(), "training"), KeyError, "expected one of no names; received 'training'"),
    (lambda: nn.ModuleDict().popitem(), KeyError, "popitem of an empty container"),
    (lambda: nn.ParameterList(nn.Parameter([1.0, 2.0])), TypeError, "expected several members, received one Parameter"),
    (lambda: nn.ParameterList([np.ones(2)])["0"], TypeError, "expected a number or a slice as index, received '0'"),
    (lambda: nn.ParameterDict({"a.b": [1.0]}), ValueError, "expected a name without dots .* received 'a.b'"),
    (lambda: nn.ParameterList([np.arange(3)]), TypeError, "int64"),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS)
def test_bad_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()


# ---------------------------------------------------------------- Sequential


def test_sequential_is_a_sequence():
    a, b, c = nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)
    model = nn.Sequential(a, b, c)
    assert len(model) == 3
    assert list(model) == [a, b, c]
    assert model[0] is a
    assert model[-1] is c
    assert model[np.int64(1)] is b
    tail = model[1:]
    assert isinstance(tail, nn.Sequential)
    assert [name for name, _ in tail.named_parameters()] == ["2.weight", "2.bias"]
    x = np.ones((4, 2))
    np.testing.assert_array_equal(model(x).numpy(), tail(a(x)).numpy())
    d = nn.Linear(1, 1)
    assert model.append(d) is model
    assert model[3] is d
    model[1] = nn.Tanh()
    assert isinstance(model[1], nn.Tanh)
    assert [name for name, _ in model.named_children()] == ["0", "1", "2", "3"]
    assert tail.append(nn.ReLU()).named_members()[-1][0] == "3"


def test_sequential_of_names():
    layers = OrderedDict(hidden=nn.Linear(2, 3), act=nn.ReLU())
    model = nn.Sequential(layers)
    assert model.hidden is layers["hidden"]
    assert list(model.state_dict()) == ["hidden.weight", "hidden.bias"]
    assert model(np.ones(2)).node.scope == "act"


def test_sequential_uses_a_shared_module_twice():
    shared = nn.Linear(2, 2)
    model = nn.Sequential(shared, nn.Tanh(), shared)
    assert len(model) == 3
    assert [name for name, _ in model.named_parameters()] == ["0.weight", "0.bias"]
    x = np.ones((1, 2))
    np.testing.assert_array_equal(model(x).numpy(), shared(np.tanh(shared(x))).numpy())
    assert repr(model).count("Linear") == 2


def test_an_empty_sequential_is_the_identity():
    assert nn.Sequential()(3.0) == 3.0
    assert repr(nn.Sequential()) == "Sequential()"


def test_a_sequential_changes_like_a_list_and_its_numbers_follow():
    a, b, c, d = nn.Linear(2, 2), nn.ReLU(), nn.Tanh(), nn.Linear(2, 2)
    model = nn.Sequential(a, b)
    model.insert(1, c)
    assert model.extend([d]) is model
    assert list(model) == [a, c, b, d]
    assert list(model.state_dict()) == ["0.weight", "0.bias", "3.weight", "3.bias"]
    assert model.pop(0) is a
    assert list(model.state_dict()) == ["2.weight", "2.bias"]
    del model[:2]
    assert [name for name, _ in model.named_members()] == ["0"]
    model += [b]
    longer = model + nn.Sequential(a, c)
    assert list(longer) == [d, b, a, c]
    assert [name for name, _ in longer.named_members()] == ["0", "1", "2", "3"]
    assert list(model) == [d, b]
    assert model(np.ones((1, 2))).node.scope == "1"


def test_names_that_are_no_numbers_stay():
    model = nn.Sequential({"hidden": nn.Linear(2, 3), "act": nn.ReLU(), "out": nn.Linear(3, 1)})
    model.insert(1, nn.Tanh())
    assert [name for name, _ in model.named_members()] == ["hidden", "1", "act", "out"]
    del model[0]
    assert [name for name, _ in model.named_members()] == ["0", "act", "out"]


# ---------------------------------------------------------------- ModuleList


def test_a_module_list_is_a_list():
    a, b, c = nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2, bias=False)
    modules = nn.ModuleList([a])
    assert modules.append(b) is modules
    assert modules.extend(nn.Sequential(c)) is modules
    assert list(modules) == [a, b, c]
    assert len(modules) == 3
    assert modules[-1] is c
    assert c in modules
    assert nn.Tanh() not in modules
    tail = modules[1:]
    assert isinstance(tail, nn.ModuleList)
    assert list(tail.state_dict()) == ["1.weight"]
    assert list(modules + tail) == [a, b, c, b, c]
    modules[0] = b
    assert [name for name, _ in modules.named_members()] == ["0", "1", "2"]
    assert list(modules) == [b, b, c]
    assert list(reversed(modules)) == [c, b, b]
    assert list(nn.ModuleList()) == list(nn.ModuleList(None)) == []


class Network(nn.Module):
    def __init__(self):
        self.layers = nn.ModuleList([nn.Linear(3, 3) for _ in range(2)])
        self.heads = nn.ModuleDict({"a": nn.Linear(3, 1), "b": nn.Linear(3, 2)})
        self.scales = nn.ParameterList([np.ones(3), nn.Parameter([2.0])])
        self.offsets = nn.ParameterDict({"a": [0.0], "b": [1.0, 1.0]})

    def forward(self, x, head="a"):
        for layer, scale in zip(self.layers, self.scales, strict=True):
            x = layer(x) * scale
        return self.heads[head](x) + self.offsets[head]


def test_paths_and_scopes_go_through_containers():
    model = Network().astype(np.float64)
    assert list(model.state_dict()) == [
        "layers.0.weight",
        "layers.0.bias",
        "layers.1.weight",
        "layers.1.bias",
        "heads.a.weight",
        "heads.a.bias",
        "heads.b.weight",
        "heads.b.bias",
        "scales.0",
        "scales.1",
        "offsets.a",
        "offsets.b",
    ]
    y = model(np.ones((1, 3)))
    assert y.node.inputs[0].scope == "heads.a"
    y.sum().backward()
    assert [name for name, each in model.named_parameters() if each.grad is None] == [
        "heads.b.weight",
        "heads.b.bias",
        "offsets.b",
    ]


def test_parameters_in_containers_are_replaced_for_a_call():
    model, x = Network().astype(np.float64), np.ones((1, 3))
    values = {name: ag.tensor(each * 2) for name, each in model.state_dict().items()}
    found = nn.functional_call(model, values, x, head="b")
    other = Network().astype(np.float64)
    other.load_state_dict(values)
    np.testing.assert_array_equal(found.numpy(), other(x, head="b").numpy())
    assert all(isinstance(each, nn.Parameter) for each in (*model.scales, *model.offsets.values()))


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_containers_are_copied(copied):
    model = Network().astype(np.float64)
    other = copied(model)
    x = np.ones((1, 3))
    np.testing.assert_array_equal(other(x).numpy(), model(x).numpy())
    other.layers.append(nn.Tanh())
    assert len(model.layers) == 2


# ---------------------------------------------------------------- ModuleDict


def test_a_module_dict_is_a_dict():
    a, b, c = nn.ReLU(), nn.Tanh(), nn.Sigmoid()
    modules = nn.ModuleDict({"a": a, "b": b})
    assert list(modules) == list(modules.keys()) == ["a", "b"]
    assert list(modules.values()) == [a, b]
    assert list(modules.items()) == [("a", a), ("b", b)]
    assert "a" in modules
    assert "training" not in modules
    modules.update([("b", c), ("c", b)])
    assert list(modules.values()) == [a, c, b]
    assert modules.pop("b") is c
    assert modules.get("b") is None
    del modules["a"]
    assert dict(modules) == {"c": b}
    assert modules.c is b
    modules.clear()
    assert len(modules) == 0
    assert list(nn.ModuleDict([("a", a)])) == ["a"]
    assert nn.ModuleDict({"a": a}) != nn.ModuleDict({"a": a})  # modules are the same only as objects
    assert {modules: 1}[modules] == 1


# ---------------------------------------------------------------- ParameterList and ParameterDict


def test_a_parameter_list_makes_parameters():
    own = nn.Parameter([1.0])
    parameters = nn.ParameterList([own, np.zeros(2, np.float32), ag.tensor([3.0, 4.0])])
    assert parameters[0] is own
    assert all(type(each) is nn.Parameter and each.requires_grad for each in parameters)
    assert [each.dtype for each in parameters] == [np.float64, np.float32, np.float64]
    assert own in parameters
    assert nn.Parameter([1.0]) not in parameters
    assert parameters.pop(0) is own
    parameters.insert(0, [5.0])
    assert [each.tolist() for each in parameters[:2]] == [[5], [0, 0]]
    assert list(parameters.state_dict()) == ["0", "1", "2"]
    parameters[0] = [[7.0]]
    assert repr(parameters) == "ParameterList(0: float64 (1, 1), 1: float32 (2,), 2: float64 (2,))"


def test_a_parameter_dict_makes_parameters():
    parameters = nn.ParameterDict({"a": np.ones(2)})
    parameters["b"] = ag.tensor([1.0])
    assert parameters.setdefault("c", [2.0]) is parameters["c"]
    assert list(parameters.state_dict()) == ["a", "b", "c"]
    assert parameters.popitem()[0] == "c"
    assert repr(parameters) == "ParameterDict(a: float64 (2,), b: float64 (1,))"
