"""What a model's outputs are, as its loss understands them: whether targets fit them, and what probabilities they stand for."""

from typing import Any

import numpy as np

from autograd import Tensor
from nn.functional import sigmoid, softmax
from nn.losses.binary import BCELoss, BCEWithLogitsLoss, MultiLabelSoftMarginLoss
from nn.losses.cross_entropies import CrossEntropyLoss
from nn.losses.likelihoods import NLLLoss
from nn.losses.margins import MultiMarginLoss
from nn.losses.regression import HuberLoss, L1Loss, MSELoss, SmoothL1Loss

ELEMENTWISE = (MSELoss, L1Loss, HuberLoss, SmoothL1Loss, BCELoss, BCEWithLogitsLoss)


def probabilities_of(outputs: Any, loss: Any) -> Any:
    """The probabilities that outputs stand for.

    Raises:
        TypeError: for a loss whose inputs are no probabilities, and stand for none.
    """
    if isinstance(loss, CrossEntropyLoss):
        return np.asarray(softmax(outputs, dim=min(1, outputs.ndim - 1)))
    if isinstance(loss, BCEWithLogitsLoss | MultiLabelSoftMarginLoss):
        return np.asarray(sigmoid(outputs))
    if isinstance(loss, NLLLoss):
        return np.exp(outputs)
    if isinstance(loss, BCELoss):
        return outputs
    raise TypeError(
        "Trainer.predict_proba: expected a loss whose inputs stand for probabilities (CrossEntropyLoss, BCEWithLogitsLoss, "
        f"BCELoss, NLLLoss), received {loss!r}; predict gives the outputs"
    )


def check_targets(outputs: Any, targets: Any, loss: Any, receiver: str) -> None:
    """Refuse targets that do not fit the model's outputs, and say how they would.

    Args:
        outputs: the model's for one example.
        targets: of all examples; ``None`` where they are not in memory.
        loss: a loss of ``nn``; of others nothing is known.
        receiver: the name that messages begin with.

    Raises:
        ValueError: for targets of another shape, numbers of classes for which there is no output, and what is no probability
            where one is expected.
    """
    if not isinstance(targets, np.ndarray) or not isinstance(outputs, Tensor):
        return
    if isinstance(loss, CrossEntropyLoss | NLLLoss | MultiMarginLoss):
        if targets.dtype.kind in "biu" and outputs.ndim >= 2:
            _check_labels(outputs, targets, loss, receiver)
    elif isinstance(loss, ELEMENTWISE):
        if targets.shape[1:] != outputs.shape[1:]:
            shape = ", ".join(map(str, (-1, *outputs.shape[1:])))
            advice = f"; write y.reshape({shape})" if targets[:1].size == outputs.size else ""
            raise ValueError(
                f"{receiver}: expected y of shape {_told(outputs.shape[1:])}, as the model's outputs are; received "
                f"{targets.shape}{advice}"
            )
        if isinstance(loss, BCELoss | BCEWithLogitsLoss) and (wrong := (targets < 0) | (targets > 1)).any():
            raise ValueError(
                f"{receiver}: expected y from 0 to 1 for {type(loss).__name__}, received {_first(targets, wrong)}; for more "
                "than two classes there is nn.CrossEntropyLoss"
            )


def _check_labels(outputs: Tensor, labels: "np.ndarray[Any, Any]", loss: Any, receiver: str) -> None:
    expected = outputs.shape[2:]
    if labels.shape[1:] != expected:
        advice = "; write y.reshape(-1)" if not expected and labels[:1].size == 1 else ""
        raise ValueError(
            f"{receiver}: expected y of shape {_told(expected)}, numbers of classes; received {labels.shape}{advice}"
        )
    count = outputs.shape[1]
    wrong = (labels < 0) | (labels >= count)
    if isinstance(loss, CrossEntropyLoss | NLLLoss):
        wrong &= labels != loss.ignore_index
    if wrong.any():
        raise ValueError(
            f"{receiver}: expected labels from 0 to {count - 1}, for each of which the model has an output; received "
            f"{_first(labels, wrong)}"
        )


def _first(targets: "np.ndarray[Any, Any]", wrong: "np.ndarray[Any, Any]") -> str:
    """The first of the wrong targets, its place, and how many more there are."""
    place = tuple(int(each) for each in np.argwhere(wrong)[0])
    others = int(wrong.sum()) - 1
    more = f", and {others} more" if others else ""
    return f"{targets[place]} in y at {place[0] if len(place) == 1 else place}{more}"


def _told(shape: tuple[int, ...]) -> str:
    """The shape of all examples, where that of one is given."""
    return f"(N{''.join([f', {size}' for size in shape]) or ','})"
