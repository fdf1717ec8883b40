"""Tensor: making, looking, converting, printing, copying, and its refusals."""

import copy
import math
import pickle

import numpy as np
import pytest

import autograd as ag
from autograd.spellings import MODULE_SPELLING


def variable(*values, dtype=np.float64):
    return ag.tensor(values, dtype=dtype, requires_grad=True)


# ---------------------------------------------------------------- making


@pytest.mark.parametrize("data", [3, 2.5, True, 1j, [1, 2], [[1.0], [2.0]], np.float32(1.5), np.ones((2, 0)), range(3)])
def test_values_and_dtypes_are_numpys(data):
    t = ag.tensor(data)
    expected = np.array(data)
    np.testing.assert_array_equal(t.numpy(), expected)
    assert (t.dtype, t.shape, t.ndim, t.size) == (expected.dtype, expected.shape, expected.ndim, expected.size)
    assert t.nbytes == expected.nbytes
    assert t.itemsize == expected.itemsize


def test_tensor_copies_and_asarray_shares():
    a = np.array([1.0, 2.0])
    copied, shared = ag.tensor(a), ag.asarray(a)
    a[0] = 9.0
    assert (copied.tolist(), shared.tolist()) == ([1.0, 2.0], [9.0, 2.0])
    shared[1] = 8.0
    assert a.tolist() == [9.0, 8.0]


def test_tensor_of_a_plain_tensor_is_a_copy():
    t = ag.tensor([1.0, 2.0])
    copied = ag.tensor(t)
    t[0] = 5.0
    assert copied.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("data", ["text", [None, 1], [object()], ["a", "b"], np.array(["2020-01-01"], dtype="datetime64[D]")])
def test_what_is_no_number_is_refused(data):
    with pytest.raises(TypeError, match="expected numbers"):
        ag.tensor(data)


def test_ragged_lists_are_refused():
    with pytest.raises(ValueError, match="inhomogeneous"):
        ag.tensor([[1.0], [1.0, 2.0]])


@pytest.mark.parametrize("data", [1, True, [1, 2], np.ones(3, bool)])
def test_integers_cannot_require_a_gradient(data):
    with pytest.raises(TypeError, match=r"expected a floating or complex tensor, received (int64|bool).*astype\(float\)"):
        ag.tensor(data, requires_grad=True)


# ---------------------------------------------------------------- its place in the graph


def test_leaves_and_results():
    x = variable(1.0, 2.0)
    y = x * 2
    assert x.is_leaf
    assert not y.is_leaf
    assert y.requires_grad
    assert y.node.name == "multiply"
    assert y.node.inputs == (x.node, 2)
    assert ag.tensor([1.0]).is_leaf
    assert ag.tensor([1.0]).node is None


def test_requires_grad_in_place():
    t = ag.tensor([1.0, 2.0], name="t")
    assert t.requires_grad_() is t
    assert (t.requires_grad, t.name) == (True, "t")
    t.requires_grad_(False)
    assert (t.requires_grad, t.name) == (False, "t")
    t.requires_grad = True
    assert t.requires_grad


def test_requires_grad_false_of_a_result_is_refused():
    with pytest.raises(ag.GradientError, match=r"expected a leaf, received the result of .*multiply.*detach"):
        (variable(1.0) * 2).requires_grad_(False)


def test_a_leaf_that_stops_requiring_a_gradient_receives_none():
    x = variable(1.0)
    y = x * 2
    x.requires_grad_(False)
    y.sum().backward()
    assert x.grad is None


def test_detach_shares_memory_and_ends_the_graph():
    x = variable(1.0, 2.0)
    d = x.detach()
    assert not d.requires_grad
    assert np.shares_memory(d._value, x._value)


def test_names_belong_to_leaves():
    x = ag.tensor([1.0], requires_grad=True, name="x")
    assert (x.name, (x * 2).name) == ("x", None)
    x.name = "renamed"
    assert x.node.name == "renamed"
    with pytest.raises(ag.GradientError, match="only a leaf can be named"):
        (x * 2).name = "y"


def test_hash_and_equality():
    x, y = variable(1.0, 2.0), variable(1.0, 2.0)
    assert len({x, y, x}) == 2
    assert (x == y).tolist() == [True, True]
    assert not (x == y).requires_grad


def test_the_grad_of_a_result_warns():
    y = variable(1.0) * 2
    with pytest.warns(UserWarning, match=r"made by op 'multiply', and only leaves receive a .grad.*no_grad.*retain_grad"):
        assert y.grad is None
    assert y.retain_grad().grad is None


def test_grad_can_be_set_and_is_checked():
    x = variable(1.0, 2.0)
    x.grad = ag.tensor([1.0, 1.0])
    x.grad = None
    with pytest.raises(TypeError, match="expected a Tensor or None, received list"):
        x.grad = [1.0, 1.0]
    with pytest.raises(ValueError, match=r"expected shape \(2,\) and dtype float64, received \(3,\)"):
        x.grad = ag.tensor([1.0, 1.0, 1.0])


def test_an_attribute_cannot_be_invented():
    with pytest.raises(AttributeError):
        variable(1.0).label = "x"


@pytest.mark.parametrize(("spelling", "numpys"), [("unsqueeze", "np.expand_dims"), ("view", "t.reshape"), ("clamp", "t.clip")])
def test_a_pytorch_spelling_names_numpys(spelling, numpys):
    with pytest.raises(AttributeError, match=rf"no attribute '{spelling}'; write {numpys}"):
        getattr(variable(1.0), spelling)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'$"):
        _ = variable(1.0).nonsense


def test_no_spelling_hides_what_exists():
    from autograd.spellings import NUMPY_SPELLING

    assert not [name for name in NUMPY_SPELLING if name in dir(ag.Tensor)]


# ---------------------------------------------------------------- taking values out


def test_explicit_conversions_of_a_recorded_tensor():
    y = variable(1.0, 2.0) * 2
    assert y.tolist() == [2.0, 4.0]
    assert y.sum().item() == 6.0
    array = y.numpy()
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1.0


IMPLICIT = {
    "np.asarray": np.asarray,
    "np.array": np.array,
    "np.array of a list": lambda t: np.array([t, t]),
    "float": float,
    "int": int,
    "complex": complex,
    "math.exp": math.exp,
    "arr[i:j] = t": lambda t: np.zeros(3).__setitem__(slice(0, 1), t),
    "arr[...] = t": lambda t: np.zeros(3).__setitem__(..., t),
    "arr += t": lambda t: np.zeros(3).__iadd__(t),
    "np.add(out=arr)": lambda t: np.add(t, 1.0, out=np.zeros(3)),
    "tensor to tensor": ag.tensor,
    "list to tensor": lambda t: ag.tensor([t, t]),
    "operand": lambda t: ag.add(1.0, [t, t]),
}


@pytest.mark.parametrize("convert", IMPLICIT.values(), ids=IMPLICIT.keys())
@pytest.mark.parametrize(
    "make", [lambda: variable(2.0).sum(), lambda: ag.tensor(2.0, requires_grad=True)], ids=["result", "leaf"]
)
def test_implicit_conversions_of_a_recorded_tensor_raise(convert, make):
    with pytest.raises(ag.ConversionError, match=r"\.item\(\).*\.numpy\(\).*\.detach\(\)"):
        convert(make())


def test_a_recorded_tensor_written_to_one_element_of_an_array_raises():
    """NumPy puts a ValueError of its own in front; the error that names the ways out is its cause, printed above it."""
    with pytest.raises(ValueError, match="setting an array element") as caught:
        np.zeros(3)[0] = variable(2.0).sum()
    assert isinstance(caught.value.__cause__, ag.ConversionError)
    assert all(way in str(caught.value.__cause__) for way in (".item()", ".numpy()", ".detach()"))


@pytest.mark.parametrize("convert", IMPLICIT.values(), ids=IMPLICIT.keys())
def test_implicit_conversions_of_a_plain_tensor_work(convert):
    convert(ag.tensor(2.0))


def test_inside_no_grad_nothing_can_be_cut():
    with ag.no_grad():
        assert float(variable(2.0).sum()) == 2.0


def test_conversions_give_numpys_values():
    t = ag.tensor([[1.5, 2.5]], dtype=np.float32)
    assert np.asarray(t).dtype == np.float32
    assert np.asarray(t, dtype=np.float64).dtype == np.float64
    writable = np.array(t)
    writable[0, 0] = 7.0
    assert t.tolist() == [[1.5, 2.5]]
    assert not np.asarray(t).flags.writeable


def test_item_of_many_elements():
    with pytest.raises(ValueError, match=r"item: expected a tensor of one element, received shape \(2,\).*tolist"):
        variable(1.0, 2.0).item()
    with pytest.raises(TypeError, match=r"float\(\): expected a tensor of one element"):
        float(ag.tensor([1.0, 2.0]))


def test_truth():
    assert ag.tensor([1.0])
    assert not variable(0.0)
    with pytest.raises(ValueError, match=r"truth of a tensor of 2 elements is ambiguous.*\.any\(\) or \.all\(\).*ag\.where"):
        bool(variable(1.0, 2.0))
    with pytest.raises(ValueError, match="ambiguous"):
        bool(ag.tensor([]))


def test_index():
    assert [10, 20, 30][ag.tensor(1)] == 20
    assert list(range(5))[ag.tensor(1) : ag.tensor(3)] == [1, 2]
    with pytest.raises(TypeError, match="only an integer tensor"):
        [1, 2][ag.tensor(1.0)]


def test_length_and_iteration():
    x = ag.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    assert len(x) == 2
    first, second = x
    (first * second).sum().backward()
    assert x.grad.tolist() == [[3.0, 4.0], [1.0, 2.0]]
    with pytest.raises(TypeError, match="without dimensions"):
        len(ag.tensor(1.0))
    with pytest.raises(TypeError, match="iteration over a tensor without dimensions"):
        iter(ag.tensor(1.0))


def test_membership():
    assert 2.0 in variable(1.0, 2.0)
    assert 3.0 not in variable(1.0, 2.0)


# ---------------------------------------------------------------- printing


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: ag.tensor(1.5), "Tensor(1.5, dtype=float64)"),
        (lambda: ag.tensor([1, 2]), "Tensor([1, 2], dtype=int64)"),
        (lambda: variable(1.0, 2.0, dtype=np.float32), "Tensor([1., 2.], dtype=float32, requires_grad=True)"),
        (lambda: variable(1.0, 2.0) * 2, "Tensor([2., 4.], dtype=float64, op=multiply)"),
        (lambda: ag.tensor([1.0], requires_grad=True, name="w"), "Tensor([1.], dtype=float64, requires_grad=True, name='w')"),
        (lambda: ag.tensor([1.0], name="data"), "Tensor([1.], dtype=float64, name='data')"),
        (lambda: ag.tensor(np.ones((0, 3))), "Tensor([], shape=(0, 3), dtype=float64)"),
        (lambda: ag.tensor([[1.0], [2.0]]), "Tensor([[1.],\n        [2.]], dtype=float64)"),
    ],
)
def test_repr(make, expected):
    assert repr(make()) == str(make()) == expected


def test_long_tensors_print_short():
    assert len(repr(ag.tensor(np.zeros((1000, 1000))))) < 1000


def test_format():
    loss = (variable(1.0, 2.0) / 3).sum()
    assert f"{loss:.4f}" == "1.0000"
    assert f"{ag.tensor([0.5]):.1%}" == "50.0%"
    assert f"{loss}" == repr(loss)
    with pytest.raises(TypeError, match=r"format '.4f': expected a tensor of one element, received shape \(2,\)"):
        f"{variable(1.0, 2.0):.4f}"


# ---------------------------------------------------------------- copying and pickling


@pytest.mark.parametrize("make_copy", [copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))], ids=["deepcopy", "pickle"])
def test_copies_of_leaves(make_copy):
    x = ag.tensor([1.0, 2.0], requires_grad=True, name="x")
    y = make_copy(x)
    assert (y.tolist(), y.requires_grad, y.name) == ([1.0, 2.0], True, "x")
    assert y.node is not x.node
    assert not np.shares_memory(x._value, y._value)
    (y * 2).sum().backward()
    assert x.grad is None


def test_deepcopy_copies_the_gradient():
    x = variable(1.0)
    (x * 2).sum().backward()
    y = copy.deepcopy(x)
    y.grad[...] = 7.0
    assert (x.grad.tolist(), y.grad.tolist()) == ([2.0], [7.0])


@pytest.mark.parametrize("make_copy", [copy.deepcopy, pickle.dumps])
def test_results_cannot_be_copied_with_their_graph(make_copy):
    with pytest.raises(ag.GradientError, match=r"expected a leaf, received the result of .*detach"):
        make_copy(variable(1.0) * 2)


ARRAY_METHODS = {
    "argpartition": lambda a: np.sort(a.argpartition(1)),
    "argsort": lambda a: a.argsort(axis=0),
    "choose": lambda a: (a > 0).astype(int).choose([a, 2 * a]),
    "compress": lambda a: a.compress([True, False, True], axis=1),
    "fill": lambda a: (a.fill(3.0), a)[1],
    "partition": lambda a: (a.partition(1), np.sort(a))[1],
    "put": lambda a: (a.put([0, 4], [7.0, 8.0]), a)[1],
    "round": lambda a: a.round(1),
    "searchsorted": lambda a: np.sort(a[0]).searchsorted([0.0, 1.0]),
    "sort": lambda a: (a.sort(), a)[1],
}


@pytest.mark.parametrize("name", ARRAY_METHODS)
def test_methods_of_arrays(name):
    call, a = ARRAY_METHODS[name], np.array([[0.25, -1.5, 2.75], [-0.5, 1.25, 0.75]])
    expected = call(a.copy())
    for t in (ag.tensor(a), ag.tensor(a, requires_grad=True) * 1):
        np.testing.assert_array_equal(call(t).numpy(), expected)


def test_in_place_sort_is_a_recorded_write():
    x = ag.tensor([3.0, 1.0, 2.0], requires_grad=True)
    y = x * 1
    assert y.sort() is None
    (y * np.array([1.0, 10.0, 100.0])).sum().backward()
    assert x.grad.tolist() == [100.0, 1.0, 10.0]


@pytest.mark.parametrize("name", MODULE_SPELLING)
def test_a_function_of_pytorchs_is_named_in_the_error(name):
    with pytest.raises(AttributeError, match=rf"module 'autograd' has no attribute '{name}'; write "):
        getattr(ag, name)


def test_an_unknown_name_of_the_module_is_an_error():
    with pytest.raises(AttributeError, match="module 'autograd' has no attribute 'flibble'$"):
        _ = ag.flibble
    assert not hasattr(ag, "flibble")
