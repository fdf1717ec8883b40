"""Methods and keyword arguments of ufuncs: NumPy's values on plain and recorded tensors, and right gradients."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd.ops.arrays.scattering import turns

FEW = settings(max_examples=25, deadline=None, derandomize=True)
BINARY = [np.add, np.subtract, np.multiply, np.divide, np.maximum, np.minimum, np.logaddexp, np.hypot, np.power, np.arctan2]
NUMPYS_REDUCE_IS_RIGHT = [each for each in BINARY if each not in (np.power, np.arctan2)]
# Of these two, NumPy 2.4's vectorized loops reduce a contiguous axis wrongly (it contradicts its own accumulate).


def array(*shape):
    return np.random.default_rng(len(shape)).uniform(0.3, 2.0, shape)


def agrees(f, *arrays, rtol=0.0):
    """Values and dtypes are NumPy's, on plain and on recorded tensors; derivatives of both orders are finite differences."""
    expected = f(*[each.copy() for each in arrays])
    plain = f(*[ag.tensor(each) for each in arrays])
    recorded = f(*[ag.tensor(each, requires_grad=True) for each in arrays])
    assert not plain.requires_grad
    assert recorded.requires_grad
    for ours, tolerance in ((plain, 0.0), (recorded, rtol)):
        assert isinstance(ours, ag.Tensor)
        assert ours.dtype == expected.dtype
        np.testing.assert_allclose(ours.numpy(), expected, rtol=tolerance, atol=0)
    report = ag.gradcheck(f, list(arrays), order=2)
    assert report, report


@pytest.mark.parametrize("ufunc", NUMPYS_REDUCE_IS_RIGHT, ids=lambda u: u.__name__)
@pytest.mark.parametrize("keywords", [{}, {"axis": -1, "keepdims": True}], ids=str)
def test_reduce(ufunc, keywords):
    agrees(lambda t: ufunc.reduce(t, **keywords), array(3, 4), rtol=1e-14)


@pytest.mark.parametrize("ufunc", [np.power, np.arctan2], ids=lambda u: u.__name__)
def test_reduce_is_one_application_after_another(ufunc):
    x = ag.tensor(array(4), requires_grad=True)
    value = x[0].item()
    for each in x.tolist()[1:]:
        value = ufunc(value, each)
    assert ufunc.reduce(x).item() == pytest.approx(value, rel=1e-15)
    assert ag.gradcheck(ufunc.reduce, [array(4)], order=2)


@pytest.mark.parametrize("ufunc", BINARY, ids=lambda u: u.__name__)
def test_accumulate(ufunc):
    agrees(lambda t: ufunc.accumulate(t, axis=1), array(3, 4), rtol=1e-14)


@pytest.mark.parametrize("ufunc", NUMPYS_REDUCE_IS_RIGHT, ids=lambda u: u.__name__)
def test_reduceat(ufunc):
    agrees(lambda t: ufunc.reduceat(t, [0, 2, 1, 1], axis=1), array(3, 4), rtol=1e-14)


@pytest.mark.parametrize("ufunc", BINARY, ids=lambda u: u.__name__)
def test_outer(ufunc):
    agrees(ufunc.outer, array(3, 2), array(4))


@pytest.mark.parametrize("ufunc", BINARY, ids=lambda u: u.__name__)
def test_at_applies_once_for_each_time_that_an_element_is_named(ufunc):
    def f(t, value):
        t = t * 1
        ufunc.at(t, ([0, 2, 0, 0], [1, 1, 1, 3]), value)
        return t

    agrees(f, array(3, 4), array(4), rtol=1e-15)


def test_at_of_one_input_and_through_a_view():
    def f(t):
        t = t * 1
        np.sin.at(t.T[1:], ([0, 0, 2], slice(None)))
        return t

    agrees(f, array(3, 4))


def test_at_in_memory():
    t = ag.tensor([1.0, 2.0, 3.0])
    memory = t._value
    np.add.at(t, [0, 0, 2], ag.tensor([10.0, 20.0, 30.0]))
    assert t.tolist() == [31.0, 2.0, 33.0]
    assert t._value is memory
    number = ag.tensor(1.0)
    np.add.at(number, ..., 2.0)
    assert number.item() == 3.0


@pytest.mark.parametrize(("index", "error"), [([5], IndexError), ([0.5], IndexError)])
def test_at_refuses_what_numpy_refuses(index, error):
    for t in (ag.tensor([1.0, 2.0]), ag.tensor([1.0, 2.0], requires_grad=True) * 1):
        with pytest.raises(error):
            np.add.at(t, index, 1.0)
        assert t.tolist() == [1.0, 2.0]


def test_at_of_a_leaf_and_into_an_array_are_refused():
    x = ag.tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(ag.WriteError, match=r"np\.add\.at: this tensor .* is a leaf"):
        np.add.at(x, [0], 1.0)
    with pytest.raises(ag.ConversionError, match=r"np\.add\.at: writing a recorded tensor .*zeros"):
        np.add.at(np.zeros(2), [0], x[:1])


@FEW
@given(places=st.lists(st.integers(0, 4), max_size=12))
def test_turns_name_no_place_twice_and_keep_the_order(places):
    groups = turns(np.array(places, np.intp))
    assert sorted(int(i) for group in groups for i in group) == list(range(len(places)))
    for group in groups:
        named = [places[i] for i in group]
        assert len(set(named)) == len(named)
    for place in set(places):
        assert [int(i) for group in groups for i in group if places[i] == place] == [
            i for i, each in enumerate(places) if each == place
        ]


MASK = np.arange(4) > 1
KEYWORDS = {
    "sum where initial": (lambda t: np.add.reduce(t, axis=(0, 2), where=MASK, initial=3.0), (2, 3, 4)),
    "sum where": (lambda t: np.sum(t, where=MASK), (3, 4)),
    "hypot where": (lambda t: np.hypot.reduce(t, axis=(0, 2), where=MASK), (2, 3, 4)),
    "logaddexp initial": (lambda t: np.logaddexp.reduce(t, axis=1, initial=0.5), (3, 4)),
    "maximum where initial": (lambda t: np.maximum.reduce(t, axis=None, where=MASK, initial=0.0), (2, 3, 4)),
    "dtype of reduce": (lambda t: np.multiply.reduce(t, dtype=np.complex128), (3, 4)),
    "dtype": (lambda t: np.sqrt(t, dtype=np.complex128), (3,)),
    "signature": (lambda t: np.add(t, 1, signature="DD->D"), (3,)),
    "dtype of maximum": (lambda t: np.maximum.reduce(t, dtype=np.complex128), (3, 4)),
    "order and subok": (lambda t: np.add(t, 1, order="F", subok=False), (3, 4)),
}


@pytest.mark.parametrize("name", KEYWORDS)
def test_keywords(name):
    f, shape = KEYWORDS[name]
    agrees(f, array(*shape), rtol=1e-14)


GENERALIZED = {
    "axes of matmul": (lambda t, s: np.matmul(t, s, axes=[(0, 1), (1, 0), (1, 0)]), (3, 4), (5, 4)),
    "axis of vecdot": (lambda t, s: np.vecdot(t, s, axis=0), (3, 4), (3, 4)),
    "axes of vecdot": (lambda t, s: np.vecdot(t, s, axes=[1, 0]), (3, 4), (4, 3)),
    "keepdims of vecdot": (lambda t, s: np.vecdot(t, s, axis=0, keepdims=True), (3, 4), (3, 4)),
}


@pytest.mark.parametrize("name", GENERALIZED)
def test_axes_of_generalized_ufuncs(name):
    f, *shapes = GENERALIZED[name]
    agrees(f, *[array(*shape) for shape in shapes], rtol=1e-14)


def divided(t):
    out = t * 0
    assert np.divide(1.0, t, where=t > 1, out=out) is out
    return out


def multiplied(t):
    out = t * 0
    np.multiply(t, array(4), out=out)
    return out


def stretched(t):
    out = t * 0
    np.add(t[0], 1.0, out=out)
    return out


def summed(t):
    out = t[0] * 0
    assert np.sum(t, axis=0, out=out) is out
    return out


def remaindered(t):
    quotient, remainder = t * 0, t * 0
    np.divmod(t, 0.7, out=(quotient, remainder))
    return remainder


def into_itself(t):
    t = t * 1
    np.add(t[1:], t[:-1], out=t[1:])
    return t


@pytest.mark.parametrize("f", [divided, multiplied, stretched, summed, remaindered, into_itself], ids=lambda f: f.__name__)
def test_out_is_a_recorded_write(f):
    agrees(f, array(3, 4))


def test_where_computes_with_the_chosen_elements_only():
    """Neither warnings nor infinite gradients come from what is masked out."""
    x = ag.tensor([0.0, 2.0], requires_grad=True)
    out = ag.zeros(2)
    np.divide(1.0, x, where=[False, True], out=out)
    out.sum().backward()
    assert out.tolist() == [0.0, 0.5]
    assert x.grad.tolist() == [0.0, -0.25]


def test_where_without_out_is_refused_on_recorded_tensors():
    with pytest.raises(TypeError, match=r"np\.exp\(where=...\) without out= .*zeros_like.*ag\.where"):
        np.exp(ag.tensor([1.0, 2.0], requires_grad=True), where=[True, False])


def test_out_on_plain_tensors_is_numpys_own_and_stays_in_memory():
    t = ag.tensor([4.0, 9.0])
    memory = t._value
    assert np.sqrt(t, out=t) is t
    assert t.tolist() == [2.0, 3.0]
    assert t._value is memory
    array_ = np.zeros(2)
    assert np.sqrt(t, out=array_) is array_
    number = ag.tensor(4.0)
    np.sqrt(number, out=number)
    assert number.item() == 2.0


WRONG = {
    "shape": (lambda t: np.add(t, 1, out=ag.zeros(3)), ValueError),
    "shape of a reduction": (lambda t: np.sum(t, axis=0, out=ag.zeros(3)), ValueError),
    "dtype": (lambda t: np.add(t, 0.5, out=ag.tensor([[1, 2]])), TypeError),
    "unknown keyword": (lambda t: np.add(t, 1, axs=0), TypeError),
    "unknown keyword of a reduction": (lambda t: np.add.reduce(t, axs=0), TypeError),
    "axis": (lambda t: np.add.reduce(t, axis=5), np.exceptions.AxisError),
    "several axes": (lambda t: np.subtract.reduce(t, axis=(0, 1)), ValueError),
    "no identity": (lambda t: np.maximum.reduce(t[:0], axis=0), ValueError),
    "no identity with where": (lambda t: np.hypot.accumulate(t, axis=3), np.exceptions.AxisError),
    "reduce of one input": (lambda t: np.sin.reduce(t), ValueError),
    "target of out": (lambda t: np.sum(t, out=[1.0]), TypeError),
    "index of reduceat": (lambda t: np.add.reduceat(t, [7]), IndexError),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("requires_grad", [False, True])
def test_what_numpy_refuses_is_refused(name, requires_grad):
    f, error = WRONG[name]
    with pytest.raises(error):
        f(ag.tensor([[1.0, 2.0]], requires_grad=requires_grad) * 1)


def test_at_computes_before_it_casts():
    t = ag.tensor(np.array([1.0, 2.0], np.float32), requires_grad=True) * 1
    expected = t.numpy().copy()
    np.multiply.at(t, [0, 0], np.array([1.5000001, 3.0]))
    np.multiply.at(expected, [0, 0], np.array([1.5000001, 3.0]))
    assert t.dtype == np.float32
    np.testing.assert_array_equal(t.numpy(), expected)
    t = ag.tensor([1.0, 2.0], requires_grad=True) * 1
    np.ldexp.at(t, [0, 0], 2)
    assert t.tolist() == [16.0, 2.0]
    with pytest.raises(TypeError, match=r"np\.multiply\.at: the value is recorded \(float64\), and in this int64"):
        np.multiply.at(ag.tensor([2, 3]), [0, 0], ag.tensor([1.9, 1.9], requires_grad=True))


def test_where_is_no_index():
    x = ag.tensor([1.0, 4.0], requires_grad=True)
    with pytest.raises(TypeError, match=r"np\.sqrt\(where=...\): expected truth values, received int64"):
        np.sqrt(x, where=np.array([1, 0]), out=ag.zeros(2))


def test_reduceat_of_no_indices():
    x = ag.tensor([[1.0, 2.0]], requires_grad=True)
    for axis in (0, 1):
        assert np.add.reduceat(x, np.array([], int), axis=axis).shape == np.add.reduceat(x.numpy(), [], axis=axis).shape


@pytest.mark.parametrize("axes", [[0, 0], [0, 0, 1], [(0,), (0,), (2,)]])
def test_keepdims_of_generalized_ufuncs_with_axes(axes):
    a = array(2, 3, 4)
    expected = np.vecdot(a, a, axes=axes, keepdims=True)
    out = np.vecdot(ag.tensor(a, requires_grad=True), a, axes=axes, keepdims=True)
    np.testing.assert_allclose(out.numpy(), expected, rtol=1e-14)


def test_casting_reaches_the_inputs_with_a_recorded_target():
    target = ag.zeros(2) + ag.tensor(0.0, requires_grad=True)
    with pytest.raises(TypeError, match="casting rule 'equiv'"):
        np.log(ag.tensor([1, 2]), casting="equiv", out=target)
    assert np.sinh(ag.tensor([1.0, 2.0]), dtype=np.float32, casting="unsafe", out=target).dtype == np.float64


def test_at_repeats_a_value_with_fewer_axes_than_the_index():
    """By the definition; np.add.at on an array itself reads past the value here, in NumPy 2.4."""
    index, value = np.array([[0, 1], [1, 1], [1, 0]]), np.array([10.0, 1.0])
    t = ag.tensor([0.0, 0.0])
    np.add.at(t, index, value)
    expected = [sum(float(value[j]) for i in range(3) for j in range(2) if index[i, j] == k) for k in range(2)]
    assert t.tolist() == expected
