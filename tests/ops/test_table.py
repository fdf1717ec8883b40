"""The table: every registered op and public function with each of its samples, and what has to hold for all of them.

Nothing here knows an op by name. Two lists are walked: ``OPS_``, calls of ops with inputs and statics in the op's own form, and
``FUNCTIONS_``, calls of public functions as a user writes them.
"""

import inspect
import warnings

import numpy as np
import pytest

import autograd.traversal
from autograd.checking import gradcheck
from autograd.engine import grad_of
from autograd.node import newest_first
from autograd.ops.casting import astype
from autograd.record import FUNCTIONS, OPS
from autograd.tensors import Tensor, wrap
from benchmarks.cases import function_cases, op_cases, op_functions, outputs_of

OPS_, FUNCTIONS_ = op_cases(), function_cases()
ALL = [*OPS_, *[case for case in FUNCTIONS_ if case.op is None]]  # an op that is public itself is in both lists


def table(cases):
    """A parameter ``case`` over a list of cases."""
    return pytest.mark.parametrize("case", cases, ids=[f"{'function' if case.op is None else 'op'}-{case}" for case in cases])


def differentiable(case):
    """Whether a case has a gradient: a floating input, and a result that requires a gradient with it."""
    split = case.split()
    if not split.floating:
        return False
    try:
        outputs = outputs_of(call(case, leaves(split)))
    except Exception:  # which is to fail the tests of this case, and not to stop the collection of all
        return True
    return any(each.requires_grad for each in outputs)


def leaves(split):
    """The floating inputs of a case as tensors that require a gradient."""
    return [Tensor(split.arrays[i], requires_grad=True) for i in split.floating]


def tensors_of(split, arrays):
    """The floating ones of the arrays as tensors that require a gradient; all of them as tensors, if none is floating."""
    return [
        Tensor(each, requires_grad=each.dtype.kind in "fc") if each.dtype.kind in "fc" or not split.floating else each
        for each in arrays
    ]


def call(case, floating):
    """The call with the given arrays or tensors in the floating places."""
    inputs, keywords = case.split().put_floating(floating)
    return case.call(*inputs, **keywords)


def plain(case, via=None):
    inputs, keywords = case.arguments()
    return (via or case.call)(*inputs, **keywords)


def values_of(result):
    return [each.numpy() if isinstance(each, Tensor) else each for each in outputs_of(result)]


def gradients(case, inputs, create_graph=False, cotangents=None):
    """The gradient of each input, for cotangents of ones and minus ones in turn (or given ones)."""
    outputs = [each for each in outputs_of(call(case, inputs)) if each.requires_grad]
    if cotangents is None:
        cotangents = [weights(each) for each in outputs]
    found = grad_of(outputs, inputs, cotangents, create_graph=create_graph, allow_unused=True)
    return [np.zeros(x.shape, x.dtype) if g is None else g.numpy() for x, g in zip(inputs, found, strict=True)]


def weights(output):
    return np.where(np.arange(output.size).reshape(output.shape) % 3 == 1, -1, 1).astype(output.dtype)


def assert_same(actual, expected, ulps=1.0):
    """Equal values to the given number of units in the last place, equal shapes and dtypes."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    assert actual.dtype == expected.dtype
    if expected.dtype.kind in "fc":
        with np.errstate(invalid="ignore"):
            near = np.abs(actual - expected) <= ulps * np.finfo(expected.dtype).eps * np.abs(expected)
        assert np.all(near | (actual == expected) | (np.isnan(actual) & np.isnan(expected))), f"{actual} != {expected}"
    else:
        np.testing.assert_array_equal(actual, expected)


def assert_close(actual, expected):
    """Equal to what another order of summation may change: 1e-13 of the largest element."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    largest = np.max(np.abs(expected), initial=0.0) if expected.dtype.kind in "fc" else 0.0
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-13 * largest)


DIFFERENTIABLE = [case for case in ALL if differentiable(case)]


# ---------------------------------------------------------------- each op says what it has to


def test_every_op_has_a_callable():
    assert set(op_functions()) == set(OPS)


@pytest.mark.parametrize("name", sorted(OPS))
def test_every_op_has_samples(name):
    assert OPS[name].samples, f"give op {name!r} samples=[sample(...)], or it is checked by nothing"


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_public_function_has_samples_and_an_example(name):
    function = FUNCTIONS[name]
    assert function.samples, f"give {name!r} samples=[sample(...)]"
    assert inspect.getdoc(function.call), name
    assert ">>> " in function.call.__doc__, f"{name!r}: its docstring needs an example"
    assert "Shape" in function.call.__doc__, f"{name!r}: its docstring needs a line 'Shapes: ...'"


@pytest.mark.parametrize("name", sorted(OPS))
def test_every_op_has_a_rule_for_each_input_or_says_why_not(name):
    record = OPS[name]
    if record.differentiable:
        inputs = [*record.inputs, *([record.variadic] if record.variadic else [])]
        assert record.joint_rule is not None or set(inputs) == set(record.rules), f"{name}: rules for {sorted(record.rules)}"
    else:
        assert not record.rules
        assert record.joint_rule is None


# ---------------------------------------------------------------- values


@table([case for case in FUNCTIONS_ if case.numpy is not None])
def test_a_plain_call_gives_what_numpy_gives(case):
    ours, theirs = outputs_of(plain(case)), outputs_of(plain(case, via=case.numpy))
    assert len(ours) == len(theirs)
    for actual, expected in zip(ours, theirs, strict=True):
        assert type(actual) is type(expected)
        assert_same(actual, expected)


@table([case for case in ALL if case.split().arrays])
def test_tensors_give_tensors_of_the_same_values(case):
    split = case.split()
    floating = [wrap(each[()]) if each.dtype.kind in "fc" or not split.floating else each for each in split.arrays]
    everything = [wrap(each[()]) for each in split.arrays]
    expected = values_of(plain(case))
    for arrays in (floating, everything):
        results = outputs_of(case(arrays))
        assert all(isinstance(each, Tensor) for each in results)
        assert not any(each.requires_grad for each in results)
        for actual, value in zip(results, expected, strict=True):
            assert_same(actual.numpy(), value, ulps=0)


@table([case for case in FUNCTIONS_ if case.numpy is not None and case.split().arrays])
def test_the_numpy_function_of_tensors_gives_the_same(case):
    split = case.split()
    ours, theirs = (outputs_of(case(tensors_of(split, split.arrays), via)) for via in (case.call, case.numpy))
    for actual, expected in zip(theirs, ours, strict=True):
        assert isinstance(actual, Tensor)
        assert actual.requires_grad is expected.requires_grad
        assert_same(actual.numpy(), expected.numpy(), ulps=0)


@table([case for case in FUNCTIONS_ if case.numpy is not None])
def test_lists_are_taken_as_arrays(case):
    inputs, keywords = case.arguments()
    lists = [each.tolist() if isinstance(each, np.ndarray) and each.ndim else each for each in inputs]
    expected = outputs_of(case.numpy(*inputs, **keywords))
    for actual, value in zip(outputs_of(case.call(*lists, **keywords)), expected, strict=True):
        assert_same(actual, value)


@table([case for case in OPS_ if case.op.elementwise])
def test_an_elementwise_op_has_the_broadcast_shape(case):
    inputs, _ = case.arguments()
    shape = np.broadcast_shapes(*[np.shape(each) for each in inputs if each is not None])
    assert {each.shape for each in outputs_of(plain(case))} == {shape}


# Without those in which an input is a constant number, which would have to be scaled too.
LINEAR = [case for case in OPS_ if case.op.linear and not any(isinstance(each, float) for each in case.split().inputs)]


@table(LINEAR)
def test_a_linear_op_is_linear(case):
    split = case.split()
    rng = np.random.default_rng(0)
    a, b = [[rng.uniform(-1, 1, split.arrays[i].shape) for i in split.floating] for _ in range(2)]
    both = values_of(call(case, [2 * x - 3 * y for x, y in zip(a, b, strict=True)]))
    for f_a, f_b, f_both in zip(values_of(call(case, a)), values_of(call(case, b)), both, strict=True):
        np.testing.assert_allclose(f_both, 2 * f_a - 3 * f_b, rtol=1e-12, atol=1e-12)


@table(OPS_)
def test_a_result_that_shares_memory_is_declared_a_view(case):
    split = case.split()
    for each in outputs_of(case(split.arrays)):
        shared = [i for i, array in enumerate(split.arrays) if np.shares_memory(each, array)]
        assert shared in ([], [0])
        assert not shared or case.op.view


@table(ALL)
def test_inputs_are_not_modified(case):
    split = case.split()
    before = [each.copy() for each in split.arrays]
    tensors = [wrap(each[()] if each.ndim == 0 else each) for each in split.arrays]
    for tensor in tensors:
        if tensor.dtype.kind in "fc":
            tensor.requires_grad_()
    outputs = [each for each in outputs_of(case(tensors)) if each.requires_grad]
    if outputs:
        grad_of(outputs, [each for each in tensors if each.requires_grad], [weights(y) for y in outputs], allow_unused=True)
    for array, copy in zip(split.arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


@table(ALL)
def test_errors_are_refused(case):
    record = case.op or FUNCTIONS[case.name]
    for recipe, exception in record.errors:
        inputs, keywords = recipe.draw(np.random.default_rng(0))
        with pytest.raises(exception):
            case.call(*inputs, **keywords)
        tensors = [Tensor(x, requires_grad=x.dtype.kind in "fc") if isinstance(x, np.ndarray) else x for x in inputs]
        with pytest.raises(exception):
            case.call(*tensors, **keywords)


FIRST_OF_EACH = [case for case in FUNCTIONS_ if case.number == 0]


@table(FIRST_OF_EACH)
def test_unknown_keywords_are_refused(case):
    split = case.split()
    for arrays in (split.arrays, tensors_of(split, split.arrays)):
        inputs, keywords = split.put(arrays)
        refusal = ValueError if case.name == "pad" else TypeError  # whose keywords depend on the mode
        with pytest.raises(refusal, match=r"no_such_argument|takes no keyword arguments"):
            case.call(*inputs, **keywords, no_such_argument=1)


def takes_an_axis(case):
    if case.numpy is None or not case.split().arrays or case.name == "apply_along_axis":  # its axis stands before the array
        return False
    return "axis" in inspect.signature(case.call).parameters


@pytest.mark.parametrize("axis", [99, -99, "0", 1.5, (0, 99)], ids=repr)
@table([case for case in FIRST_OF_EACH if takes_an_axis(case)])
def test_axes_that_do_not_exist_are_refused_as_numpy_does(case, axis):
    split = case.split()

    def outcome(call, arrays):
        inputs, keywords = split.put(arrays)
        try:
            call(*inputs, **keywords | {"axis": axis})
        except (TypeError, ValueError, IndexError) as error:  # AxisError is both of the last two
            return type(error)
        return None

    expected = outcome(case.numpy, split.arrays)
    for arrays in (split.arrays, tensors_of(split, split.arrays)):
        refused = outcome(case.call, arrays)
        if isinstance(axis, int):
            assert (refused is None) == (expected is None)
            assert refused is None or issubclass(refused, expected)
        elif expected is not None:  # NumPy takes "0" for 0 here and there
            assert refused is not None
            assert refused in (TypeError, np.exceptions.AxisError) or issubclass(refused, expected)


# ---------------------------------------------------------------- derivatives


@table(DIFFERENTIABLE)
def test_first_and_second_derivatives_agree_with_finite_differences(case):
    split = case.split()
    report = gradcheck(
        lambda *xs: tuple(outputs_of(call(case, xs))), [split.arrays[i] for i in split.floating], order=2, rtol=1e-6
    )
    assert report, report


@table(DIFFERENTIABLE)
def test_each_of_several_outputs_has_its_gradient(case):
    """By itself, the others without a cotangent: a few elements of each input, as all of them are checked above."""
    split = case.split()
    outputs = values_of(plain(case))
    for place, output in enumerate(outputs):
        if len(outputs) > 1 and output.dtype.kind in "fc":
            report = gradcheck(
                lambda *xs, place=place: outputs_of(call(case, xs))[place],
                [split.arrays[i] for i in split.floating],
                order=2,
                max_elements=3,
            )
            assert report, f"output {place}: {report}"


@table(DIFFERENTIABLE)
def test_a_recorded_pass_gives_the_same_gradient(case):
    plain_pass = gradients(case, leaves(case.split()))
    recorded = gradients(case, leaves(case.split()), create_graph=True)
    for actual, expected in zip(recorded, plain_pass, strict=True):
        assert_close(actual, expected)


@table(DIFFERENTIABLE)
def test_rules_write_to_nothing(case):
    """Inputs, saved arrays and cotangent are read-only, and the gradient is the same."""
    split = case.split()
    expected = gradients(case, leaves(split))
    frozen = [wrap(frozen_copy(split.arrays[i])) for i in split.floating]
    for each in frozen:
        each.requires_grad_()
    outputs = [each for each in outputs_of(call(case, frozen)) if each.requires_grad]
    for node in newest_first([each.node for each in outputs]):
        for each in outputs_of(node.saved):
            if isinstance(each, np.ndarray):
                each.flags.writeable = False
    found = grad_of(outputs, frozen, [frozen_copy(weights(each)) for each in outputs], allow_unused=True)
    for actual, value in zip(found, expected, strict=True):
        assert_same(np.zeros_like(value) if actual is None else actual.numpy(), value, ulps=0)


def frozen_copy(array):
    copy = array.copy()
    copy.flags.writeable = False
    return copy if copy.ndim else copy[()]


# ---------------------------------------------------------------- other dtypes and layouts, no elements


WIDENED = {  # NumPy itself, or the dtype that is asked for, gives double precision for single here
    "astype",
    "bincount",
    "float_power",
    "geomspace",
    "histogram2d",
    "histogramdd",
    "interp",
    "polyder",
    "polyfit",
    "polyint",
    "vander",
}


@table([case for case in DIFFERENTIABLE if "dtype" not in case.split().keywords and case.name not in WIDENED])
def test_single_precision_stays_single(case, monkeypatch):
    narrow = {"f": np.float32, "c": np.complex64}
    split = case.split()
    arrays = [split.arrays[i].astype(narrow[split.arrays[i].dtype.kind]) for i in split.floating]
    for each in outputs_of(call(case, arrays)):
        assert each.dtype.kind not in "fc" or each.dtype == narrow[each.dtype.kind]

    def cast(x, dtype):  # what the engine does with a rule's result that has another dtype than the input
        assert x.dtype in narrow.values(), f"a rule returned {x.dtype} for an input in {dtype}"
        return astype(x, dtype=dtype)

    monkeypatch.setattr(autograd.traversal, "astype", cast)
    for array, g in zip(arrays, gradients(case, [Tensor(each, requires_grad=True) for each in arrays]), strict=True):
        assert g.dtype == array.dtype


def fortran(x):
    return np.asfortranarray(x)


def strided(x):
    wide = np.zeros([2 * n for n in x.shape], x.dtype)
    view = wide[(slice(None, None, 2),) * x.ndim]
    view[...] = x
    return view


def reversed_(x):
    backwards = (slice(None, None, -1),) * x.ndim
    return x[backwards].copy()[backwards]


@pytest.mark.parametrize("layout", [fortran, strided, reversed_])
@table([case for case in ALL if any(each.ndim for each in case.split().arrays)])
def test_layouts_in_memory_make_no_difference(case, layout):
    split = case.split()
    arrays = [layout(each) if each.ndim else each for each in split.arrays]
    for actual, expected in zip(values_of(case(arrays)), values_of(plain(case)), strict=True):
        assert_close(actual, expected)
    if differentiable(case):
        tensors = [wrap(each if each.ndim else each[()]).requires_grad_() for each in (arrays[i] for i in split.floating)]
        for actual, expected in zip(gradients(case, tensors), gradients(case, leaves(split)), strict=True):
            assert_close(actual, expected)


@pytest.mark.parametrize("axis", [0, -1])
@table([case for case in FUNCTIONS_ if case.numpy is not None and any(each.ndim for each in case.split().arrays)])
def test_empty_arrays_do_what_they_do_in_numpy(case, axis):
    """One axis of each array gets the length 0: NumPy's result and an empty gradient, or NumPy's refusal."""
    split = case.split()
    arrays = [np.take(each, [], axis) if each.ndim else each for each in split.arrays]
    tensors = tensors_of(split, arrays)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # np.mean of nothing and its like
        try:
            theirs = values_of(case(arrays, via=case.numpy))
        except (ValueError, IndexError, TypeError, ZeroDivisionError, RuntimeError, np.linalg.LinAlgError) as error:
            for form in (arrays, tensors):
                with pytest.raises((type(error), ValueError)):
                    case(form)
            return
        ours = outputs_of(case(tensors))
        for plainly, recorded, expected in zip(outputs_of(case(arrays)), ours, theirs, strict=True):
            assert_same(plainly, expected)
            assert_same(recorded.numpy(), expected)
        outputs = [each for each in ours if each.requires_grad]
        inputs = [each for each in tensors if isinstance(each, Tensor) and each.requires_grad]
        if outputs:
            for x, g in zip(inputs, grad_of(outputs, inputs, [weights(y) for y in outputs], allow_unused=True), strict=True):
                assert g is None or g.shape == x.shape


# ---------------------------------------------------------------- the recipes themselves


@table(ALL)
def test_samples_are_reproducible(case):
    first, second = case.split(), case.split()
    assert len(first.arrays) == len(second.arrays)
    for a, b in zip(first.arrays, second.arrays, strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_table_has_many_rows():
    assert len({case.name for case in OPS_}) >= 60
    assert len({case.name for case in FUNCTIONS_}) >= 60
    assert len({case.name for case in DIFFERENTIABLE}) >= 60
