"""Functions along axes, for arrays of any shape, dtype and layout in memory: NumPy's values, and right gradients.

A gradient is checked in one random direction, by a finite difference of the value. Elements are far apart from each other, so
that no step crosses a tie.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

import autograd as ag

FEW = settings(max_examples=25, deadline=None, derandomize=True)

LAYOUTS = {
    "C": lambda x: x,
    "Fortran": np.asfortranarray,
    "strided": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "backwards": lambda x: x[::-1].copy()[::-1],
    "transposed": lambda x: x.T.copy().T,
}

ALONG = {
    name: (lambda x, axis, name=name: getattr(np, name)(x, axis=axis))
    for name in [
        "sum",
        "prod",
        "mean",
        "var",
        "std",
        "max",
        "min",
        "ptp",
        "any",
        "all",
        "count_nonzero",
        "argmax",
        "argmin",
        "cumsum",
        "cumprod",
        "cumulative_sum",
        "cumulative_prod",
        "median",
        "nansum",
        "nanprod",
        "nanmean",
        "nanvar",
        "nanstd",
        "nanmax",
        "nanmin",
        "nancumsum",
        "nancumprod",
        "nanmedian",
        "average",
        "sort",
        "argsort",
        "diff",
        "trapezoid",
        "flip",
        "unstack",
        "expand_dims",
    ]
} | {
    f"{module}.{name}": (lambda x, axis, module=module, name=name: getattr(getattr(np, module), name)(x, axis=axis))
    for module, name in (
        ("linalg", "norm"),
        ("linalg", "vector_norm"),
        ("fft", "fft"),
        ("fft", "ifft"),
        ("fft", "rfft"),
        ("fft", "hfft"),
    )
}
ALONG |= {
    "quantile": lambda x, axis: np.quantile(x, 0.3, axis=axis),
    "percentile keepdims": lambda x, axis: np.percentile(x, [20.0, 70.0], axis=axis, keepdims=True),
    "sum keepdims": lambda x, axis: np.sum(x, axis=axis, keepdims=True),
    "roll": lambda x, axis: np.roll(x, 2, axis=axis),
    "repeat": lambda x, axis: np.repeat(x, 2, axis=axis),
    "take": lambda x, axis: np.take(x, [0, -1, 0], axis=axis),
    "delete": lambda x, axis: np.delete(x, 0, axis=axis),
    "insert": lambda x, axis: np.insert(x, 0, 1.5, axis=axis),
    "append": lambda x, axis: np.append(x, x, axis=axis),
    "concatenate": lambda x, axis: np.concatenate([x, 2 * x], axis=axis),
    "stack": lambda x, axis: np.stack([x, 2 * x], axis=axis),
    "array_split": lambda x, axis: np.array_split(x, 2, axis=axis),
    "swapaxes": lambda x, axis: np.swapaxes(x, axis, 0),
    "moveaxis": lambda x, axis: np.moveaxis(x, axis, -1),
    "apply_along_axis": lambda x, axis: np.apply_along_axis(lambda row: np.cumsum(row) * row[0], axis, x),
    "irfft": lambda x, axis: np.fft.irfft(x, 5, axis=axis),
    "fftshift": lambda x, axis: np.fft.fftshift(x, axes=axis),
    "p norm": lambda x, axis: np.linalg.norm(x, 3, axis=axis),
    "where": lambda x, axis: np.sum(x, axis=axis, where=np.real(x) > 0),
    "unwrap": lambda x, axis: np.unwrap(x, axis=axis),
    "partition": lambda x, axis: np.sort(np.partition(x, 0, axis=axis), axis=axis),
    "put_along_axis": lambda x, axis: _put(x, axis),
    "gradient": lambda x, axis: np.gradient(np.concatenate([x, x * x], axis=axis), axis=axis),
}


def _put(x, axis):
    x = x * 1
    np.put_along_axis(x, np.zeros([1] * x.ndim, int), 7.0, axis=axis)
    return x


def array(shape, dtype, layout, seed):
    """Elements between -2 and 2, none near another one or 0, in random order."""
    rng = np.random.default_rng(seed)
    count = int(np.prod(shape))
    x = (np.arange(count) + 0.5 + rng.uniform(-0.2, 0.2, count)) * (4.0 / max(count, 1)) - 2.0
    x = rng.permutation(x).reshape(shape)
    if np.dtype(dtype).kind == "c":
        x = x + 1j * rng.uniform(-1, 1, shape)
    if np.dtype(dtype).kind in "iu":
        x = np.abs(x * 10) if np.dtype(dtype).kind == "u" else x * 10
    return LAYOUTS[layout](x.astype(dtype))


def parts(result):
    return list(result) if isinstance(result, tuple | list) else [result]


def assert_numpys(ours, theirs):
    assert len(ours) == len(theirs)
    for actual, expected in zip(ours, theirs, strict=True):
        assert isinstance(actual, ag.Tensor)
        assert (actual.shape, actual.dtype) == (expected.shape, expected.dtype)
        scale = np.max(np.abs(expected), initial=1.0)
        eps = np.finfo(expected.dtype).eps if expected.dtype.kind in "fc" else 0
        np.testing.assert_allclose(actual.numpy(), expected, rtol=0, atol=8 * eps * scale)


def assert_derivative(f, x):
    """The gradient times a direction is the slope in that direction, by differences of two step lengths (Richardson)."""
    t = ag.tensor(x, requires_grad=True)
    outputs = [each for each in parts(f(t)) if each.requires_grad]
    if not outputs:
        return
    rng = np.random.default_rng(1)
    cotangents = [rng.uniform(-1, 1, each.shape) * (1 + 0.5j if each.dtype.kind == "c" else 1) for each in outputs]
    g = ag.grad_of(outputs, t, cotangents, allow_unused=True)
    direction = rng.uniform(-1, 1, x.shape) * (1 - 0.5j if x.dtype.kind == "c" else 1)
    slope = 0.0 if g is None else np.sum(np.real(np.conj(g.numpy()) * direction))

    def difference(h):
        up, down = ([each for each in parts(f(x + s * direction)) if each.dtype.kind in "fc"] for s in (h, -h))
        return sum(np.sum(np.real(np.conj(v) * (a - b))) for v, a, b in zip(cotangents, up, down, strict=True)) / (2 * h)

    h = 2e-4
    numeric = (4 * difference(h / 2) - difference(h)) / 3
    assert abs(slope - numeric) <= 1e-6 * max(1.0, abs(numeric))


@pytest.mark.parametrize("name", ALONG)
def test_along_an_axis(name):
    f = ALONG[name]

    @FEW
    @given(
        shape=array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4),
        dtype=st.sampled_from(["float64", "float64", "float32", "complex128", "int64", "uint8"]),
        layout=st.sampled_from(list(LAYOUTS)),
        seed=st.integers(0, 1000),
        data=st.data(),
    )
    def check(shape, dtype, layout, seed, data):
        axis = data.draw(st.integers(-len(shape), len(shape) - 1))
        x = array(shape, dtype, layout, seed)
        t = ag.asarray(x).requires_grad_(x.dtype.kind in "fc")
        with np.errstate(all="ignore"):
            try:
                theirs = parts(f(x, axis))
            except (TypeError, ValueError) as error:
                with pytest.raises(type(error)):
                    f(t, axis)
                return
        assert_numpys(parts(f(t, axis)), theirs)
        if x.dtype in (np.float64, np.complex128):
            assert_derivative(lambda y: f(y, axis), x)

    check()


MATRICES = {
    "inv": lambda a: np.linalg.inv(a),
    "det": lambda a: np.linalg.det(a),
    "slogdet": lambda a: np.linalg.slogdet(a),
    "solve": lambda a: np.linalg.solve(a, a[..., :1] * 2),
    "pinv": lambda a: np.linalg.pinv(a),
    "matrix_power": lambda a: np.linalg.matrix_power(a, -2),
    "cholesky": lambda a: np.linalg.cholesky(a @ np.conj(a).mT),
    "eigvalsh": lambda a: np.linalg.eigvalsh(a),
    "eigh": lambda a: np.abs(np.linalg.eigh(a)[1]) ** 2,
    "svdvals": lambda a: np.linalg.svdvals(a),
    "nuclear norm": lambda a: np.linalg.norm(a, "nuc", axis=(-2, -1)),
    "qr": lambda a: tuple(np.linalg.qr(a)),
    "trace": lambda a: np.linalg.trace(a),
    "diagonal": lambda a: np.linalg.diagonal(a, offset=1),
    "matmul": lambda a: a @ a.mT,
    "einsum": lambda a: np.einsum("...ij,...kj->...ik", a, a),
    "tril": lambda a: np.tril(a, -1),
}


@pytest.mark.parametrize("name", MATRICES)
def test_stacks_of_matrices(name):
    f = MATRICES[name]

    @FEW
    @given(
        stack=st.lists(st.integers(0, 2), max_size=2),
        n=st.integers(1, 4),
        dtype=st.sampled_from(["float64", "float64", "float32", "complex128"]),
        layout=st.sampled_from(["C", "Fortran", "strided", "transposed"]),
        seed=st.integers(0, 1000),
    )
    def check(stack, n, dtype, layout, seed):
        rng = np.random.default_rng(seed)
        x = 0.3 * rng.uniform(-1, 1, (*stack, n, n)) + np.diag(1.0 + np.arange(n))
        if np.dtype(dtype).kind == "c":
            x = x + 0.3j * rng.uniform(-1, 1, x.shape)
        x = LAYOUTS[layout](x.astype(dtype))
        assert_numpys(parts(f(ag.asarray(x).requires_grad_())), parts(f(x)))
        if x.dtype in (np.float64, np.complex128):
            assert_derivative(f, x)

    check()
