"""An autograd engine for NumPy: tensors record what is computed from them, and gradients follow by the chain rule.

>>> import autograd as ag
>>> x = ag.tensor([1.0, 2.0, 3.0], requires_grad=True)
>>> loss = np.sum(np.tanh(x) ** 2)  # NumPy's functions record, too
>>> loss.backward()
>>> x.grad.shape
(3,)

Where to read on: ``tensors`` (what a tensor is), ``record`` and ``gate`` (what an op is, and what happens when it runs),
``ops`` (the ops and their gradient rules), ``engine`` and ``traversal`` (the backward pass), ``transforms`` (functions of
functions), ``batched`` and ``batch_rules`` (how ``vmap`` computes), ``checking`` (is a gradient right?), ``drawing`` (pictures
of graphs).
"""

from typing import NoReturn

from numpy import (
    __array_namespace_info__,
    bool,
    complex64,
    complex128,
    e,
    euler_gamma,
    float16,
    float32,
    float64,
    inf,
    int8,
    int16,
    int32,
    int64,
    isdtype,
    nan,
    newaxis,
    pi,
    uint8,
    uint16,
    uint32,
    uint64,
)

from autograd import batch_rules, emath, fft, linalg, modes, random, samples, special
from autograd import environment as environment  # first: it looks for what is in the way
from autograd import operators as operators  # for what it does: the operators and methods are attached
from autograd.checking import GradcheckReport, gradcheck
from autograd.data_types import astype, can_cast, finfo, iinfo, result_type
from autograd.drawing import Drawing, draw
from autograd.engine import grad_of
from autograd.errors import (
    BatchingError,
    ConvergenceError,
    ConversionError,
    FreedGraphError,
    GradientError,
    OverwrittenError,
    WriteError,
)
from autograd.gate import op
from autograd.graph import Graph
from autograd.modes import enable_grad, is_grad_enabled, keep_values, no_grad, scope
from autograd.ops.arrays.applying import apply_along_axis, apply_over_axes
from autograd.ops.arrays.broadcasting import broadcast_arrays, broadcast_shapes, meshgrid
from autograd.ops.arrays.choosing import choose, piecewise, select
from autograd.ops.arrays.dimensions import atleast_1d, atleast_2d, atleast_3d
from autograd.ops.arrays.flipping import flip, fliplr, flipud, rot90
from autograd.ops.arrays.indexing import take, take_along_axis
from autograd.ops.arrays.insertion import delete, insert
from autograd.ops.arrays.joining import append, block, column_stack, concat, concatenate, dstack, hstack, stack, vstack
from autograd.ops.arrays.padding import pad
from autograd.ops.arrays.positions import (
    diag_indices_from,
    ix_,
    packbits,
    ravel_multi_index,
    tril_indices_from,
    triu_indices_from,
    unpackbits,
    unravel_index,
)
from autograd.ops.arrays.repetition import repeat, resize, roll, tile
from autograd.ops.arrays.shaping import (
    broadcast_to,
    expand_dims,
    matrix_transpose,
    moveaxis,
    permute_dims,
    ravel,
    reshape,
    rollaxis,
    squeeze,
    swapaxes,
    transpose,
)
from autograd.ops.arrays.splitting import array_split, dsplit, hsplit, split, unstack, vsplit
from autograd.ops.arrays.windows import sliding_window_view
from autograd.ops.casting import conj, copy, imag, real
from autograd.ops.elementwise.activation import log_softmax, logsumexp, relu, sigmoid, softmax, softplus
from autograd.ops.elementwise.angles import angle, deg2rad, rad2deg
from autograd.ops.elementwise.arithmetic import (
    absolute,
    add,
    ceil,
    copysign,
    divide,
    fabs,
    floor,
    floor_divide,
    heaviside,
    multiply,
    negative,
    positive,
    reciprocal,
    remainder,
    rint,
    sign,
    square,
    subtract,
    trunc,
)
from autograd.ops.elementwise.cardinal_sine import sinc
from autograd.ops.elementwise.comparison import (
    bitwise_and,
    bitwise_count,
    bitwise_or,
    bitwise_xor,
    equal,
    greater,
    greater_equal,
    invert,
    iscomplex,
    isfinite,
    isinf,
    isnan,
    isneginf,
    isposinf,
    isreal,
    left_shift,
    less,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    nonzero,
    not_equal,
    right_shift,
    signbit,
)
from autograd.ops.elementwise.division import divmod, fmod, gcd, lcm
from autograd.ops.elementwise.exponential import (
    cbrt,
    exp,
    exp2,
    expm1,
    float_power,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    logaddexp2,
    power,
    sqrt,
)
from autograd.ops.elementwise.rounding import fix, frexp, ldexp, modf, nextafter, round, spacing
from autograd.ops.elementwise.scimath import real_if_close
from autograd.ops.elementwise.selection import clip, fmax, fmin, maximum, minimum, nan_to_num, passed, where
from autograd.ops.elementwise.trigonometric import (
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctan2,
    arctanh,
    cos,
    cosh,
    hypot,
    sin,
    sinh,
    tan,
    tanh,
)
from autograd.ops.making.creation import (
    asarray,
    empty,
    empty_like,
    eye,
    from_dlpack,
    full,
    full_like,
    ones,
    ones_like,
    tensor,
    zeros,
    zeros_like,
)
from autograd.ops.making.random import generator, seed
from autograd.ops.making.ranges import arange, geomspace, linspace, logspace
from autograd.ops.matrices.contraction import einsum, tensordot
from autograd.ops.matrices.diagonals import diag, diagflat, diagonal, trace, tril, triu
from autograd.ops.matrices.linear_algebra import dot, inner, matmul, outer, vecdot
from autograd.ops.matrices.norms import norm
from autograd.ops.matrices.powers import vander
from autograd.ops.matrices.products import cross, kron, matvec, vdot, vecmat
from autograd.ops.ordering.bins import digitize, searchsorted
from autograd.ops.ordering.histograms import bincount, histogram, histogram2d, histogram_bin_edges, histogramdd
from autograd.ops.ordering.quantiles import median, nanmedian, nanpercentile, nanquantile, percentile, quantile
from autograd.ops.ordering.sets import (
    intersect1d,
    isin,
    setdiff1d,
    setxor1d,
    union1d,
    unique,
    unique_all,
    unique_counts,
    unique_inverse,
    unique_values,
)
from autograd.ops.ordering.sorting import argpartition, argsort, lexsort, partition, sort, sort_complex
from autograd.ops.ordering.subsets import compress, extract, trim_zeros
from autograd.ops.reductions.accumulation import cumprod, cumsum, cumulative_prod, cumulative_sum
from autograd.ops.reductions.covariance import average, corrcoef, cov
from autograd.ops.reductions.extremes import argmax, argmin, max, min, ptp
from autograd.ops.reductions.nan_extremes import nanargmax, nanargmin, nanmax, nanmin
from autograd.ops.reductions.nans import nancumprod, nancumsum, nanmean, nanprod, nanstd, nansum, nanvar
from autograd.ops.reductions.reduction import all, any, count_nonzero, prod, sum
from autograd.ops.reductions.statistics import mean, std, var
from autograd.ops.series.differences import diff, ediff1d, trapezoid, unwrap
from autograd.ops.series.polynomial_fit import polyfit
from autograd.ops.series.polynomial_roots import poly, roots
from autograd.ops.series.polynomial_values import polyval
from autograd.ops.series.polynomials import polyadd, polyder, polydiv, polyint, polymul, polysub
from autograd.ops.series.signals import convolve, correlate, interp
from autograd.ops.series.slopes import gradient
from autograd.ops.special.modified_bessel import i0
from autograd.spellings import MODULE_SPELLING
from autograd.tensors import Tensor
from autograd.transforms.batching import vmap
from autograd.transforms.checkpointing import checkpoint
from autograd.transforms.custom import custom_vjp
from autograd.transforms.differentiation import grad, stop_gradient, value_and_grad, vjp
from autograd.transforms.fixed_points import fixed_point
from autograd.transforms.forward import jvp, linearize
from autograd.transforms.jacobians import hessian, hvp, jacobian
from autograd.transforms.newton import root
from autograd.transforms.optimization import ScipyFunctions, scipy_fun
from autograd.transforms.trees import TreeDef, tree_flatten, tree_leaves, tree_map, tree_unflatten
from autograd.writes import note_write
from autograd.writing import copyto, fill_diagonal, place, put, put_along_axis, putmask

__version__ = "0.1.0"

__array_api_version__ = "2024.12"

# The standard's names of what has another one in NumPy, and NumPy's second names.
abs = absolute
acos = arccos
acosh = arccosh
asin = arcsin
asinh = arcsinh
atan = arctan
atan2 = arctan2
atanh = arctanh
bitwise_invert = invert
bitwise_left_shift = left_shift
bitwise_right_shift = right_shift
amax = max
amin = min
around = round
conjugate = conj
degrees = rad2deg
radians = deg2rad
mod = remainder
pow = power
true_divide = divide

__all__ = [
    "BatchingError",
    "ConvergenceError",
    "ConversionError",
    "Drawing",
    "FreedGraphError",
    "GradcheckReport",
    "GradientError",
    "Graph",
    "OverwrittenError",
    "ScipyFunctions",
    "Tensor",
    "TreeDef",
    "WriteError",
    "__array_api_version__",
    "__array_namespace_info__",
    "abs",
    "absolute",
    "acos",
    "acosh",
    "add",
    "all",
    "amax",
    "amin",
    "angle",
    "any",
    "append",
    "apply_along_axis",
    "apply_over_axes",
    "arange",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "argmax",
    "argmin",
    "argpartition",
    "argsort",
    "around",
    "array_split",
    "asarray",
    "asin",
    "asinh",
    "astype",
    "atan",
    "atan2",
    "atanh",
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "average",
    "batch_rules",
    "bincount",
    "bitwise_and",
    "bitwise_count",
    "bitwise_invert",
    "bitwise_left_shift",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
    "block",
    "bool",
    "broadcast_arrays",
    "broadcast_shapes",
    "broadcast_to",
    "can_cast",
    "cbrt",
    "ceil",
    "checkpoint",
    "choose",
    "clip",
    "column_stack",
    "complex64",
    "complex128",
    "compress",
    "concat",
    "concatenate",
    "conj",
    "conjugate",
    "convolve",
    "copy",
    "copysign",
    "copyto",
    "corrcoef",
    "correlate",
    "cos",
    "cosh",
    "count_nonzero",
    "cov",
    "cross",
    "cumprod",
    "cumsum",
    "cumulative_prod",
    "cumulative_sum",
    "custom_vjp",
    "deg2rad",
    "degrees",
    "delete",
    "diag",
    "diag_indices_from",
    "diagflat",
    "diagonal",
    "diff",
    "digitize",
    "divide",
    "divmod",
    "dot",
    "draw",
    "dsplit",
    "dstack",
    "e",
    "ediff1d",
    "einsum",
    "emath",
    "empty",
    "empty_like",
    "enable_grad",
    "equal",
    "euler_gamma",
    "exp",
    "exp2",
    "expand_dims",
    "expm1",
    "extract",
    "eye",
    "fabs",
    "fft",
    "fill_diagonal",
    "finfo",
    "fix",
    "fixed_point",
    "flip",
    "fliplr",
    "flipud",
    "float16",
    "float32",
    "float64",
    "float_power",
    "floor",
    "floor_divide",
    "fmax",
    "fmin",
    "fmod",
    "frexp",
    "from_dlpack",
    "full",
    "full_like",
    "gcd",
    "generator",
    "geomspace",
    "grad",
    "grad_of",
    "gradcheck",
    "gradient",
    "greater",
    "greater_equal",
    "heaviside",
    "hessian",
    "histogram",
    "histogram2d",
    "histogram_bin_edges",
    "histogramdd",
    "hsplit",
    "hstack",
    "hvp",
    "hypot",
    "i0",
    "iinfo",
    "imag",
    "inf",
    "inner",
    "insert",
    "int8",
    "int16",
    "int32",
    "int64",
    "interp",
    "intersect1d",
    "invert",
    "is_grad_enabled",
    "iscomplex",
    "isdtype",
    "isfinite",
    "isin",
    "isinf",
    "isnan",
    "isneginf",
    "isposinf",
    "isreal",
    "ix_",
    "jacobian",
    "jvp",
    "keep_values",
    "kron",
    "lcm",
    "ldexp",
    "left_shift",
    "less",
    "less_equal",
    "lexsort",
    "linalg",
    "linearize",
    "linspace",
    "log",
    "log1p",
    "log2",
    "log10",
    "log_softmax",
    "logaddexp",
    "logaddexp2",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "logspace",
    "logsumexp",
    "matmul",
    "matrix_transpose",
    "matvec",
    "max",
    "maximum",
    "mean",
    "median",
    "meshgrid",
    "min",
    "minimum",
    "mod",
    "modes",
    "modf",
    "moveaxis",
    "multiply",
    "nan",
    "nan_to_num",
    "nanargmax",
    "nanargmin",
    "nancumprod",
    "nancumsum",
    "nanmax",
    "nanmean",
    "nanmedian",
    "nanmin",
    "nanpercentile",
    "nanprod",
    "nanquantile",
    "nanstd",
    "nansum",
    "nanvar",
    "negative",
    "newaxis",
    "nextafter",
    "no_grad",
    "nonzero",
    "norm",
    "not_equal",
    "note_write",
    "ones",
    "ones_like",
    "op",
    "outer",
    "packbits",
    "pad",
    "partition",
    "passed",
    "percentile",
    "permute_dims",
    "pi",
    "piecewise",
    "place",
    "poly",
    "polyadd",
    "polyder",
    "polydiv",
    "polyfit",
    "polyint",
    "polymul",
    "polysub",
    "polyval",
    "positive",
    "pow",
    "power",
    "prod",
    "ptp",
    "put",
    "put_along_axis",
    "putmask",
    "quantile",
    "rad2deg",
    "radians",
    "random",
    "ravel",
    "ravel_multi_index",
    "real",
    "real_if_close",
    "reciprocal",
    "relu",
    "remainder",
    "repeat",
    "reshape",
    "resize",
    "result_type",
    "right_shift",
    "rint",
    "roll",
    "rollaxis",
    "root",
    "roots",
    "rot90",
    "round",
    "samples",
    "scipy_fun",
    "scope",
    "searchsorted",
    "seed",
    "select",
    "setdiff1d",
    "setxor1d",
    "sigmoid",
    "sign",
    "signbit",
    "sin",
    "sinc",
    "sinh",
    "sliding_window_view",
    "softmax",
    "softplus",
    "sort",
    "sort_complex",
    "spacing",
    "special",
    "split",
    "sqrt",
    "square",
    "squeeze",
    "stack",
    "std",
    "stop_gradient",
    "subtract",
    "sum",
    "swapaxes",
    "take",
    "take_along_axis",
    "tan",
    "tanh",
    "tensor",
    "tensordot",
    "tile",
    "trace",
    "transpose",
    "trapezoid",
    "tree_flatten",
    "tree_leaves",
    "tree_map",
    "tree_unflatten",
    "tril",
    "tril_indices_from",
    "trim_zeros",
    "triu",
    "triu_indices_from",
    "true_divide",
    "trunc",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "union1d",
    "unique",
    "unique_all",
    "unique_counts",
    "unique_inverse",
    "unique_values",
    "unpackbits",
    "unravel_index",
    "unstack",
    "unwrap",
    "value_and_grad",
    "vander",
    "var",
    "vdot",
    "vecdot",
    "vecmat",
    "vjp",
    "vmap",
    "vsplit",
    "vstack",
    "where",
    "zeros",
    "zeros_like",
]


def __getattr__(name: str) -> NoReturn:
    """The error for a name that there is not, with what to write for one of PyTorch's."""
    spelling = MODULE_SPELLING.get(name)
    hint = f"; write {spelling}" if spelling else ""
    raise AttributeError(f"module 'autograd' has no attribute {name!r}{hint}")
