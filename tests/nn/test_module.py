"""Modules: what counts and under which name, scopes of calls, saving, copying, printing."""

import copy
import gc
import pickle
import threading
import weakref
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import autograd as ag
import nn


class Scale(nn.Module):
    """One parameter, with no call of ``super().__init__()``."""

    def __init__(self, value=1.0):
        self.weight = nn.Parameter(np.array([value]))

    def forward(self, x):
        return x * self.weight


class Everything(nn.Module):
    """Members in all places where they count, and tensors in places of the user's own."""

    def __init__(self):
        self.first = nn.Parameter([1.0])
        self.layers = [Scale(), (Scale(), {"deep": Scale(), 7: [nn.Parameter([2.0])]})]
        self.mean = nn.Buffer([0.0])
        self.own = ag.tensor([1.0], requires_grad=True)
        self.array = np.ones(3)
        self.count = 3
        self.last = Scale()
        self.again = self.last
        self.also = [self.first, self.mean]
        self.nothing = None

    def forward(self, x):
        x = self.layers[0](x)
        x = self.layers[1][0](x)
        x = self.layers[1][1]["deep"](x)
        return self.again(x) + self.last(x) * self.first


NAMES = [
    "first",
    "layers.0.weight",
    "layers.1.0.weight",
    "layers.1.1.deep.weight",
    "layers.1.1.7.0",
    "last.weight",
]


# ---------------------------------------------------------------- what counts


def test_parameters_count_once_in_order_of_definition():
    model = Everything()
    assert [name for name, _ in model.named_parameters()] == NAMES
    assert [id(each) for each in model.parameters()] == [id(each) for _, each in model.named_parameters()]
    assert next(map(id, model.parameters())) == id(model.first)


def test_buffers_modules_and_children():
    model = Everything()
    assert [name for name, _ in model.named_buffers()] == ["mean"]
    assert next(model.buffers()) is model.mean
    paths = ["", "layers.0", "layers.1.0", "layers.1.1.deep", "last"]
    assert [name for name, _ in model.named_modules()] == paths
    assert next(model.modules()) is model
    assert [name for name, _ in model.named_children()] == paths[1:]
    assert list(model.children()) == list(model.modules())[1:]


def test_children_are_direct():
    model = nn.Sequential(nn.Sequential(Scale()), Scale())
    assert [name for name, _ in model.named_children()] == ["0", "1"]


def test_cycles_of_modules_and_lists_end():
    model, child = Scale(), Scale()
    model.child, child.parent = child, model
    model.list = [child]
    model.list.append(model.list)
    assert [name for name, _ in model.named_parameters()] == ["weight", "child.weight"]
    assert repr(model) == "Scale(\n  (child): Scale(\n    (parent): ...\n  )\n  (list.0): Scale(\n    (parent): ...\n  )\n)"
    assert model([1.0]).item() == 1


def test_parameters_keep_the_dtype_that_they_are_given_and_copy():
    array = np.ones(2, np.float32)
    parameter = nn.Parameter(array)
    array[0] = 5
    assert parameter.dtype == np.float32
    assert parameter.tolist() == [1, 1]
    assert nn.Parameter([1.0]).dtype == np.float64
    assert nn.Parameter([1], np.float32).dtype == np.float32
    assert nn.Parameter(ag.tensor([1.0])).requires_grad
    assert not nn.Parameter([1.0], requires_grad=False).requires_grad
    assert nn.Parameter([1.0], name="w").name == "w"
    assert not nn.Buffer([1.0]).requires_grad
    assert nn.Buffer([1], name="n").name == "n"


def test_results_of_ops_on_parameters_are_tensors_and_do_not_count():
    model = Scale()
    model.doubled = model.weight * 2
    assert type(model.doubled) is ag.Tensor
    assert [name for name, _ in model.named_parameters()] == ["weight"]


def test_a_module_without_forward():
    with pytest.raises(NotImplementedError, match=r"Module has no forward; define `def forward\(self, x\)"):
        nn.Module()(1)


def test_dataclasses_are_modules_too():
    @dataclass
    class Line(nn.Module):
        slope: Any
        steps: list

        def forward(self, x):
            for step in self.steps:
                x = step(x)
            return self.slope * x

    line = Line(nn.Parameter([2.0]), [Scale(3.0)])
    y = line([1.0])
    assert y.item() == 6
    assert [name for name, _ in line.named_parameters()] == ["slope", "steps.0.weight"]
    assert y.node.inputs[1].scope == "steps.0"


@pytest.mark.parametrize("value", [np.ones(1), 1.0, ag.tensor([1.0]), nn.Buffer([1.0]), [nn.Parameter([1.0])]])
def test_a_parameter_is_not_lost_by_assigning_over_it(value):
    model = Scale()
    before = model.weight
    with pytest.raises(
        TypeError,
        match=r"Scale: weight is a Parameter; to change its value write `with ag.no_grad\(\): module.weight\[...\] = value`, "
        rf"to replace it assign nn.Parameter\(value\); received {type(value).__name__}",
    ):
        model.weight = value
    assert model.weight is before


def test_what_a_parameter_can_be_replaced_by():
    model = Scale()
    before = model.weight
    with ag.no_grad():
        model.weight -= 0.5
    assert model.weight is before
    assert before.tolist() == [0.5]
    model.weight = nn.Parameter([3.0])
    assert model.weight.tolist() == [3]
    model.weight = None
    model.weight = 3.0  # nothing is there to lose
    assert list(model.parameters()) == []


def test_a_step_written_by_hand_is_refused():
    model = Scale()
    model([1.0]).backward()
    with pytest.raises(TypeError, match="weight is a Parameter"):
        model.weight = model.weight - 0.1 * model.weight.grad
    assert [name for name, _ in model.named_parameters()] == ["weight"]


def test_a_frozen_dataclass():
    @dataclass(frozen=True)
    class Line(nn.Module):
        slope: nn.Parameter
        steps: tuple

        def forward(self, x):
            return self.slope * self.steps[0](x)

    line = Line(nn.Parameter([2.0]), (Scale(3.0),))
    assert line([1.0]).tolist() == [6]
    assert scopes(line([1.0])) == [("multiply", ""), ("multiply", "steps.0")]
    assert not line.eval().training
    with pytest.raises(AttributeError):
        line.slope = nn.Parameter([1.0])


def test_a_module_with_its_own_setattr():
    class Recording(nn.Module):
        def __init__(self):
            vars(self)["names"] = []
            self.weight = nn.Parameter([2.0])

        def __setattr__(self, name, value):
            self.names.append(name)
            super().__setattr__(name, value)

        def forward(self, x):
            return self.weight * x

    model = Recording()
    assert model([3.0]).tolist() == [6]
    assert nn.functional_call(model, {"weight": ag.tensor([1.0])}, [3.0]).tolist() == [3]
    assert model.names == ["weight"]


@pytest.mark.parametrize("kind", [set, frozenset, deque])
@pytest.mark.parametrize("member", [nn.ReLU, lambda: nn.Parameter([1.0])])
def test_parameters_and_modules_in_sets_and_deques_are_refused(kind, member):
    model = Scale()
    model.inner = [Scale()]
    model.inner[0].more = kind([member()])
    with pytest.raises(TypeError, match=rf"Scale: inner\.0\.more is a {kind.__name__}, which is not looked into; use a list"):
        list(model.parameters())
    model.inner[0].more = kind([1, 2])  # what does not count may be anywhere
    model.empty = kind()
    assert [name for name, _ in model.named_parameters()] == ["weight", "inner.0.weight"]


def test_own_members_only_and_prefixes():
    model = Everything()
    own = [name for name, _ in model.named_parameters(recurse=False)]
    assert own == ["first", "layers.1.1.7.0"]  # lists and dicts are looked into, modules are not
    assert list(map(id, model.parameters(recurse=False))) == [id(model.first), id(model.layers[1][1][7][0])]
    model.last.count = nn.Buffer(1)
    assert [name for name, _ in model.named_buffers("model")] == ["model.mean", "model.last.count"]
    assert [each.item() for each in model.buffers(recurse=False)] == [0]


def test_members_by_path():
    model = Everything()
    assert model.get_submodule("") is model
    assert model.get_submodule("layers.1.1.deep") is model.layers[1][1]["deep"]
    assert model.get_submodule("again") is model.last
    assert model.get_parameter("layers.1.1.7.0") is model.layers[1][1][7][0]
    assert model.get_parameter("again.weight") is model.last.weight
    assert model.get_buffer("mean") is model.mean
    for method, target, message in [
        ("get_submodule", "layers.2", r"Everything has no Module at 'layers\.2'; it has layers\.0, layers\.1\.0, "),
        ("get_submodule", "first", "Everything has no Module at 'first'"),
        ("get_submodule", "layers", "Everything has no Module at 'layers'"),
        ("get_parameter", "mean", "Everything has no Parameter at 'mean'; it has first, "),
        ("get_buffer", "own", "Everything has no Buffer at 'own'; it has mean"),
    ]:
        with pytest.raises(AttributeError, match=message):
            getattr(model, method)(target)
    with pytest.raises(AttributeError, match="it has none"):
        Scale().get_buffer("x")
    many = nn.Sequential(*[Scale() for _ in range(12)])
    with pytest.raises(AttributeError, match=r"it has 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, \.\.\.$"):
        many.get_submodule("12")


def test_pytorchs_spellings_of_an_assignment():
    model, weight = nn.Module(), nn.Parameter([1.0])
    model.register_parameter("weight", weight)
    model.register_parameter("bias", None)
    model.register_buffer("mean", np.zeros(2))
    model.register_buffer("table", ag.tensor([1.0]), persistent=False)
    model.register_buffer("none", None)
    model.add_module("0", Scale())
    model.add_module("nothing", None)
    assert model.weight is weight
    assert model.bias is model.none is model.nothing is None
    assert list(model.state_dict()) == ["weight", "mean", "0.weight"]
    assert [name for name, _ in model.named_buffers()] == ["mean", "table"]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda m: m.register_parameter("w", np.ones(2)), TypeError, "expected nn.Parameter or None as 'w', received ndarray"),
        (lambda m: m.register_parameter("a.w", None), ValueError, "expected a name without dots .* received 'a.w'"),
        (lambda m: m.register_buffer("forward", [1.0]), ValueError, "that is no attribute of Module, received 'forward'"),
        (lambda m: m.register_buffer("", [1.0]), ValueError, "register_buffer: expected a name"),
        (lambda m: m.register_buffer("weight", [1.0]), TypeError, "weight is a Parameter"),
        (lambda m: m.add_module(0, Scale()), ValueError, "add_module: expected a name .* received 0"),
        (lambda m: m.add_module("act", np.tanh), TypeError, "expected a module or None as 'act', received ufunc"),
    ],
)
def test_pytorchs_spellings_refuse(call, error, message):
    with pytest.raises(error, match=message):
        call(Scale())


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("to", r"model\.astype\(dtype\)"),
        ("double", r"model\.astype\(np\.float64\)"),
        ("cuda", "main memory"),
        ("_modules", "named_children"),
    ],
)
def test_methods_of_pytorch_are_answered_with_our_spelling(name, ours):
    with pytest.raises(AttributeError, match=f"Scale has no attribute '{name}'; write .*{ours}"):
        getattr(Scale(), name)


def test_names_of_pytorchs_methods_are_free():
    @dataclass
    class Model(nn.Module):
        type: str
        half: Any = None

        def to(self, dtype):
            return dtype

    model = Model("linear")
    assert not hasattr(model, "cuda")
    assert model.to(3) == 3
    assert (model.type, model.half) == ("linear", None)
    model.float = nn.Parameter([1.0])
    assert list(model.state_dict()) == ["float"]
    assert nn.Sequential({"type": Scale()}).type is not None


# ---------------------------------------------------------------- changing all of it


def test_train_and_eval_reach_every_module():
    model = Everything()
    assert model.training
    assert model.eval() is model
    assert [each.training for each in model.modules()] == [False] * 5
    assert model.train() is model
    assert all(each.training for each in model.modules())


def test_apply_goes_through_children_first_and_each_once():
    model = Everything()
    seen = []
    assert model.apply(seen.append) is model
    assert list(map(id, seen)) == list(map(id, [*model.children(), model]))
    nested = nn.Sequential(nn.Sequential(Scale()), Scale())
    seen.clear()
    nested.apply(seen.append)
    assert list(map(id, seen)) == list(map(id, [nested[0][0], nested[0], nested[1], nested]))
    nested[0].parent = nested  # a cycle ends
    nested.apply(lambda module: None)


def test_requires_grad_freezes_and_thaws():
    model = Everything()
    assert model.requires_grad_(False) is model
    assert not any(each.requires_grad for each in model.parameters())
    assert not model([1.0]).requires_grad
    assert all(each.requires_grad for each in model.requires_grad_().parameters())


def test_zero_grad():
    model = Scale()
    model([2.0]).backward()
    model.zero_grad(set_to_none=False)
    assert model.weight.grad.tolist() == [0]
    model([2.0]).backward()
    assert model.weight.grad.tolist() == [2]
    model.zero_grad()
    assert model.weight.grad is None
    model.zero_grad(set_to_none=False)
    assert model.weight.grad is None


def test_astype_converts_floating_members_and_gradients_in_place():
    model = Everything()
    model.count_of_batches = nn.Buffer(3)
    model.frozen = nn.Parameter(1.0, requires_grad=False)
    model([1.0]).backward()
    before = list(model.parameters())
    assert model.astype(np.float32) is model
    assert all(now is then for now, then in zip(model.parameters(), before, strict=True))
    assert {each.dtype.name for each in [*model.parameters(), model.mean]} == {"float32"}
    assert model.count_of_batches.dtype == np.int64
    assert model.own.dtype == np.float64
    assert model.first.grad.dtype == np.float32
    assert not model.frozen.requires_grad
    assert model.first.name == "first"
    model.zero_grad()
    out = model(np.ones(1, np.float32))
    assert out.dtype == np.float32
    out.backward()
    assert model.first.grad.dtype == np.float32


def test_astype_leaves_graphs_that_were_recorded_before():
    model = Scale(3.0)
    y = model(ag.tensor([2.0], requires_grad=True))
    model.astype(np.float32)
    y.backward()
    assert model.weight.grad is None  # the graph ends at the old place of the parameter


@pytest.mark.parametrize("dtype", [int, complex, bool])
def test_astype_wants_a_floating_dtype(dtype):
    with pytest.raises(TypeError, match=r"expected a floating dtype such as np\.float32, received"):
        Scale().astype(dtype)


# ---------------------------------------------------------------- scopes and names


def scopes(tensor):
    """Name and scope of each op above ``tensor``, newest first."""
    found, stack = [], [tensor.node]
    while stack:
        node = stack.pop()
        if node.op is not None:
            found.append((node.name, node.scope))
            stack.extend(each for each in reversed(node.inputs) if hasattr(each, "op"))
    return found


class Inner(nn.Module):
    def __init__(self):
        self.scale = Scale()

    def forward(self, x):
        return self.scale(x) + 1


class Outer(nn.Module):
    def __init__(self):
        self.inner = Inner()
        self.steps = [Scale()]

    def forward(self, x):
        return -self.steps[0](self.inner(x))


def test_nodes_carry_the_path_of_the_module_that_ran():
    assert scopes(Outer()([1.0])) == [
        ("negative", ""),
        ("multiply", "steps.0"),
        ("add", "inner"),
        ("multiply", "inner.scale"),
    ]


def test_a_direct_call_of_a_grandchild_gets_its_whole_path():
    class Direct(Outer):
        def forward(self, x):
            return self.inner.scale(x)

    assert scopes(Direct()([1.0])) == [("multiply", "inner.scale")]


def test_a_scope_of_the_users_comes_in_front():
    with ag.scope("student"):
        y = Outer()([1.0])
    assert [scope for _, scope in scopes(y)] == ["student", "student.steps.0", "student.inner", "student.inner.scale"]
    assert (y * 1).node.scope == ""


def test_a_shared_module_has_its_first_path():
    model = Everything()
    assert [scope for name, scope in scopes(model([1.0])) if name == "multiply"] == [
        *("last", "layers.1.1.deep", "layers.1.0", "layers.0"),
        *("", "last", "layers.1.1.deep", "layers.1.0", "layers.0"),
    ]


def test_a_module_from_elsewhere_is_outermost_on_its_own():
    other = Outer()

    class Uses(nn.Module):
        def __init__(self):
            self.child = Caller()

        def forward(self, x):
            return self.child(x)

    class Caller(nn.Module):
        def forward(self, x):
            return other(x)

    y = Uses()([1.0])
    assert [scope for _, scope in scopes(y)] == ["child", "child.steps.0", "child.inner", "child.inner.scale"]


def test_a_module_that_calls_itself():
    class Twice(Scale):
        def forward(self, x, again=True):
            return self(x, again=False) if again else super().forward(x)

    assert scopes(Twice()([1.0])) == [("multiply", "")]


CHANGES = {  # a change, and the path of the last step after it
    "append": (lambda model: model.steps.append(Scale()), "steps.2"),
    "insert": (lambda model: model.steps.insert(0, Scale()), "steps.2"),
    "pop": (lambda model: model.steps.pop(0), "steps.0"),
    "replace": (lambda model: model.steps.__setitem__(1, Scale()), "steps.1"),
    "attribute": (lambda model: setattr(model, "steps", {"a": model.steps[0], "b": model.steps[1]}), "steps.b"),
    "rename": (lambda model: vars(model).update(again=vars(model).pop("steps")), "again.1"),
    "parameter": (lambda model: setattr(model.steps[1], "weight", nn.Parameter([2.0])), "steps.1"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_paths_follow_changes_of_the_structure(change):
    class CallsTheLast(nn.Module):
        def __init__(self):
            self.steps = [Scale(), Scale()]

        def last(self):
            return list(self.children())[-1]

        def forward(self, x):
            return self.last()(x)

    model = CallsTheLast()
    assert scopes(model([1.0])) == [("multiply", "steps.1")]
    alter, expected = CHANGES[change]
    alter(model)
    assert scopes(model([1.0])) == [("multiply", expected)]
    assert model.last().weight.name == f"{expected}.weight"


def test_a_module_made_during_the_call_gets_its_path():
    class Lazy(nn.Module):
        def forward(self, x):
            self.layer = Scale()
            return self.layer(x)

    assert scopes(Lazy()([1.0])) == [("multiply", "layer")]


def test_calls_name_parameters_and_buffers():
    model = Everything()
    assert model.first.name is None
    model([1.0])
    assert [each.name for each in model.parameters()] == NAMES
    assert model.mean.name == "mean"
    assert model.own.name is None
    model.layers[0]([1.0])
    assert model.layers[0].weight.name == "layers.0.weight"


def test_a_child_called_first_is_renamed_by_the_model_around_it():
    model = Outer()
    model.inner([1.0])
    assert model.inner.scale.weight.name == "scale.weight"
    model([1.0])
    assert model.inner.scale.weight.name == "inner.scale.weight"


def test_an_error_inside_puts_the_scope_back():
    class Fails(nn.Module):
        def forward(self, x):
            raise KeyError("inside")

    model = nn.Sequential(Scale(), Fails())
    with pytest.raises(KeyError):
        model([1.0])
    assert (ag.tensor([1.0], requires_grad=True) * 1).node.scope == ""
    assert scopes(Outer()([1.0]))[0] == ("negative", "")


def test_modes_inside_a_call_stay():
    class Quiet(nn.Module):
        def __init__(self):
            self.scale = Scale()

        def forward(self, x):
            with ag.no_grad():
                x = self.scale(x)
            return self.scale(x)

    assert scopes(Quiet()([1.0])) == [("multiply", "scale")]
    with ag.keep_values():
        assert Quiet()([1.0]).node.notes.value.tolist() == [1]


def test_threads_have_scopes_of_their_own():
    model, found, inside, done = Outer(), {}, threading.Event(), threading.Event()

    class Waits(nn.Module):
        def __init__(self):
            self.scale = Scale()

        def forward(self, x):
            inside.set()
            assert done.wait(10)
            return self.scale(x)

    waits = Waits()
    thread = threading.Thread(target=lambda: found.update(waits=scopes(nn.Sequential(waits)([1.0]))))
    thread.start()
    assert inside.wait(10)
    found["model"] = scopes(model([1.0]))
    done.set()
    thread.join()
    assert found["waits"] == [("multiply", "0.scale")]
    assert found["model"][-1] == ("multiply", "inner.scale")


def test_calling_makes_no_cycles_and_holds_no_activations():
    class Remembers(nn.Module):
        def __init__(self):
            self.scale = Scale()
            self.seen = []

        def forward(self, x):
            self.seen.append(self.scale(x))
            self.latest = self.seen[-1]
            return self.latest

    gc.disable()
    try:
        model = Remembers()
        for _ in range(3):
            y = model([1.0])
        activation, module = weakref.ref(y.node), weakref.ref(model)
        model.seen.clear()
        del y, model.latest
        assert activation() is None
        del model
        assert module() is None
    finally:
        gc.enable()


# ---------------------------------------------------------------- saving, loading, copying


def test_state_dict_is_a_copy_under_dotted_names():
    model = Everything()
    state = model.state_dict()
    assert list(state) == [*NAMES[:5], "mean", "last.weight"]
    assert all(type(each) is np.ndarray for each in state.values())
    state["first"][0] = 9
    assert model.first.tolist() == [1]


def test_load_state_dict_writes_in_memory():
    source, target = Everything(), Everything()
    for i, each in enumerate(source.parameters()):
        nn.init.constant_(each, i)
    memory = target.first.numpy()
    assert target.load_state_dict(source.state_dict()) == ((), ())
    assert [each.tolist() for each in target.parameters()] == [[i] for i in range(6)]
    assert np.shares_memory(memory, target.first.numpy())


def test_state_goes_through_files(tmp_path):
    source, target = nn.Linear(3, 2), nn.Linear(3, 2)
    np.savez(tmp_path / "model.npz", **source.state_dict())
    with np.load(tmp_path / "model.npz") as state:
        target.load_state_dict(state)
    np.testing.assert_array_equal(target.weight.numpy(), source.weight.numpy())


def test_loading_accepts_tensors_lists_and_other_floating_dtypes():
    model = nn.Linear(2, 1)
    model.load_state_dict({"weight": ag.tensor([[1.0, 2.0]]), "bias": [3]})
    assert model.weight.tolist() == [[1, 2]]
    assert model.bias.tolist() == [3]
    assert model.weight.dtype == np.float32


def test_members_without_dimensions_load():
    class Point(nn.Module):
        def __init__(self):
            self.x = nn.Parameter(1.0)
            self.n = nn.Buffer(0)

    point = Point()
    point.load_state_dict({"x": np.array(2.0), "n": np.array(5)})
    assert (point.x.item(), point.n.item()) == (2, 5)
    assert point.state_dict()["x"].shape == ()


def test_loading_what_both_have():
    model = nn.Linear(2, 1)
    found = model.load_state_dict({"weight": np.ones((1, 2)), "scale": 1}, strict=False)
    assert found.missing_keys == ("bias",)
    assert found.unexpected_keys == ("scale",)
    assert model.weight.tolist() == [[1, 1]]


MISFITS = [
    ({"weight": np.ones((1, 2))}, True, ValueError, "missing from the state: bias"),
    ({"weight": np.ones((1, 2)), "bias": [0], "a": 1, "b": 2}, True, ValueError, "unexpected in the state: a, b"),
    ({"weight": np.ones((2, 1)), "bias": [0]}, True, ValueError, r"weight: expected shape \(1, 2\), received \(2, 1\)"),
    ({"weight": np.ones((2, 1))}, False, ValueError, r"weight: expected shape \(1, 2\), received \(2, 1\)"),
    ({"weight": [[1, 2]], "bias": [1j]}, True, TypeError, "bias: expected what can be cast to float32, received complex128"),
    (
        {"bias": [[0]]},
        True,
        ValueError,
        r"(?s)nothing was changed. Save and load with the same model:\n.*bias: expected shape.*missing from the state: weight",
    ),
    (
        {"bias": [0]},
        True,
        ValueError,
        r"same model, or pass strict=False to load what both have:\n  missing from the state: weight",
    ),
    ("model.npz", True, TypeError, r"expected arrays by path, received str; for a file write .*dict\(np.load\('m.npz'\)\)"),
    ([1.0], True, TypeError, "expected arrays by path, received list"),
    ({0: [0]}, False, TypeError, r"expected paths such as 'layers.0.weight', received the key 0"),
    ({"weight": [[1, 2]], "bias": [[1], [2, 3]]}, True, ValueError, "bias: .*inhomogeneous"),
    (
        {"weight": [[1, 2]], "bias": np.array([None])},
        True,
        TypeError,
        "bias: expected what can be cast to float32, received object",
    ),
]


@pytest.mark.parametrize(("state", "strict", "error", "message"), MISFITS)
def test_a_state_that_does_not_fit_changes_nothing(state, strict, error, message):
    model = nn.Linear(2, 1)
    before = model.state_dict()
    with pytest.raises(error, match=message):
        model.load_state_dict(state, strict)
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value, before[name])


def test_a_pickled_entry_of_a_file_is_refused(tmp_path):
    np.savez(tmp_path / "model.npz", weight=np.ones((1, 2)), bias=np.array([None]))
    model = nn.Linear(2, 1)
    before = model.state_dict()
    with np.load(tmp_path / "model.npz") as state, pytest.raises(ValueError, match="bias: Object arrays cannot be loaded"):
        model.load_state_dict(state)
    np.testing.assert_array_equal(model.weight.numpy(), before["weight"])


def test_a_cast_that_fails_changes_nothing():
    model = nn.Linear(2, 1)
    before = model.state_dict()
    with pytest.raises(RuntimeWarning, match="overflow"):  # warnings are errors here
        model.load_state_dict({"weight": [[1.0, 2.0]], "bias": [1e300]})
    np.testing.assert_array_equal(model.weight.numpy(), before["weight"])


def test_a_state_of_the_models_own_tensors():
    model = nn.Module()
    model.a, model.b = nn.Parameter([1.0]), nn.Parameter([2.0])
    model.load_state_dict({"a": model.b, "b": model.a})
    assert (model.a.item(), model.b.item()) == (2, 1)
    model.load_state_dict({"a": model.b.numpy(), "b": model.a.numpy()})
    assert (model.a.item(), model.b.item()) == (1, 2)


def test_two_members_of_one_path_are_refused():
    model = Scale()
    model.table = {1: nn.Parameter([1.0]), "1": nn.Parameter([2.0])}
    with pytest.raises(ValueError, match=r"two members of this Scale have the path 'table\.1'; rename one"):
        model.state_dict()


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_models_are_copied_and_pickled(copied):
    model = Everything()
    model([1.0]).backward(np.ones(1))
    del model.own
    other = copied(model)
    assert [name for name, _ in other.named_parameters()] == NAMES
    assert other.again is other.last
    assert all(type(each) is nn.Parameter and each.requires_grad for each in other.parameters())
    assert type(other.mean) is nn.Buffer
    with ag.no_grad():
        other.first[...] = 5.0
    assert model.first.tolist() == [1]
    y = other([1.0])
    assert scopes(y)[-1] == ("multiply", "layers.0")
    assert [each.name for each in other.parameters()] == NAMES


def test_a_shallow_copy_shares_members_and_has_paths_of_its_own():
    model = Outer()
    model([1.0])
    other = copy.copy(model)
    other.steps = [Scale(), Scale()]
    other.inner = Inner()
    assert scopes(other([1.0]))[-1] == ("multiply", "inner.scale")


# ---------------------------------------------------------------- printing


def test_repr_is_nested():
    class Model(nn.Module):
        def __init__(self):
            self.body = nn.Sequential(OrderedDict(hidden=nn.Linear(2, 3), act=nn.ReLU()))
            self.heads = [nn.Linear(3, 1, bias=False), nn.Identity()]
            self.weight = nn.Parameter([1.0])

        def extra_repr(self):
            return "size=3"

    assert repr(Model()) == (
        "Model(size=3\n"
        "  (body): Sequential(\n"
        "    (hidden): Linear(in_features=2, out_features=3, bias=True)\n"
        "    (act): ReLU()\n"
        "  )\n"
        "  (heads.0): Linear(in_features=3, out_features=1, bias=False)\n"
        "  (heads.1): Identity()\n"
        ")"
    )
    assert repr(Scale()) == "Scale()"


def test_pytorchs_nn_utils_says_where_its_functions_are():
    with pytest.raises(
        AttributeError, match="module 'nn' has no attribute 'utils'; write nn itself, where its functions stand"
    ):
        _ = nn.utils
    with pytest.raises(AttributeError, match="module 'nn' has no attribute 'flibble'$"):
        _ = nn.flibble
