"""Classes for a loss: labels become its targets, and a network's outputs become labels and probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils import check_array, column_or_1d
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target

from nn.functional import log_softmax, logsigmoid, softmax
from nn.losses import BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, MultiLabelSoftMarginLoss, NLLLoss
from nn.training.outputs import probabilities_of

PROBABLE = (CrossEntropyLoss, NLLLoss, BCELoss, BCEWithLogitsLoss, MultiLabelSoftMarginLoss)
_YES_OR_NO = (BCELoss, BCEWithLogitsLoss, MultiLabelSoftMarginLoss)


class Outcomes:
    """The classes that there are, and how a loss takes them.

    Args:
        classes: sorted labels; where ``multilabel``, the numbers of the questions.
        multilabel: whether an example has an answer to each of several questions, 0 or 1.
        loss: the loss; ``None`` for cross-entropy.
        receiver: the name that messages begin with.

    Of one question with one of several answers, targets are numbers of classes, with an output for each. With a loss of one
    output for yes and no they are 0 and 1 in a column.

    Raises:
        ValueError: for more classes than a loss of yes and no takes; several questions with another loss.
    """

    def __init__(self, classes: np.ndarray[Any, Any], multilabel: bool, loss: Any, receiver: str) -> None:
        self.classes = classes
        self.multilabel = multilabel
        self.loss = (BCEWithLogitsLoss() if multilabel else CrossEntropyLoss()) if loss is None else loss
        self.answers = isinstance(self.loss, _YES_OR_NO)  # whether an output is the answer to a question of its own
        if multilabel and not self.answers:
            raise ValueError(
                f"{receiver}: expected a loss for several labels, such as nn.BCEWithLogitsLoss(), for a y with several "
                f"columns; received {self.loss!r}"
            )
        if self.answers and not multilabel and len(classes) != 2:
            raise ValueError(
                f"{receiver}: expected two classes with {self.loss!r}; y has {len(classes)}, for which there is "
                "nn.CrossEntropyLoss()"
            )
        self.n_outputs = 1 if self.answers and not multilabel else len(classes)

    def targets(self, y: np.ndarray[Any, Any], receiver: str) -> np.ndarray[Any, Any]:
        """Labels as targets.

        Raises:
            ValueError: for labels that are none of the classes, with the first one's place.
        """
        if self.multilabel:
            if y.ndim != 2 or y.shape[1] != len(self.classes):
                raise ValueError(f"{receiver}: expected y with {len(self.classes)} columns as before, received {y.shape}")
            return y.astype(np.float64)
        if y.ndim != 1:
            raise ValueError(f"{receiver}: expected y as one label for each example as before, received {y.shape}")
        codes = np.minimum(np.searchsorted(self.classes, y), len(self.classes) - 1)
        wrong = self.classes[codes] != y
        if np.any(wrong):
            place = int(np.argmax(wrong))
            raise ValueError(
                f"{receiver}: expected the classes {', '.join(map(repr, self.classes.tolist()))}; received {y[place]!r} in row "
                f"{place} of y"
            )
        return codes.astype(np.float64)[:, np.newaxis] if self.answers else codes.astype(np.int64)

    def labels(self, outputs: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The most probable labels."""
        if not self.answers:
            return self.classes[outputs.argmax(axis=1)]
        found = (probabilities_of(outputs, self.loss) > 0.5).astype(np.int64)
        return found if self.multilabel else self.classes[found[:, 0]]

    def proba(self, outputs: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The probability of each class, or of each question's yes."""
        if not self.answers:
            return np.asarray(softmax(outputs, dim=1))  # which leaves logarithms of probabilities what they are
        found = probabilities_of(outputs, self.loss)
        if self.multilabel:
            return found
        no = 1 - outputs if isinstance(self.loss, BCELoss) else probabilities_of(-outputs, self.loss)
        return np.concatenate([no, found], axis=1)

    def log_proba(self, outputs: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The logarithms of the probabilities; of logits without a way through probabilities, which may round to 0."""
        if not self.answers:
            return np.asarray(log_softmax(outputs, dim=1))
        if isinstance(self.loss, BCELoss):
            with np.errstate(divide="ignore"):
                return np.log(self.proba(outputs))
        return np.asarray(logsigmoid(outputs if self.multilabel else np.concatenate([-outputs, outputs], axis=1)))


def labels_in(y: Any) -> tuple[np.ndarray[Any, Any], bool]:
    """``y`` as an array of labels, and whether it has several labels for each example.

    Raises:
        ValueError: for numbers that are measured, not labels, and for several columns of more than 0 and 1.
        TypeError: for a sparse ``y``.
    """
    check_classification_targets(y)
    kind = type_of_target(y, input_name="y")
    if kind == "multiclass-multioutput":
        raise ValueError("Classifier: expected one column of labels, or several of 0 and 1; received several of more")
    if kind == "multilabel-indicator":
        labels = check_array(y, dtype=None, input_name="y")
        if not np.isin(labels, (0, 1)).all():
            raise ValueError(f"Classifier: expected 0 and 1 in the columns of y, received {np.unique(labels).tolist()}")
        return labels, True
    return column_or_1d(y, warn=True), False


def weights_by_class(
    class_weight: Any, classes: np.ndarray[Any, Any], y: np.ndarray[Any, Any], weights: np.ndarray[Any, Any] | None
) -> np.ndarray[Any, Any]:
    """The weights of examples, times those of their classes.

    ``"balanced"`` gives all classes the same sum of weights: of weights, not of examples, so that an example of weight 2 is the
    same as two.
    """
    if class_weight == "balanced":
        totals = np.array([np.sum(y == each) if weights is None else np.sum(weights[y == each]) for each in classes], float)
        by_class = np.divide(totals.sum(), totals * np.count_nonzero(totals), out=np.zeros(len(totals)), where=totals > 0)
    else:
        by_class = compute_class_weight(class_weight, classes=classes, y=y)
    found = by_class[np.searchsorted(classes, y)]
    return found if weights is None else found * weights
