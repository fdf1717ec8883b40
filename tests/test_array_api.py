"""The Python array API standard, 2024.12: every name, the arguments of every function, and NumPy's values on every dtype.

The standard has a test suite of its own. Here is the same ground: NumPy follows the standard, so on arrays of every dtype,
special values among them, each function has to give what NumPy gives, in a tensor.

Source: https://data-apis.org/array-api/2024.12
"""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays, mutually_broadcastable_shapes

import autograd as ag

FEW = settings(max_examples=30, deadline=None, derandomize=True)

UNARY = [
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "bitwise_invert",
    "ceil",
    "conj",
    "cos",
    "cosh",
    "exp",
    "expm1",
    "floor",
    "imag",
    "isfinite",
    "isinf",
    "isnan",
    "log",
    "log1p",
    "log2",
    "log10",
    "logical_not",
    "negative",
    "positive",
    "real",
    "reciprocal",
    "round",
    "sign",
    "signbit",
    "sin",
    "sinh",
    "sqrt",
    "square",
    "tan",
    "tanh",
    "trunc",
]
BINARY = [
    "add",
    "atan2",
    "bitwise_and",
    "bitwise_left_shift",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
    "copysign",
    "divide",
    "equal",
    "floor_divide",
    "greater",
    "greater_equal",
    "hypot",
    "less",
    "less_equal",
    "logaddexp",
    "logical_and",
    "logical_or",
    "logical_xor",
    "maximum",
    "minimum",
    "multiply",
    "nextafter",
    "not_equal",
    "pow",
    "remainder",
    "subtract",
]
CONSTANTS = ["e", "inf", "nan", "newaxis", "pi"]
DTYPES = [
    "bool",
    "complex64",
    "complex128",
    "float32",
    "float64",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
]

# For each function the number of arguments given by position (``*``: any number), and the keywords.
SIGNATURES = {
    **dict.fromkeys(UNARY, (1, "")),
    **dict.fromkeys(BINARY, (2, "")),
    **dict.fromkeys(["can_cast", "isdtype", "matmul", "broadcast_to", "unique_all"], (2, "")),
    "clip": (3, ""),
    "where": (3, ""),
    # creation
    "arange": (3, "dtype device"),
    "asarray": (1, "dtype device copy"),
    **dict.fromkeys(["empty", "ones", "zeros", "empty_like", "ones_like", "zeros_like"], (1, "dtype device")),
    "eye": (2, "k dtype device"),
    "from_dlpack": (1, "device copy"),
    **dict.fromkeys(["full", "full_like"], (2, "dtype device")),
    "linspace": (3, "dtype device endpoint"),
    "meshgrid": ("*", "indexing"),
    **dict.fromkeys(["tril", "triu"], (1, "k")),
    # dtypes
    "astype": (2, "copy device"),
    **dict.fromkeys(
        ["finfo", "iinfo", "matrix_transpose", "nonzero", "unique_all", "unique_counts", "unique_inverse", "unique_values"],
        (1, ""),
    ),
    **dict.fromkeys(["result_type", "broadcast_arrays"], ("*", "")),
    # Fourier transforms
    **dict.fromkeys(["fft.fft", "fft.ifft", "fft.rfft", "fft.irfft", "fft.hfft", "fft.ihfft"], (1, "n axis norm")),
    **dict.fromkeys(["fft.fftn", "fft.ifftn", "fft.rfftn", "fft.irfftn"], (1, "s axes norm")),
    **dict.fromkeys(["fft.fftfreq", "fft.rfftfreq"], (1, "d dtype device")),
    **dict.fromkeys(["fft.fftshift", "fft.ifftshift"], (1, "axes")),
    # indexing, joining, shaping
    **dict.fromkeys(["take", "take_along_axis", "repeat", "roll", "vecdot", "linalg.vecdot", "linalg.cross"], (2, "axis")),
    **dict.fromkeys(["concat", "flip", "stack", "unstack"], (1, "axis")),
    **dict.fromkeys(["expand_dims", "squeeze"], (1, "axis")),
    "moveaxis": (3, ""),
    "permute_dims": (1, "axes"),
    "reshape": (2, "copy"),
    "tile": (2, ""),
    # linear algebra
    **dict.fromkeys(["tensordot", "linalg.tensordot"], (2, "axes")),
    "linalg.cholesky": (1, "upper"),
    "linalg.diagonal": (1, "offset"),
    "linalg.trace": (1, "offset dtype"),
    **dict.fromkeys(
        [
            "linalg.det",
            "linalg.eigh",
            "linalg.eigvalsh",
            "linalg.inv",
            "linalg.matrix_transpose",
            "linalg.slogdet",
            "linalg.svdvals",
        ],
        (1, ""),
    ),
    **dict.fromkeys(["linalg.matmul", "linalg.matrix_power", "linalg.outer", "linalg.solve"], (2, "")),
    "linalg.matrix_norm": (1, "keepdims ord"),
    **dict.fromkeys(["linalg.matrix_rank", "linalg.pinv"], (1, "rtol")),
    "linalg.qr": (1, "mode"),
    "linalg.svd": (1, "full_matrices"),
    "linalg.vector_norm": (1, "axis keepdims ord"),
    # searching, sorting, sets, statistics
    **dict.fromkeys(["argmax", "argmin", "count_nonzero", "all", "any", "max", "min", "mean"], (1, "axis keepdims")),
    "searchsorted": (2, "side sorter"),
    **dict.fromkeys(["argsort", "sort"], (1, "axis descending stable")),
    **dict.fromkeys(["cumulative_prod", "cumulative_sum"], (1, "axis dtype include_initial")),
    **dict.fromkeys(["prod", "sum"], (1, "axis dtype keepdims")),
    **dict.fromkeys(["std", "var"], (1, "axis correction keepdims")),
    "diff": (1, "axis n prepend append"),
}


def found(name):
    """The function of a name such as ``fft.fft``."""
    function = ag
    for part in name.split("."):
        function = getattr(function, part)
    return function


@pytest.mark.parametrize("name", SIGNATURES)
def test_functions_take_the_standards_arguments(name):
    positional, keywords = SIGNATURES[name]
    signature = inspect.signature(found(name))
    signature.bind(*[None] * (3 if positional == "*" else positional), **dict.fromkeys(keywords.split()))


def test_the_namespace_has_its_constants_and_dtypes():
    for name in CONSTANTS:
        assert getattr(ag, name) is getattr(np, name)
    for name in DTYPES:
        assert ag.zeros(1, dtype=getattr(ag, name)).dtype == np.dtype(name)
        assert ag.isdtype(getattr(ag, name), ("bool", "numeric"))
    assert ag.__array_api_version__ == "2024.12"


def test_the_namespace_tells_about_itself():
    info = ag.__array_namespace_info__()
    assert info.devices() == ["cpu"]
    assert info.default_device() == "cpu"
    assert info.default_dtypes()["real floating"] == ag.float64
    assert set(DTYPES) <= set(info.dtypes())
    assert info.capabilities()["boolean indexing"]


def test_a_tensor_knows_its_namespace():
    t = ag.tensor([1.0])
    assert t.__array_namespace__() is ag
    assert t.__array_namespace__(api_version="2024.12") is ag
    with pytest.raises(ValueError, match="up to 2024.12, received '1999.01'"):
        t.__array_namespace__(api_version="1999.01")


def test_a_tensor_is_in_main_memory():
    t = ag.tensor([1.0])
    assert t.device == "cpu"
    assert t.to_device("cpu") is t
    with pytest.raises(ValueError, match="received 'gpu'"):
        t.to_device("gpu")
    with pytest.raises(ValueError, match="no stream"):
        t.to_device("cpu", stream=1)
    for make in (ag.asarray, ag.zeros_like):
        assert make(t, device="cpu").shape == (1,)
        with pytest.raises(ValueError, match="device"):
            make(t, device="gpu")


# ---------------------------------------------------------------- DLPack


def test_dlpack_shares_memory_both_ways():
    t = ag.tensor([1.0, 2.0])
    array = np.from_dlpack(t)
    assert np.shares_memory(array, t._value)
    back = ag.from_dlpack(array)
    assert isinstance(back, ag.Tensor)
    assert np.shares_memory(back._value, array)
    assert not np.shares_memory(ag.from_dlpack(array, copy=True)._value, array)
    assert t.__dlpack_device__() == array.__dlpack_device__()
    assert np.from_dlpack(ag.tensor(3.0)).shape == ()
    assert ag.from_dlpack(t).tolist() == [1.0, 2.0]


def test_dlpack_does_not_cut_a_recorded_tensor_out():
    x = ag.tensor([1.0], requires_grad=True)
    with pytest.raises(ag.ConversionError, match="DLPack would silently cut"):
        np.from_dlpack(x)
    with ag.no_grad():
        assert np.from_dlpack(x).tolist() == [1.0]


# ---------------------------------------------------------------- values are NumPy's, on every dtype


def elements(dtype):
    """Strategies for elements: all of them, special values included."""
    return arrays(dtype, st.just((4,)) | st.just(()) | st.just((2, 3)) | st.just((0,)))


def same(compute, *inputs):
    """Tensors give NumPy's value, dtype and shape, or NumPy's refusal."""
    with np.errstate(all="ignore"):
        try:
            expected = compute(np, *inputs)
        except (TypeError, ValueError) as error:
            with pytest.raises(
                type(error).__mro__[-4] if isinstance(error, np._core._exceptions.UFuncTypeError) else type(error)
            ):
                compute(ag, *[ag.asarray(each) for each in inputs])
            return
        actual = compute(ag, *[ag.asarray(each) for each in inputs])
    expected = expected if isinstance(expected, tuple) else (expected,)
    actual = actual if isinstance(actual, tuple) else (actual,)
    for ours, theirs in zip(actual, expected, strict=True):
        assert isinstance(ours, ag.Tensor)
        assert ours.dtype == theirs.dtype
        assert ours.shape == theirs.shape
        np.testing.assert_array_equal(ours.numpy(), theirs)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", UNARY)
def test_unary_functions(name, dtype):
    @settings(FEW, max_examples=8)
    @given(x=elements(dtype))
    def check(x):
        same(lambda xp, a: getattr(xp, name)(a), x)

    check()


@pytest.mark.parametrize("name", BINARY)
def test_binary_functions(name):
    @FEW
    @given(data=st.data(), dtypes=st.tuples(st.sampled_from(DTYPES), st.sampled_from(DTYPES)))
    def check(data, dtypes):
        shapes = data.draw(mutually_broadcastable_shapes(num_shapes=2, max_dims=2, max_side=3, min_side=0)).input_shapes
        x1, x2 = [data.draw(arrays(dtype, shape)) for dtype, shape in zip(dtypes, shapes, strict=True)]
        if "shift" in name and x2.dtype.kind in "iu":
            x2 = np.asarray(np.abs(x2.astype(np.int64)) % 7).astype(dtypes[1])
        same(lambda xp, a, b: getattr(xp, name)(a, b), x1, x2)

    check()


SYMBOLS = ["+", "-", "*", "/", "//", "%", "**", "@", "==", "!=", "<", "<=", ">", ">=", "&", "|", "^", "<<", ">>"]


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_operators_with_python_numbers(symbol):
    @FEW
    @given(data=st.data(), dtype=st.sampled_from(DTYPES), number=st.sampled_from([True, 2, 2.5, 1j]), reflected=st.booleans())
    def check(data, dtype, number, reflected):
        x = data.draw(arrays(dtype, (2, 2)))
        text = f"n {symbol} a" if reflected else f"a {symbol} n"
        same(lambda xp, a: eval(text, {"a": a, "n": number}), x)

    check()


REDUCTIONS = [
    "sum",
    "prod",
    "max",
    "min",
    "mean",
    "std",
    "var",
    "any",
    "all",
    "argmax",
    "argmin",
    "count_nonzero",
    "cumulative_sum",
    "cumulative_prod",
]


@pytest.mark.parametrize("name", REDUCTIONS)
def test_reductions(name):
    @FEW
    @given(data=st.data(), dtype=st.sampled_from(DTYPES), axis=st.sampled_from([0, 1, -1, -2]))
    def check(data, dtype, axis):
        x = data.draw(arrays(dtype, (2, 3)))
        same(lambda xp, a: getattr(xp, name)(a, axis=axis), x)

    check()


MANIPULATIONS = {
    "sort": lambda xp, a: xp.sort(a, axis=0),
    "argsort": lambda xp, a: xp.argsort(a, stable=True),
    "unique_values": lambda xp, a: xp.unique_values(a),
    "unique_all": lambda xp, a: tuple(xp.unique_all(a)),
    "flip": lambda xp, a: xp.flip(a, axis=1),
    "roll": lambda xp, a: xp.roll(a, 1, axis=1),
    "repeat": lambda xp, a: xp.repeat(a, 2, axis=0),
    "tile": lambda xp, a: xp.tile(a, (2, 1)),
    "concat": lambda xp, a: xp.concat([a, a], axis=None),
    "stack": lambda xp, a: xp.stack([a, a], axis=-1),
    "unstack": lambda xp, a: xp.unstack(a, axis=1),
    "take": lambda xp, a: xp.take(a, xp.asarray([0, 0]), axis=1),
    "take_along_axis": lambda xp, a: xp.take_along_axis(a, xp.asarray([[0], [1]]), axis=1),
    "diff": lambda xp, a: xp.diff(a, axis=0),
    "searchsorted": lambda xp, a: xp.searchsorted(xp.sort(a[0]), a),
    "nonzero": lambda xp, a: xp.nonzero(a),
    "where": lambda xp, a: xp.where(a == a[0], a, a + a),
    "clip": lambda xp, a: xp.clip(a, a[0, 0], None),
    "broadcast_to": lambda xp, a: xp.broadcast_to(a, (2, 2, 3)),
    "expand_dims": lambda xp, a: xp.expand_dims(a, axis=1),
    "permute_dims": lambda xp, a: xp.permute_dims(a, (1, 0)),
    "reshape": lambda xp, a: xp.reshape(a, (3, -1), copy=True),
    "moveaxis": lambda xp, a: xp.moveaxis(a, 0, 1),
    "matmul": lambda xp, a: xp.matmul(a, a.T),
    "tensordot": lambda xp, a: xp.tensordot(a, a, axes=((1,), (1,))),
    "vecdot": lambda xp, a: xp.vecdot(a, a),
    "outer": lambda xp, a: xp.linalg.outer(a[0], a[1]),
    "cross": lambda xp, a: xp.linalg.cross(a, a[0]),
    "trace": lambda xp, a: xp.linalg.trace(a),
    "tril": lambda xp, a: xp.tril(a, k=-1),
    "meshgrid": lambda xp, a: tuple(xp.meshgrid(a[0], a[1], indexing="ij")),
    "astype": lambda xp, a: xp.astype(a, xp.float32) if not xp.isdtype(a.dtype, "complex floating") else a,
}


@pytest.mark.parametrize("name", MANIPULATIONS)
def test_other_functions(name):
    @FEW
    @given(data=st.data(), dtype=st.sampled_from(DTYPES))
    def check(data, dtype):
        same(MANIPULATIONS[name], data.draw(arrays(dtype, (2, 3))))

    check()
