"""From what a model gives to labels: which classes were predicted, and which were right.

Note [what predictions are]. The shapes and the dtype decide, never the values alone:

- scores of classes, (N, C, ...) with C of 2 or more against integer targets (N, ...): the class of the largest score, the
  first one of equals. Logits and probabilities give the same. Targets may also be one-hot rows (N, C);
- integers of the targets' shape: predicted labels;
- floats of the targets' shape, or (N, 1, ...) against (N, ...): binary scores, each compared with a ``threshold``, which has to
  be given, since 0.5 is wrong for logits and 0 is wrong for probabilities. Targets are 0 and 1.
"""

from typing import Any, NamedTuple

import numpy as np

from autograd import Tensor
from nn.inputs import as_array, check_number, check_whole

EITHER = "predictions of the targets' shape (N, ...), or scores of classes (N, C, ...) for targets (N, ...)"


class Labels(NamedTuple):
    """Labels of one batch, of one shape (N, ...)."""

    predicted: Any  # integers, or bool of two classes
    actual: Any
    classes: int | None  # how many there are, where the predictions say so
    kept: Any  # True where a target counts; None where all do


def plain_array(x: Any, receiver: str, what: str) -> Any:
    """A tensor's, an array's or a list's numbers as an array.

    Raises:
        TypeError: for what is not numeric.
        ValueError: for lists of several lengths.
    """
    if isinstance(x, Tensor):
        x = x.numpy()
    elif not isinstance(x, np.ndarray):
        x = as_array(x, receiver)
    if x.dtype.kind not in "fiub":
        raise TypeError(f"{receiver}: expected {what}, real numbers; received {x.dtype}")
    return x


def check_label_settings(receiver: str, threshold: float | None, ignore_index: int | None) -> None:
    """Refuse what is no threshold, and what is no label."""
    if threshold is not None:
        check_number(receiver, "threshold", threshold)
    if ignore_index is not None:
        check_whole(receiver, "ignore_index", ignore_index)


def labels_of(
    receiver: str,
    predictions: Any,
    targets: Any,
    threshold: float | None = None,
    ignore_index: int | None = None,
    num_classes: int | None = None,
) -> Labels:
    """Predicted and actual labels, see Note [what predictions are].

    Raises:
        TypeError: for what is not numeric.
        ValueError: for shapes that do not belong together, binary scores without a threshold, NaN among the scores, and labels
            that are not whole, negative, or too large.
    """
    predictions = plain_array(predictions, receiver, "predictions")
    targets = plain_array(targets, receiver, "targets")
    shape, expected = predictions.shape, targets.shape
    if not expected or len(shape) < len(expected):
        raise misfit(receiver, shape, expected)
    if shape == expected:
        if threshold is None and predictions.dtype.kind == "f" and predictions.size:  # an empty list is of floats
            if targets.ndim != 2 or not is_one_hot(targets):
                raise _unthresholded(receiver, shape, expected)
            targets = targets.argmax(axis=1)
    elif shape[:1] + shape[2:] != expected:
        raise misfit(receiver, shape, expected)
    elif shape[1] == 1:
        predictions = predictions.reshape(expected)
        if threshold is None and predictions.dtype.kind == "f" and predictions.size:
            raise _unthresholded(receiver, shape, expected)
    classes: int | None
    if predictions.ndim > targets.ndim:  # scores of classes
        classes = shape[1]
        if threshold is not None:
            raise ValueError(
                f"{receiver}: expected binary scores for threshold={threshold}, received scores of {classes} classes, shape "
                f"{shape}; leave the threshold out, or give the scores of one class: predictions[:, 1]"
            )
        check_width(receiver, shape, num_classes)
        check_no_nan(receiver, predictions)
        predicted = predictions.argmax(axis=1)
    elif threshold is not None:
        classes = 2
        if num_classes == 1:
            raise ValueError(f"{receiver}: expected num_classes of 2 or more for binary scores, received 1")
        check_no_nan(receiver, predictions)
        predicted = predictions > threshold
    else:
        classes = None
        predicted = predictions
    kept = None if ignore_index is None else targets != ignore_index
    limit = num_classes if classes is None else classes
    actual = checked_labels(receiver, "targets", targets, limit, kept)
    if classes is None:
        predicted = checked_labels(receiver, "predictions", predicted, limit, kept)
    return Labels(predicted, actual, classes, kept)


def class_scores_of(
    receiver: str, predictions: Any, targets: Any, ignore_index: int | None = None, num_classes: int | None = None
) -> tuple[Any, Any, Any]:
    """Scores of classes (N, C, ...), their labels (N, ...), and which of these count (``None`` where all do).

    Raises:
        TypeError: for what is not numeric.
        ValueError: for other shapes, NaN among the scores, and labels that are not whole, negative, or too large.
    """
    scores = plain_array(predictions, receiver, "predictions")
    targets = plain_array(targets, receiver, "targets")
    if scores.ndim == 2 and scores.shape == targets.shape and is_one_hot(targets):
        targets = targets.argmax(axis=1)
    if scores.ndim < 2 or scores.shape[:1] + scores.shape[2:] != targets.shape:
        raise misfit(receiver, scores.shape, targets.shape, "scores of classes (N, C, ...) for targets (N, ...)")
    check_width(receiver, scores.shape, num_classes)
    check_no_nan(receiver, scores)
    kept = None if ignore_index is None else targets != ignore_index
    return scores, checked_labels(receiver, "targets", targets, scores.shape[1], kept), kept


def element_weights(receiver: str, sample_weight: Any, shape: tuple[int, ...]) -> Any:
    """Weights in float64 that broadcast to ``shape``, from one for each example or one for each element.

    Raises:
        TypeError: for what is not numeric.
        ValueError: for another shape, and weights that are negative or not finite.
    """
    weights = plain_array(sample_weight, receiver, "sample_weight").astype(np.float64)
    if weights.shape != shape and weights.shape != shape[:1]:
        raise ValueError(
            f"{receiver}: expected sample_weight, one number for each example: shape {shape[:1]}; received {weights.shape}"
        )
    wrong = ~((weights >= 0) & (weights < np.inf))
    if wrong.any():
        where = first_place(wrong)
        raise ValueError(
            f"{receiver}: expected sample_weight of finite numbers, none negative; received {weights[where]} at {place(where)}"
        )
    return np.broadcast_to(weights.reshape(weights.shape + (1,) * (len(shape) - weights.ndim)), shape)


def flat_labels(receiver: str, labels: Labels, sample_weight: Any) -> tuple[Any, Any, Any, int]:
    """Predicted and actual labels that count, in one row each; their weights or ``None``; and how many classes they need."""
    predicted, actual, classes, kept = labels
    weights = None if sample_weight is None else element_weights(receiver, sample_weight, actual.shape)
    if kept is not None:
        predicted, actual = predicted[kept], actual[kept]
        weights = None if weights is None else weights[kept]
    predicted, actual = [each.ravel().astype(np.intp, copy=False) for each in (predicted, actual)]
    weights = None if weights is None else weights.ravel()
    if classes is None:
        classes = int(max(predicted.max(), actual.max())) + 1 if actual.size else 0
    return predicted, actual, weights, classes


def counted(receiver: str, right: Any, sample_weight: Any, kept: Any = None) -> tuple[float, float]:
    """How much is ``right``, and how much there is: whole numbers without weights, and float64 with them."""
    if sample_weight is None:
        if kept is None:
            return int(np.count_nonzero(right)), right.size
        return int(np.count_nonzero(right & kept)), int(np.count_nonzero(kept))
    weights = element_weights(receiver, sample_weight, right.shape)
    if kept is not None:
        weights = weights * kept
    return float((weights * right).sum()), float(weights.sum())


# ---------------------------------------------------------------- checks


def checked_labels(receiver: str, what: str, labels: Any, classes: int | None, kept: Any) -> Any:
    """The labels as integers, each from 0 to ``classes``."""
    kind = labels.dtype.kind
    if kind == "f":
        numbers = labels.astype(np.float64)
        wrong = ~((np.abs(numbers) < 2.0**53) & (numbers == np.rint(numbers)))  # NaN is less than nothing
        if wrong.any():
            where = first_place(wrong)
            raise ValueError(
                f"{receiver}: expected {what}, labels that are whole numbers; received {labels[where]} at {place(where)}"
            )
        labels = labels.astype(np.int64)
    elif kind == "b":
        labels = labels.view(np.int8)
    if not labels.dtype.isnative:
        labels = labels.astype(labels.dtype.newbyteorder("="))
    if labels.size:
        # Seen as unsigned, a negative number is a large one: one pass finds both.
        largest = int(labels.view(f"u{labels.itemsize}").max())
        if largest >= (2 ** (8 * labels.itemsize - 1) if classes is None and kind != "u" else classes or 2**64):
            _refuse_range(receiver, what, labels, classes, kept)
    return labels


def _refuse_range(receiver: str, what: str, labels: Any, classes: int | None, kept: Any) -> None:
    wrong = labels < 0
    if classes is not None:
        wrong = wrong | (labels >= classes)
    if kept is not None:
        wrong = wrong & kept
    if not wrong.any():
        return
    where = first_place(wrong)
    bounds = "none negative" if classes is None else f"from 0 to {classes - 1}"
    advice = "; to leave such targets out, pass ignore_index" if what == "targets" and labels[where] < 0 else ""
    raise ValueError(f"{receiver}: expected {what}, labels {bounds}; received {labels[where]} at {place(where)}{advice}")


def check_no_nan(receiver: str, scores: Any) -> None:
    """Refuse NaN, which ``argmax`` takes for the largest number, and which no comparison holds for."""
    if scores.dtype.kind == "f" and scores.size:
        largest = scores.max()  # NaN, if one is
        if largest != largest:
            where = first_place(np.isnan(scores))
            raise ValueError(f"{receiver}: expected predictions without NaN, received NaN at {place(where)}")


def check_width(receiver: str, shape: tuple[int, ...], num_classes: int | None) -> None:
    """Refuse scores of shape (N, C, ...) of no class, or of another number of them than ``num_classes``."""
    if not shape[1] or num_classes not in (None, shape[1]):
        wanted = "classes" if num_classes is None else f"{num_classes} classes"
        raise ValueError(f"{receiver}: expected scores of {wanted} along axis 1, received shape {shape}")


def is_one_hot(targets: Any) -> bool:
    """Whether each row (N, C) has a single 1, and 0 elsewhere."""
    if targets.shape[1] < 2:
        return False
    ones = targets == 1
    return bool((ones.sum(axis=1) == 1).all() and (ones | (targets == 0)).all())


def _unthresholded(receiver: str, shape: tuple[int, ...], expected: tuple[int, ...]) -> ValueError:
    return ValueError(
        f"{receiver}: expected a threshold for binary scores, floats of shape {shape} against targets {expected}; write "
        "threshold=0.0 for logits, threshold=0.5 for probabilities; give predicted labels as integers, and scores of classes "
        "as (N, C, ...) with targets (N, ...)"
    )


def misfit(receiver: str, shape: tuple[int, ...], expected: tuple[int, ...], wanted: str = EITHER) -> ValueError:
    """The error for predictions and targets whose shapes do not belong together."""
    advice = ""
    if len(shape) and expected == (shape[0], 1):
        advice = "; write targets[:, 0]"
    elif shape[:1] != expected[:1] and shape and expected:
        advice = f"; there are {shape[0]} predictions and {expected[0]} targets"
    elif len(shape) > 2 and shape[:-1] == expected:
        advice = "; classes stand along axis 1: write np.moveaxis(predictions, -1, 1)"
    return ValueError(f"{receiver}: expected {wanted}; received predictions {shape} and targets {expected}{advice}")


def first_place(wrong: Any) -> tuple[int, ...]:
    """The index of the first ``True``."""
    return tuple([int(each[0]) for each in np.nonzero(wrong)])


def place(where: tuple[int, ...]) -> str:
    """An index, in words."""
    return f"index {where[0]}" if len(where) == 1 else f"index {where}"
