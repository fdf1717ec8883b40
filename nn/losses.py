"""Losses: how far predictions are from targets, as functions, and as modules that hold their settings.

Logits go in as they leave the last layer: ``cross_entropy`` and ``binary_cross_entropy_with_logits`` include softmax and
sigmoid, and are exact for logits of any size. Names, arguments and numbers are PyTorch's, but for one thing: a target is never
broadcast, since ``(N,)`` against ``(N, 1)`` would quietly average N * N differences.

``reduction`` says what becomes of the losses of the single elements: ``"mean"``, ``"sum"`` or ``"none"``. The mean of nothing
(an empty batch, or one whose targets are all ignored) is NaN.
"""

import math
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from autograd.samples import integers, reals, sample
from nn.inputs import check_number, check_whole, in_dtype
from nn.module import Module
from nn.parameter import Buffer

_REDUCTIONS = ("mean", "sum", "none")
_RECORDED_CONSTANT = "{name}: {argument} is a constant, received a tensor that requires a gradient; pass {argument}.detach()"


# ---------------------------------------------------------------- regression


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """The squared error ``(input - target)**2``.

    Args:
        input: predictions.
        target: what they should be; plain data is cast to the dtype of ``input``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, or another reduction.
        TypeError: for complex numbers.

    >>> nn.functional.mse_loss([1.0, 2.0], [0.0, 4.0])
    np.float64(2.5)
    """
    _check_reduction("mse_loss", reduction)
    x, y = _pair("mse_loss", input, target)
    difference = x - y
    return _reduced(difference * difference, reduction)


def l1_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """The absolute error ``|input - target|``; its derivative where they are equal is 0.

    Args:
        input: predictions.
        target: what they should be; plain data is cast to the dtype of ``input``.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, or another reduction.
        TypeError: for complex numbers.

    >>> nn.functional.l1_loss([1.0, 2.0], [0.0, 4.0])
    np.float64(1.5)
    """
    _check_reduction("l1_loss", reduction)
    x, y = _pair("l1_loss", input, target)
    return _reduced(abs(x - y), reduction)


# ---------------------------------------------------------------- yes or no


@ag.op(elementwise=True, name="sigmoid_cross_entropy", public=False, samples=[sample(reals(3, 4), reals(3, 4))])
def _sigmoid_cross_entropy(logits: Any, target: Any) -> Any:
    # max(x, 0) - x y + log(1 + exp(-|x|)): no exponential of a positive number, so that none overflows
    return np.maximum(logits, 0) - logits * target + np.log1p(np.exp(-abs(logits)))


_sigmoid_cross_entropy.vjp(
    logits=lambda g, logits, target: g * (ag.sigmoid(logits) - target),
    target=lambda g, logits: g * -logits,
)


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, reduction: str = "mean", pos_weight: Any = None
) -> Any:
    """``-w (p y log s(x) + (1 - y) log(1 - s(x)))`` for logits ``x``, targets ``y``, and ``s`` the sigmoid.

    Args:
        input: the logits x, one for each yes-or-no question.
        target: the probabilities y of yes, usually 0 or 1; plain data is cast to the dtype of ``input``.
        weight: w, how much each element counts; it broadcasts. The mean divides by the number of elements all the same.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        pos_weight: p, how much more the answer yes counts; it broadcasts.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, a weight that does not broadcast to them, or another reduction.
        TypeError: for complex numbers.

    >>> nn.functional.binary_cross_entropy_with_logits([0.0, 10000.0], [1.0, 0.0], reduction="none")
    array([6.93147181e-01, 1.00000000e+04])
    """
    name = "binary_cross_entropy_with_logits"
    _check_reduction(name, reduction)
    x, y = _pair(name, input, target)
    if pos_weight is None:
        losses = _sigmoid_cross_entropy(x, y)
    else:
        p = _broadcasting(name, "pos_weight", pos_weight, x)
        losses = (1 - y) * x + (1 + (p - 1) * y) * ag.softplus(-x)
    if weight is not None:
        losses = losses * _broadcasting(name, "weight", weight, x)
    return _reduced(losses, reduction)


# ---------------------------------------------------------------- one of several classes


@ag.op(
    multiple=True,
    name="softmax_cross_entropy",
    public=False,
    samples=[
        sample(reals(5, 3), integers(5, low=0, high=3), None, 0.2, rows=False),
        sample(reals(5, 3), integers(5, low=0, high=3), None, 1.0, rows=True),
    ],
)
def _softmax_cross_entropy(logits: Any, target: Any, weights: Any, scale: Any, *, rows: bool) -> Any:
    """``scale * weights_i * -log softmax(logits_i)[target_i]``, for each row or summed up; and the softmax.

    The softmax is an output because the gradient is made of it: computed once, and differentiable like any output.
    """
    largest = np.maximum.reduce(logits, axis=1, keepdims=True, initial=np.finfo(logits.dtype).min)
    shifted = logits - largest
    probabilities = np.exp(shifted)
    total = np.maximum(np.add.reduce(probabilities, axis=1, keepdims=True), 1)  # below 1 only for a row of nothing but -inf
    probabilities /= total
    losses = np.log(total[:, 0]) - shifted[np.arange(len(target)), target]
    if weights is not None:
        # 0 for a target that is ignored, whose loss may be infinite
        losses = np.where(weights == 0, 0, losses) * weights
    return (losses if rows else np.add.reduce(losses)) * scale, probabilities


@ag.op(name="minus_one_hot", public=False, samples=[sample(reals(5, 3), integers(5, low=0, high=3))])
def _minus_one_hot(x: Any, target: Any) -> Any:
    """``x`` less 1 in the column ``target_i`` of each row ``i``."""
    out = np.array(x)
    out[np.arange(len(target)), target] -= 1
    return out


_minus_one_hot.vjp(x=lambda g: g, target=None)


def _softmax_cross_entropy_gradient(g: Any, out: Any, target: Any, weights: Any, scale: Any, rows: bool) -> Any:
    to_loss, to_probabilities = g
    probabilities = out[1]
    gradient = None
    if to_loss is not None:
        coefficient = to_loss * scale
        if weights is not None:
            coefficient = np.where(weights == 0, 0, coefficient * weights)  # 0 too where nothing counts and scale is NaN
        if rows or weights is not None:
            coefficient = np.reshape(coefficient, (-1, 1))
        gradient = _minus_one_hot(probabilities, target) * coefficient
    if to_probabilities is not None:
        flow = probabilities * to_probabilities
        flow = flow - probabilities * flow.sum(1, keepdims=True)
        gradient = flow if gradient is None else gradient + flow
    return gradient


_softmax_cross_entropy.vjp(logits=_softmax_cross_entropy_gradient, target=None, weights=None, scale=None)


def _of_all_rows(arrays: Any, mapped: Any, size: int) -> list[Any]:
    """Logits, their targets and weights (``None`` stays) with the rows of all examples in one."""
    whole = [
        x if x is None or is_mapped else np.broadcast_to(x, (size, *x.shape))
        for x, is_mapped in zip(arrays, mapped, strict=True)
    ]
    target, classes = whole[1], whole[0].shape[2]
    if isinstance(target, np.ndarray) and target.size and not 0 <= target.min() <= target.max() < classes:
        raise IndexError(f"expected classes from 0 to {classes - 1}, received some from {target.min()} to {target.max()}")
    return [x if x is None else np.reshape(x, (x.shape[0] * x.shape[1], *x.shape[2:])) for x in whole]


def _softmax_cross_entropy_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    *by_row, scale = arrays
    logits, target, weights = _of_all_rows(by_row, mapped[:-1], level.size)
    if isinstance(weights, Tensor) and weights.requires_grad:
        raise TypeError(_RECORDED_CONSTANT.format(name="cross_entropy", argument="weight"))
    losses, probabilities = record.call(logits, target, weights, 1.0, rows=True)
    shape = arrays[0].shape[mapped[0] :]
    losses = np.reshape(losses, (level.size, shape[0]))
    if not statics["rows"]:
        losses = np.sum(losses, axis=1)
    elif mapped[-1]:
        scale = np.reshape(scale, (level.size, 1))
    return losses * scale, np.reshape(probabilities, (level.size, *shape))


def _minus_one_hot_of_examples(record: Any, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    out = record.call(*_of_all_rows(arrays, mapped, level.size))
    return np.reshape(out, (level.size, *arrays[0].shape[mapped[0] :]))


_softmax_cross_entropy.batch(_softmax_cross_entropy_of_examples)
_minus_one_hot.batch(_minus_one_hot_of_examples)


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """``-w_t log softmax(input)_t`` for the class ``t``; ``-sum_c w_c q_c log softmax(input)_c`` for probabilities ``q``.

    Args:
        input: logits; the classes are on axis 1, or on the only axis.
        target: integer classes from 0 to C - 1, or, in a floating dtype and the shape of ``input``, their probabilities.
        weight: how much each class counts, shape (C,). The mean over integer classes divides by the sum of their weights.
        ignore_index: the integer target that counts for nothing; the mean leaves it out.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.
        label_smoothing: the share of the target, from 0 to 1, that is spread evenly over all classes.

    Shapes: ``input`` (C,), (N, C) or (N, C, ...); ``target`` (), (N,) or (N, ...), or that of ``input`` -> ``()``;
    with ``"none"`` that of integer classes.

    Raises:
        ValueError: for shapes that do not fit, another reduction, or smoothing outside 0 to 1.
        IndexError: for a class that ``input`` does not have.
        TypeError: for complex logits, targets of another kind, and an index or smoothing that is no number.

    Source: C. Szegedy et al., Rethinking the Inception architecture for computer vision, 2016, for label smoothing.

    >>> logits = ag.tensor([[2.0, 1.0, 0.0], [0.0, 0.0, 0.0]], requires_grad=True)
    >>> loss = nn.functional.cross_entropy(logits, [0, 2])
    >>> f"{loss:.4f}"
    '0.7531'
    >>> loss.backward()
    >>> logits.grad.numpy().round(3)
    array([[-0.167,  0.122,  0.045],
           [ 0.167,  0.167, -0.333]])
    """
    _check_reduction("cross_entropy", reduction)
    _check_class_settings("cross_entropy", ignore_index, label_smoothing)
    label_smoothing = float(label_smoothing)  # NumPy's float64 would make float32 losses float64
    logits = input if isinstance(input, Tensor) else np.asarray(input)
    logits = in_dtype(logits, _floating_dtype(logits), lambda: "cross_entropy: the logits")
    if len(logits.shape) == 0:
        raise ValueError("cross_entropy: expected logits of shape (C,), (N, C) or (N, C, ...), received ()")
    classes = logits.shape[0] if len(logits.shape) == 1 else logits.shape[1]
    places = logits.shape[:1] * (len(logits.shape) > 1) + logits.shape[2:]
    target = target if isinstance(target, Tensor) else np.asarray(target)
    if target.size == 0 and target.shape == places and not isinstance(target, Tensor):
        target = target.astype(np.intp)  # np.asarray([]) is floating
    if weight is not None:
        weight = _constant("cross_entropy", "weight", weight, logits.dtype)
        if weight.shape != (classes,):
            raise ValueError(f"cross_entropy: expected weight of shape ({classes},), one per class; received {weight.shape}")
    if target.dtype.kind in "iu" and target.shape == places:
        losses = _cross_entropy_of_classes(_by_rows(logits), target, weight, ignore_index, reduction, label_smoothing)
        # A loss for each place is brought into their shape; one row a place is in it already.
        return np.reshape(losses, places) if reduction == "none" and len(places) != 1 else losses
    if target.dtype.kind == "f" and target.shape == logits.shape:
        if ignore_index >= 0:
            raise ValueError(
                f"cross_entropy: ignore_index={ignore_index} is for integer classes; received class probabilities; "
                "make the probabilities of those rows 0"
            )
        target = in_dtype(target, logits.dtype, lambda: "cross_entropy: the class probabilities")
        losses = _distribution_losses(_by_rows(logits), _by_rows(target), weight, label_smoothing)
        return _reduced(np.reshape(losses, places), reduction)
    raise (ValueError if target.dtype.kind in "iuf" else TypeError)(_wrong_target(target, logits, places))


def _cross_entropy_of_classes(
    logits: Any, target: Any, weight: Any, ignore_index: int, reduction: str, label_smoothing: float
) -> Any:
    """The loss of logits (N, C) and integer classes in any shape of N elements: reduced, or with ``"none"`` (N,)."""
    classes, counting = _checked_classes(np.reshape(_plain(target), -1), logits.shape[1], ignore_index)
    weights = None if weight is None else ag.take(weight, classes)
    if counting is not None:
        weights = counting.astype(logits.dtype) if weights is None else np.where(counting, weights, 0)
    scale = _one_over(len(classes) if weights is None else weights.sum()) if reduction == "mean" else 1.0
    if not label_smoothing:
        # Where it can, the graph shows the tensor that it was given.
        given = target if counting is None and isinstance(target, Tensor) and target.ndim == 1 else classes
        return _softmax_cross_entropy(logits, given, weights, scale, rows=reduction == "none")[0]
    one_hot = 1 - _minus_one_hot(np.ones((len(classes), logits.shape[1]), logits.dtype), classes)
    losses = _distribution_losses(logits, one_hot, weight, label_smoothing)
    if counting is not None:
        losses = np.where(counting, losses, 0)
    if reduction == "none":
        return losses
    undefined = np.isnan(scale)  # then the loss is NaN, yet with a gradient of 0
    if isinstance(scale, Tensor):
        return np.where(undefined, math.nan, np.sum(losses) * np.where(undefined, 0, scale))
    return np.sum(losses) * 0 + math.nan if undefined else np.sum(losses) * scale


def _one_over(total: Any) -> Any:
    """1 over a sum of weights, NaN where there is nothing to take the mean of; a number, but inside ``vmap``."""
    if isinstance(total, Tensor):
        nothing = total == 0
        return np.where(nothing, math.nan, 1.0 / (total + nothing))
    return 1.0 / float(total) if total else math.nan


def _plain(x: Any) -> Any:
    """The array of a tensor; inside ``vmap``, where it has none for one example, the tensor."""
    try:
        return x.numpy() if isinstance(x, Tensor) else x
    except ag.BatchingError:
        return x


def _distribution_losses(logits: Any, q: Any, weight: Any, smoothing: float) -> Any:
    """``-sum_c w_c q_c log softmax(logits)_c`` for each row of logits and probabilities (N, C), with ``q`` smoothed."""
    if smoothing:
        q = q * (1 - smoothing) + smoothing / max(q.shape[1], 1)
    if weight is not None:
        q = q * weight
    return -np.sum(q * ag.log_softmax(logits, axis=1), axis=1)


def _by_rows(x: Any) -> Any:
    """Classes on axis 1 of two: (C,) becomes (1, C), and (N, C, ...) becomes (N * ..., C)."""
    if len(x.shape) == 2:
        return x
    if len(x.shape) == 1:
        return np.reshape(x, (1, -1))
    return np.reshape(np.moveaxis(x, 1, -1), (x.shape[0] * math.prod(x.shape[2:]), x.shape[1]))


def _checked_classes(target: Any, classes: int, ignore_index: int) -> tuple[Any, Any]:
    """The classes, with 0 for those that are ignored; and which count, ``None`` for all of them."""
    if isinstance(target, Tensor):  # inside ``vmap``: the ops look at the classes of all examples
        counting = target != ignore_index
        return np.where(counting, target, 0), counting
    # As an unsigned number a negative one is huge, so that one comparison covers both ends.
    if target.astype(np.uint64).max(initial=0) < classes and not 0 <= ignore_index < classes:
        return target, None
    counting = target != ignore_index
    wrong = counting & ((target < 0) | (target >= classes))
    if wrong.any():
        place = int(np.argmax(wrong))
        raise IndexError(
            f"cross_entropy: expected classes from 0 to {classes - 1} (or ignore_index={ignore_index}), received "
            f"{target[place]} at position {place} of the flattened target; {classes} classes are what the logits have"
        )
    return np.where(counting, target, 0), None if counting.all() else counting


def _wrong_target(target: Any, logits: Any, places: tuple[int, ...]) -> str:
    message = (
        f"cross_entropy: for logits of shape {logits.shape} expected integer classes of shape {places}, or floating class "
        f"probabilities of shape {logits.shape}; received {target.dtype} {target.shape}."
    )
    if target.shape == logits.shape:
        return f"{message} For one-hot targets: target.astype(float), or better target.argmax(axis=1)"
    if target.shape == places:
        return f"{message} For classes: target.astype(int)"
    return f"{message} Reshape the target, as with target.reshape({places})"


# ---------------------------------------------------------------- what losses share


def _check_reduction(name: str, reduction: str) -> None:
    if reduction not in _REDUCTIONS:
        raise ValueError(f"{name}: expected reduction 'mean', 'sum' or 'none', received {reduction!r}")


def _check_class_settings(name: str, ignore_index: int, label_smoothing: float) -> None:
    check_whole(name, "ignore_index", ignore_index)
    check_number(name, "label_smoothing", label_smoothing, least=0, most=1)


def _reduced(losses: Any, reduction: str) -> Any:
    if reduction == "none":
        return losses
    total = np.sum(losses)
    if reduction == "sum":
        return total
    return total / losses.size if losses.size else total * math.nan  # not 0 / 0, at which NumPy warns


def _floating_dtype(x: Any) -> "np.dtype[Any]":
    return x.dtype if x.dtype.kind == "f" else np.dtype(np.float64)


def _pair(name: str, input: Any, target: Any) -> tuple[Any, Any]:
    """Predictions and targets in one shape and one dtype: that of the predictions, unless only the target is recorded."""
    x = input if isinstance(input, Tensor) else np.asarray(input)
    y = target if isinstance(target, Tensor) else np.asarray(target)
    if x.shape != y.shape:
        raise ValueError(
            f"{name}: expected input and target of the same shape, received {x.shape} and {y.shape}. "
            f"Nothing is broadcast here; reshape one, as with target.reshape({x.shape})"
        )
    leads = y if isinstance(y, Tensor) and y.requires_grad and not (isinstance(x, Tensor) and x.requires_grad) else x
    dtype = _floating_dtype(leads)
    return in_dtype(x, dtype, lambda: f"{name}: input"), in_dtype(y, dtype, lambda: f"{name}: target")


def _constant(name: str, argument: str, value: Any, dtype: "np.dtype[Any]") -> Any:
    """A weight as an array: a constant, as far as gradients are concerned."""
    if isinstance(value, Tensor):
        if value.requires_grad:
            raise TypeError(_RECORDED_CONSTANT.format(name=name, argument=argument))
        value = _plain(value)
    return in_dtype(value, dtype, lambda: f"{name}: {argument}")


def _broadcasting(name: str, argument: str, value: Any, x: Any) -> Any:
    value = _constant(name, argument, value, x.dtype)
    try:
        fits = np.broadcast_shapes(value.shape, x.shape) == x.shape
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f"{name}: expected {argument} of a shape that broadcasts to {x.shape}, received {value.shape}")
    return value


# ---------------------------------------------------------------- as modules


class _ElementwiseLoss(Module):
    """A loss whose only setting is its reduction."""

    def __init__(self, reduction: str = "mean") -> None:
        _check_reduction(type(self).__name__, reduction)
        self.reduction = reduction

    def extra_repr(self) -> str:
        """Its settings."""
        return f"reduction={self.reduction!r}"


class MSELoss(_ElementwiseLoss):
    """``mse_loss`` as a module.

    >>> nn.MSELoss(reduction="sum")([1.0, 2.0], [0.0, 4.0])
    np.float64(5.0)
    """

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``mse_loss``."""
        return mse_loss(input, target, self.reduction)


class L1Loss(_ElementwiseLoss):
    """``l1_loss`` as a module.

    >>> nn.L1Loss(reduction="sum")([1.0, 2.0], [0.0, 4.0])
    np.float64(3.0)
    """

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``l1_loss``."""
        return l1_loss(input, target, self.reduction)


class BCEWithLogitsLoss(Module):
    """``binary_cross_entropy_with_logits`` as a module; its weights are buffers.

    >>> loss = nn.BCEWithLogitsLoss(pos_weight=[3.0])
    >>> f"{loss([[0.0], [0.0]], [[1.0], [0.0]]):.4f}"
    '1.3863'
    """

    def __init__(self, weight: Any = None, reduction: str = "mean", pos_weight: Any = None) -> None:
        _check_reduction("BCEWithLogitsLoss", reduction)
        self.weight = None if weight is None else Buffer(weight)
        self.reduction = reduction
        self.pos_weight = None if pos_weight is None else Buffer(pos_weight)

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``binary_cross_entropy_with_logits``."""
        return binary_cross_entropy_with_logits(input, target, self.weight, self.reduction, self.pos_weight)

    def extra_repr(self) -> str:
        """Its settings."""
        return f"reduction={self.reduction!r}"


class CrossEntropyLoss(Module):
    """``cross_entropy`` as a module; the weight is a buffer.

    >>> loss = nn.CrossEntropyLoss(reduction="sum")
    >>> f"{loss([[0.0, 0.0], [0.0, 0.0]], [0, 1]):.4f}"
    '1.3863'
    """

    def __init__(
        self, weight: Any = None, ignore_index: int = -100, reduction: str = "mean", label_smoothing: float = 0.0
    ) -> None:
        _check_reduction("CrossEntropyLoss", reduction)
        _check_class_settings("CrossEntropyLoss", ignore_index, label_smoothing)
        self.weight = None if weight is None else Buffer(weight)
        self.ignore_index = ignore_index
        self.reduction = reduction
        self.label_smoothing = label_smoothing

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``cross_entropy``."""
        return cross_entropy(input, target, self.weight, self.ignore_index, self.reduction, self.label_smoothing)

    def extra_repr(self) -> str:
        """Its settings, as far as they are not the usual ones."""
        settings = [f"reduction={self.reduction!r}"]
        if self.ignore_index != -100:
            settings.append(f"ignore_index={self.ignore_index}")
        if self.label_smoothing:
            settings.append(f"label_smoothing={self.label_smoothing}")
        return ", ".join(settings)
