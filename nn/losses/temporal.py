"""The loss of a sequence of labels whose places in a longer sequence are not known."""

from typing import Any, ClassVar

import numpy as np

from autograd import Tensor
from nn.inputs import Receiver, as_array, called, check_number, check_switch, check_whole, floating_dtype, in_dtype, plain
from nn.kernels.half_precision import in_single_precision, is_half
from nn.kernels.temporal_classification import ctc
from nn.losses.shared import Loss, check_reduction, reduced
from nn.paths import described


def ctc_loss(
    log_probs: Any,
    targets: Any,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Any:
    """Connectionist temporal classification: ``-log`` of the probability of all ways to spread the targets over the steps.

    Each step emits a class or the blank; blanks and repetitions are left out to read the labels, so that equal labels in a row
    need a blank between them. It is computed in float64, whatever the dtype.

    The gradient is that of ``log_probs`` themselves, minus the probability of passing through each; PyTorch's has
    ``exp(log_probs)`` in addition, which makes no difference once ``log_softmax`` is differentiated through. An infinite loss,
    of an input too short for its labels, has the gradient 0, where PyTorch's is NaN without ``zero_infinity``.

    Args:
        log_probs: log-probabilities of the classes at each step, such as ``log_softmax`` gives them.
        targets: labels, integers from 0 to C - 1 other than ``blank``: a row for each example, of which the first
            ``target_lengths`` count; or those of all examples one after another.
        input_lengths: how many steps of each example count: integers, in an array, list or tuple.
        target_lengths: how many labels each example has.
        blank: the class that stands for no label.
        reduction: ``"mean"``, which divides each loss by its number of labels (by 1 for none) and then takes the mean;
            ``"sum"`` or ``"none"``.
        zero_infinity: whether an infinite loss counts as 0.

    Shapes: ``log_probs`` (T, N, C), ``targets`` (N, S) or (sum of target_lengths,), lengths (N,); or (T, C) with (S,), () and
    () -> ``()``; with ``"none"`` (N,) or ().

    Raises:
        ValueError: for shapes and lengths that do not fit, a target that is the blank, or another reduction.
        IndexError: for a target that ``log_probs`` has no class for.
        TypeError: for complex numbers, and for targets or lengths that are no integers.

    Source: A. Graves et al., Connectionist temporal classification: labelling unsegmented sequence data with recurrent neural
    networks, 2006.

    >>> even = np.log(np.full((2, 1, 2), 0.5))
    >>> f"{np.exp(-nn.functional.ctc_loss(even, [[1]], [2], [1])):.2f}"  # 1 1, 1 - and - 1, of four
    '0.75'
    """
    check_whole("ctc_loss", "blank", blank)
    return _ctc_loss("ctc_loss", log_probs, targets, input_lengths, target_lengths, blank, reduction, zero_infinity)


def _ctc_loss(
    receiver: Receiver,
    log_probs: Any,
    targets: Any,
    input_lengths: Any,
    target_lengths: Any,
    blank: int,
    reduction: str,
    zero_infinity: bool,
) -> Any:
    check_reduction(receiver, reduction)
    x = as_array(log_probs, receiver)
    x = in_dtype(x, floating_dtype(x), lambda: f"{called(receiver)}: log_probs")
    if is_half(x):
        return in_single_precision(
            lambda x: _ctc_loss(receiver, x, targets, input_lengths, target_lengths, blank, reduction, zero_infinity), x
        )
    single = len(x.shape) == 2
    if len(x.shape) not in (2, 3):
        raise ValueError(f"{called(receiver)}: expected log_probs of shape (T, N, C) or (T, C), received {x.shape}")
    if single:
        x = np.reshape(x, (x.shape[0], 1, x.shape[1]))
    steps, examples, classes = x.shape
    if not 0 <= blank < classes:
        raise ValueError(f"{called(receiver)}: expected blank, a class from 0 to {classes - 1}; received {blank}")
    input_lengths = _lengths(receiver, "input_lengths", input_lengths, examples)
    if isinstance(input_lengths, np.ndarray) and input_lengths.max(initial=0) > steps:
        raise ValueError(
            f"{called(receiver)}: expected input_lengths of at most {steps}, the steps there are; received "
            f"{input_lengths.max()}"
        )
    target_lengths = _lengths(receiver, "target_lengths", target_lengths, examples)
    targets = _rows_of_targets(receiver, targets, target_lengths)
    counting = np.arange(targets.shape[1]) < np.reshape(target_lengths, (-1, 1))
    _check_targets(receiver, targets, counting, classes, blank)
    targets = np.where(counting, targets, blank)
    blanks = np.full(targets.shape, blank)
    between = np.reshape(np.stack([blanks, targets], axis=2), (examples, 2 * targets.shape[1]))
    labels = np.concatenate([between, np.full((examples, 1), blank)], axis=1)
    losses = ctc(x, labels, input_lengths, target_lengths, zero_infinity=bool(zero_infinity))
    if reduction == "mean":
        losses = losses / np.maximum(target_lengths, 1).astype(x.dtype)
    return np.reshape(losses, ()) if single and reduction == "none" else reduced(losses, reduction)


def _integers(receiver: Receiver, name: str, value: Any) -> Any:
    value = value if isinstance(value, Tensor) else np.asarray(value)
    if value.size == 0 and not isinstance(value, Tensor):
        value = value.astype(np.intp)  # np.asarray([]) is floating
    if value.dtype.kind not in "iu":
        raise TypeError(f"{called(receiver)}: expected {name}, integers; received {value.dtype}")
    return plain(value.astype(np.intp))  # sums of small or unsigned ones would overflow


def _lengths(receiver: Receiver, name: str, value: Any, examples: int) -> Any:
    """Lengths (N,), not negative; a single example may have a number."""
    value = _integers(receiver, name, value)
    if value.shape == () and examples == 1:
        value = np.reshape(value, (1,))
    if value.shape != (examples,):
        raise ValueError(f"{called(receiver)}: expected {name} of shape ({examples},), one per example; received {value.shape}")
    if isinstance(value, np.ndarray) and value.min(initial=0) < 0:  # in ``vmap`` the op looks at the lengths of all examples
        raise ValueError(f"{called(receiver)}: expected {name} of 0 or more, received {value.min()}")
    return value


def _rows_of_targets(receiver: Receiver, targets: Any, lengths: Any) -> Any:
    """The targets with a row for each example."""
    targets = _integers(receiver, "targets", targets)
    known = isinstance(lengths, np.ndarray)
    if len(targets.shape) == 2 and targets.shape[0] == len(lengths):
        longest = int(lengths.max(initial=0)) if known else 0
        if longest > targets.shape[1]:
            raise ValueError(
                f"{called(receiver)}: expected targets with room for target_lengths of up to {longest}; received "
                f"{targets.shape[1]} columns"
            )
        return targets[:, :longest] if known else targets
    if len(targets.shape) != 1:
        raise ValueError(
            f"{called(receiver)}: expected targets of shape ({len(lengths)}, S), a row per example, or one after another, "
            f"(sum of target_lengths,); received {targets.shape}"
        )
    if not known:
        raise TypeError(
            f"{called(receiver)}: expected targets as rows, since target_lengths differ between the examples of vmap; received "
            f"shape {targets.shape}"
        )
    if targets.shape[0] != lengths.sum():
        raise ValueError(
            f"{called(receiver)}: expected as many targets one after another as target_lengths add up to, {lengths.sum()}; "
            f"received {targets.shape[0]}"
        )
    starts = np.cumsum(lengths) - lengths
    places = starts[:, np.newaxis] + np.arange(lengths.max(initial=0))
    if not targets.shape[0]:
        return np.zeros(places.shape, np.intp)
    return np.take(targets, np.minimum(places, targets.shape[0] - 1))


def _check_targets(receiver: Receiver, targets: Any, counting: Any, classes: int, blank: int) -> None:
    if isinstance(targets, Tensor) or isinstance(counting, Tensor):  # in ``vmap`` the op looks at those of all examples
        return
    for wrong in (counting & ((targets < 0) | (targets >= classes)), counting & (targets == blank)):
        if wrong.any():
            example, place = np.argwhere(wrong)[0]
            found = targets[example, place]
            raise (ValueError if found == blank else IndexError)(
                f"{called(receiver)}: expected targets from 0 to {classes - 1} other than the blank, {blank}; received "
                f"{found} at position {place} of example {example}"
            )


class CTCLoss(Loss):
    """``ctc_loss`` as a module.

    >>> even = np.log(np.full((2, 1, 2), 0.5))
    >>> f"{np.exp(-nn.CTCLoss()(even, [[1]], [2], [1])):.2f}"
    '0.75'
    """

    usual: ClassVar = {"blank": 0, "zero_infinity": False}

    def __init__(self, blank: int = 0, reduction: str = "mean", zero_infinity: bool = False) -> None:
        super().__init__(reduction)
        check_whole("CTCLoss", "blank", blank)
        check_number("CTCLoss", "blank", blank, least=0)
        check_switch("CTCLoss", zero_infinity=zero_infinity)
        self.blank = blank
        self.zero_infinity = bool(zero_infinity)

    def forward(self, log_probs: Any, targets: Any, input_lengths: Any, target_lengths: Any) -> Any:
        """The loss; shapes as in ``ctc_loss``."""
        return _ctc_loss(
            lambda: described(self),
            log_probs,
            targets,
            input_lengths,
            target_lengths,
            self.blank,
            self.reduction,
            self.zero_infinity,
        )
