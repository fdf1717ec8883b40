"""How many floating-point operations an op takes: the rules from which ``summary`` counts a forward pass.

A multiplication and an addition count as one each, so a multiply-add is 2. What an elementwise function costs in the processor
differs from one to another; by the usual convention each counts as 1 for each element, ``exp`` and ``tanh`` too.

==========================  ==========================================================================================
op                          FLOPs
==========================  ==========================================================================================
linear                      ``2 * rows * in * out``, and ``rows * out`` for the bias
matmul, tensordot, ...      ``2 * elements of the result * length of what is summed over``
einsum                      the same for each product of two operands, from the left to the right
convolution                 ``2 * elements of the result * (C_in / groups) * kernel``, and one an element for the bias
transposed convolution      ``2 * elements of the input * (C_out / groups) * kernel``, and one an element for the bias
lstm                        for each step of each example ``8 * H * (I + S) + 9 * H``, ``4 * H`` for the bias, ``2 * S * H``
                            for a projection; S is the size of the state, which is H without one
gru                         ``6 * H * (I + H) + 9 * H``, and ``4 * H`` for the biases
rnn                         ``2 * H * (I + H) + H``, and ``H`` for the bias
attention                   ``2 * L * S * (E + V)`` for both products, ``5 * L * S`` for the softmax, ``L * S`` for a mask;
                            causal or not
embedding                   0, as all that only moves, selects or converts numbers
pools                       1 for each cell of each window
upsampling                  for each element and axis 3 (linear) or 7 (cubic); 0 to the nearest
layer, group, instance      5 for each element (3 for the mean, the squares and their sum, 2 to normalise), 4 without a
norms                       mean, and 1 each for weight and bias
batch norm                  2 for each element: in evaluation mode it is a scale and an offset
softmax, log_softmax        5 for each element (largest, difference, exp, sum, quotient)
sums, means, extremes       1 for each element of the input; variances and standard deviations 4
sorts, medians              ``log2`` of their number for each element of the input
Fourier transforms          ``5 * n * log2(n)`` for n points; half of it where one side is real
cholesky, solve, inv, det   ``n**3 / 3``; ``2 * n**3 / 3 + 2 * n**2 * k``; ``2 * n**3``; ``2 * n**3 / 3``
losses                      3 (squares, hinges), 4 (Huber's, divergences) or 6 (cross-entropies) for each prediction
elementwise                 1 for each element of the result
==========================  ==========================================================================================
"""

import math
from collections.abc import Callable
from typing import Any

from nn.kernels.geometry import Windows


def flops_of(node: Any) -> int | None:
    """The FLOPs of the op that a node records, by the table above; ``None`` where it has no rule."""
    op = node.op
    rule = _RULES.get(op.name) if op.library or op.name == "output" else None
    if rule is not None:
        return rule(node)
    if op.elementwise:
        return result_size(node)
    return 0 if op.view else None


def result_size(node: Any) -> int:
    """The number of elements of an op's result; of several results, of the first."""
    return math.prod(node.shape[0] if isinstance(node.dtype, tuple) else node.shape)


def _shapes(node: Any) -> list[tuple[int, ...] | None]:
    """The shape of each input; ``None`` of one that was left out."""
    return [
        None if each is None else () if isinstance(each, bool | int | float | complex) else each.shape for each in node.inputs
    ]


def _given(node: Any, *names: str) -> int:
    """How many of the inputs of these names were not left out."""
    return sum([node.inputs[node.op.inputs.index(name)] is not None for name in names])


def _nothing(node: Any) -> int:
    return 0


def _each_result(times: int) -> Callable[[Any], int]:
    return lambda node: times * result_size(node)


def _each_input(times: int) -> Callable[[Any], int]:
    return lambda node: times * math.prod(_shapes(node)[0] or ())


def _each_input_by_log(node: Any) -> int:
    (shape, *_), axis = _shapes(node), node.statics.get("axis", -1)
    size = math.prod(shape or ())
    axes = range(len(shape or ())) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    length = math.prod([shape[each] for each in axes]) if shape else 1
    return size * max(length - 1, 0).bit_length()


# ---------------------------------------------------------------- products


def _linear(node: Any) -> int:
    x, weight, bias = _shapes(node)
    assert x is not None
    assert weight is not None
    return 2 * math.prod(x[:-1]) * math.prod(weight) + (result_size(node) if bias is not None else 0)


def _product(operand: int, axis: int) -> Callable[[Any], int]:
    """Sums of products over one axis of one of the operands."""
    return lambda node: 2 * result_size(node) * _shapes(node)[operand][axis]  # type: ignore[index]


def _tensordot(node: Any) -> int:
    shape = _shapes(node)[0] or ()
    return 2 * result_size(node) * math.prod([shape[axis] for axis in node.statics["axes1"]])


def _all_products(node: Any) -> int:
    first, second = _shapes(node)
    return 2 * math.prod(first or ()) * math.prod(second or ())


def _einsum(node: Any) -> int:
    inputs, output = node.statics["subscripts"].split("->")
    terms = inputs.split(",")
    lengths: dict[str, int] = {}
    for term, shape in zip(terms, _shapes(node), strict=True):
        for label, length in zip(term, shape or (), strict=True):
            lengths[label] = max(length, lengths.get(label, 1))
    size_of = lambda labels: math.prod([lengths[label] for label in labels])
    if len(terms) == 1:
        return size_of(set(terms[0])) if set(terms[0]) - set(output) else 0
    total, left = 0, set(terms[0])
    for place, term in enumerate(terms[1:], 1):
        every = left | set(term)
        left = every & set(output).union(*terms[place + 1 :])
        total += size_of(every) * (2 if every - left else 1)
    return total


def _convolution(node: Any) -> int:
    weight = _shapes(node)[1] or ()
    size = result_size(node)
    return 2 * size * math.prod(weight[1:]) + size * _given(node, "bias")


def _transposed_convolution(node: Any) -> int:
    y, weight = _shapes(node)
    return 2 * math.prod(y or ()) * math.prod((weight or ())[1:])


def _convolution_weight_gradient(node: Any) -> int:
    return 2 * math.prod(_shapes(node)[1] or ()) * math.prod(node.shape[1:])


# ---------------------------------------------------------------- recurrence and attention


def _recurrent(gates: int, elementwise: int, biases: int) -> Callable[[Any], int]:
    """``gates`` sums over input and state, then ``elementwise`` operations, for each of the hidden features."""

    def count(node: Any) -> int:
        named = dict(zip(node.op.inputs, _shapes(node), strict=True))
        (steps, batch, features), w_hh = named["x"] or (0, 0, 0), named["w_hh"] or (0, 0)
        hidden, state = w_hh[0] // gates, w_hh[1]
        each = 2 * gates * hidden * (features + state) + elementwise * hidden
        if named.get("bias") or named.get("b_ih"):
            each += biases * hidden
        if named.get("w_hr"):
            each += 2 * state * hidden
        return steps * batch * each

    return count


def _attention(node: Any) -> int:
    query, key, value, *_ = _shapes(node)
    assert query is not None
    assert key is not None
    assert value is not None
    scores = math.prod(query[:-1]) * key[-2]
    return scores * (2 * (query[-1] + value[-1]) + 5 + _given(node, "mask") + _given(node, "kept"))


# ---------------------------------------------------------------- pools, norms, transforms, matrices


def _pool(node: Any) -> int:
    windows = node.statics["windows"]
    if all(isinstance(each, Windows) for each in windows):
        return result_size(node) * math.prod([each.kernel for each in windows])
    return max(math.prod(_shapes(node)[0] or ()), result_size(node))  # adaptive: windows cover the input once, or a little more


def _resample(node: Any) -> int:
    kinds = {each.kind for each in node.statics["maps"]}
    if "area" in kinds:
        return max(math.prod(_shapes(node)[0] or ()), result_size(node))
    return result_size(node) * sum([_TAPS.get(each.kind, 0) for each in node.statics["maps"]])


_TAPS = {"linear": 3, "cubic": 7}  # operations for a sum of two and of four cells with their weights


def _norm(node: Any) -> int:
    centred = node.statics.get("centred", True)
    return result_size(node) * ((5 if centred else 4) + _given(node, "weight", "bias"))


def _transform(share: float) -> Callable[[Any], int]:
    def count(node: Any) -> int:
        lengths, axes, shape = node.statics["lengths"], node.statics["axes"], node.shape
        points = math.prod(lengths)
        transforms = math.prod(shape) // max(math.prod([shape[axis] for axis in axes]), 1)
        return round(share * transforms * points * math.log2(max(points, 1)))

    return count


def _matrices(factor: float) -> Callable[[Any], int]:
    """``factor * n**3`` for each matrix, and for the right sides of equations ``2 * n**2`` each."""

    def count(node: Any) -> int:
        a, *b = _shapes(node)
        assert a is not None
        n = a[-1]
        sides = 2 * n * result_size(node) if b else 0
        return round(factor * math.prod(a[:-2]) * n**3) + sides

    return count


_READING = [
    "sum",
    "sum_from",
    "sum_to",
    "prod",
    "prod_from",
    "mean",
    "mean_of",
    "max",
    "max_from",
    "min",
    "min_from",
    "nanmax",
    "nanmin",
    "nanmean",
    "weighted_mean",
    "cumsum",
    "cumprod",
    "trapezoid",
    "diff",
    "add_rows",
    "add_at",
    "scatter_add",
    "fold",
]
_MOVING = [
    "output",
    "astype",
    "copy",
    "alias",
    "positive",
    "real",
    "imag",
    "conj",
    "from_parts",
    "passed",
    "where",
    "choose",
    "in_precision",
    "at_least",
    "concatenate",
    "stack",
    "split",
    "unstack",
    "pad",
    "extend",
    "tile",
    "repeat",
    "roll",
    "insert",
    "set_at",
    "getitem",
    "full_like",
    "diagonal",
    "embed_diagonal",
    "embed_repeated",
    "tril",
    "triu",
    "permuted",
    "restored",
    "reordered",
    "embedding",
    "unfold",
    "scatter_to_positions",
    "gather_from_positions",
    "max_unpool",
    "negative_log_likelihood",
]

_RULES: dict[str, Callable[[Any], int]] = {
    "linear": _linear,
    "matmul": _product(0, -1),
    "vecdot": _product(0, -1),
    "vecmat": _product(0, -1),
    "matvec": _product(1, -1),
    "vdot": _each_input(2),
    "convolve": _all_products,
    "correlate": _all_products,
    "outer": _each_result(1),
    "kron": _each_result(1),
    "cross": _each_result(3),
    "tensordot": _tensordot,
    "einsum": _einsum,
    "convolution": _convolution,
    "convolution_input_gradient": _transposed_convolution,
    "convolution_weight_gradient": _convolution_weight_gradient,
    "lstm": _recurrent(4, 9, 4),
    "gru": _recurrent(3, 9, 4),
    "elman": _recurrent(1, 1, 1),
    "attention": _attention,
    "average_pool": _pool,
    "max_pool": _pool,
    "resample": _resample,
    "windowed_sum": lambda node: result_size(node) * (node.statics["before"] + node.statics["after"]),
    "normalized_rows": _norm,
    "normalized_channels": _norm,
    "scaled_channels": _each_result(2),
    "softmax": _each_result(5),
    "log_softmax": _each_result(5),
    "logsumexp": _each_input(4),
    "rotation": _each_result(3),
    "cholesky": _matrices(1 / 3),
    "solve": _matrices(2 / 3),
    "inv": _matrices(2),
    "det": _matrices(2 / 3),
    "slogdet": _matrices(2 / 3),
    "fft": _transform(5),
    "ifft": _transform(5),
    **dict.fromkeys(["squared_error", "absolute_error", "logistic_loss", "poisson_nll", "hinge_embedding"], _each_input(3)),
    **dict.fromkeys(["huber_error", "kl_divergence"], _each_input(4)),
    **dict.fromkeys(["softmax_cross_entropy", "sigmoid_cross_entropy", "binary_cross_entropy"], _each_input(6)),
    **dict.fromkeys(["rfft", "irfft", "hfft", "ihfft"], _transform(2.5)),
    **dict.fromkeys(["sort", "partition", "median", "quantile"], _each_input_by_log),
    **dict.fromkeys(["var", "var_of", "std", "std_of", "nanvar", "nanstd"], _each_input(4)),
    **dict.fromkeys(["norm", "p_norm"], _each_input(2)),
    **dict.fromkeys(_READING, _each_input(1)),
    **dict.fromkeys(_MOVING, _nothing),
}
