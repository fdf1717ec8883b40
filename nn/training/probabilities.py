"""What a model's outputs say about classes, as its loss understands them."""

from typing import Any

import numpy as np

from nn.functional import sigmoid, softmax
from nn.losses.binary import BCELoss, BCEWithLogitsLoss, MultiLabelSoftMarginLoss
from nn.losses.cross_entropies import CrossEntropyLoss
from nn.losses.likelihoods import NLLLoss
from nn.losses.margins import MultiMarginLoss


def of_outputs(outputs: Any, loss: Any) -> Any:
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


def check_labels(outputs: Any, targets: Any, loss: Any, receiver: str) -> None:
    """Refuse targets that are numbers of classes for which the model has no output.

    Args:
        outputs: the model's for one example.
        targets: of all examples.

    Raises:
        ValueError: for such targets, with the first one's place.
    """
    if not isinstance(loss, CrossEntropyLoss | NLLLoss | MultiMarginLoss) or targets is None or np.ndim(outputs) < 2:
        return
    labels = np.asarray(targets)
    if labels.dtype.kind not in "iu":
        return
    count = outputs.shape[1]
    wrong = (labels < 0) | (labels >= count)
    if isinstance(loss, CrossEntropyLoss | NLLLoss):
        wrong &= labels != loss.ignore_index
    if wrong.any():
        place = tuple(int(each) for each in np.argwhere(wrong)[0])
        raise ValueError(
            f"{receiver}: expected labels from 0 to {count - 1}, for each of which the model has an output; received "
            f"{labels[place]} in y at {place[0] if len(place) == 1 else place}, and {int(wrong.sum()) - 1} more"
        )
