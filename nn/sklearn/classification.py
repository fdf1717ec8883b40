"""``Classifier``: a network that tells classes, as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.metaestimators import available_if

from nn.sklearn.base import NetworkEstimator
from nn.sklearn.outcomes import PROBABLE, Outcomes, labels_in, weights_by_class


def _gives_probabilities(estimator: Any) -> bool:
    """Whether the loss says what probabilities are: that which was learned with, before ``fit`` that of the settings."""
    outcomes = vars(estimator).get("_outcomes")
    loss = estimator.loss if outcomes is None else outcomes.loss
    return loss is None or isinstance(loss, PROBABLE)


class Classifier(ClassifierMixin, NetworkEstimator):
    """A network that tells classes, for scikit-learn's pipelines, searches and cross-validation.

    Settings are looked at in ``fit``, as scikit-learn does. By default the network is a perceptron with two hidden layers, on
    inputs that are standardized: each column less its mean, divided by its deviation, both learned from the training data.

    Args:
        module: a function ``(n_features, n_outputs)`` that makes the network, a module with logits of shape (n, n_outputs); or
            ``None`` for the built-in perceptron. With a function inputs may have more axes than two: images, sequences. To
            pickle the estimator, define it with ``def`` in a module.
        hidden_layer_sizes: the widths of the perceptron's hidden layers; ``()`` for none, which is a linear model.
        activation: behind each hidden layer: ``"relu"``, ``"tanh"``, ``"gelu"``, ..., or a class such as ``nn.PReLU``.
        dropout: how much dropout there is behind each activation, from 0 to 1.
        batch_norm: whether there is batch norm in front of each activation.
        loss: a loss of ``nn``, or a function of outputs and numbers of classes; ``None`` for cross-entropy.
            ``BCEWithLogitsLoss`` is for two classes, and then the network has one output.
        optimizer: ``"adam"``, ``"adamw"``, ``"sgd"``, ..., or a class of ``nn.optim``; or a function of the parameters that
            makes an optimizer, with its own settings.
        learning_rate: of the optimizer; ``None`` for its own default, which is 0.001 for Adam.
        weight_decay: of the optimizer; ``None`` for its own default, which is 0, but 0.01 for AdamW.
        batch_size: the number of examples in a batch; ``None`` for all of them in one.
        epochs: how often ``fit`` goes through the data.
        early_stopping: whether to hold examples out, of each class its share, and to stop when the loss on them gets no
            better; the network has the weights of its best epoch then.
        validation_fraction: the share that is held out.
        patience: after how many epochs without a better loss to stop.
        class_weight: how much each class counts: ``{label: weight}``, or ``"balanced"``, which makes all count alike.
        callbacks: callbacks of ``nn.callbacks``, used as they are given; ``clone``, and so searches, copy them.
        standardize: whether inputs are standardized. Of inputs with more axes each element is a feature of its own.
        dtype: of the network: ``np.float32`` or ``np.float64``. By default that of X, or float64 where X is not floating; a
            module of one's own has its own.
        random_state: a number, the same one gives the same bits; a ``RandomState``; or ``None``, with which ``ag.seed`` counts.
            Nothing of what is drawn here moves the library's generator, but the seed that is drawn for ``None``.
        verbose: whether to show a bar for each epoch.
        warm_start: whether another ``fit`` goes on from the weights that are there, and the standardization that they were
            learned with; the optimizer begins anew.

    Attributes:
        classes_: the labels, sorted; of several labels for each example the numbers of the columns.
        module_: the network, in evaluation mode. Its inputs are ``scaler_.transform(X)``.
        scaler_: a ``sklearn.preprocessing.StandardScaler``, or ``None``.
        optimizer_: the optimizer, with its state.
        history_: the ``nn.History``: ``loss`` of each epoch, with ``early_stopping`` also ``val_loss``.
        n_iter_, loss_: how many epochs there were, and the loss of the last one.
        n_features_in_, feature_names_in_, n_outputs_: what X was, and how many outputs the network has.

    ``y`` may also have several columns of 0 and 1, for examples to which several labels apply: each output is a question of its
    own then, the loss ``BCEWithLogitsLoss``, and ``predict_proba`` gives the probabilities of 1, as ``MLPClassifier`` does.

    A weight of 2 is the same as an example that comes twice where there is one batch (``batch_size=None``) without batch norm,
    dropout and early stopping. In smaller batches it is the same on average only.

    Fits with a ``module`` of one's own wait for each other in threads, since such a module draws from the library's generator.

    Raises:
        ValueError, TypeError: in ``fit``, for settings that make no sense, or would have no effect beside others.

    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import cross_val_score
    >>> X, y = load_iris(return_X_y=True)
    >>> classifier = nn.sklearn.Classifier(hidden_layer_sizes=(16,), learning_rate=0.02, epochs=20, random_state=0)
    >>> bool(cross_val_score(classifier, X, y, cv=3).mean() > 0.9)
    True

    A module of one's own:

    >>> def network(n_features, n_outputs):
    ...     return nn.Sequential(nn.Linear(n_features, 8), nn.Tanh(), nn.Linear(8, n_outputs))
    >>> classifier = nn.sklearn.Classifier(network, optimizer="adamw", epochs=2, random_state=0).fit(X, y)
    >>> classifier.predict_proba(X[:2]).shape
    (2, 3)
    """

    classes_: np.ndarray[Any, Any]
    _outcomes: Outcomes

    def __init__(
        self,
        module: Any = None,
        *,
        hidden_layer_sizes: Any = (64, 32),
        activation: Any = "relu",
        dropout: float = 0.0,
        batch_norm: bool = False,
        loss: Any = None,
        optimizer: Any = "adam",
        learning_rate: float | None = None,
        weight_decay: float | None = None,
        batch_size: int | None = 32,
        epochs: int = 100,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        patience: int = 10,
        class_weight: Any = None,
        callbacks: Sequence[Any] = (),
        standardize: bool = True,
        dtype: Any = None,
        random_state: Any = None,
        verbose: bool = False,
        warm_start: bool = False,
    ) -> None:
        super().__init__(
            module=module,
            hidden_layer_sizes=hidden_layer_sizes,
            activation=activation,
            dropout=dropout,
            batch_norm=batch_norm,
            loss=loss,
            optimizer=optimizer,
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            batch_size=batch_size,
            epochs=epochs,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            patience=patience,
            callbacks=callbacks,
            standardize=standardize,
            dtype=dtype,
            random_state=random_state,
            verbose=verbose,
            warm_start=warm_start,
        )
        self.class_weight = class_weight

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn may expect: several labels for each example, too."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Go once through some examples, and go on from all that is there: weights, optimizer, standardization.

        Args:
            X: inputs.
            y: labels.
            classes: all labels that there will be; needed in the first call, but where y has several columns.
            sample_weight: how much each example counts.

        Means and deviations of the inputs are those of all examples so far.

        **Shapes**: as in ``fit``.

        Raises:
            ValueError: for labels that are none of the classes, other classes than in the first call, no classes there, and
                settings that look at all examples.
            TypeError: as ``fit``.

        >>> classifier = nn.sklearn.Classifier(random_state=0)
        >>> classifier.partial_fit([[0.0, 1.0], [1.0, 0.0]], ["b", "a"], classes=["a", "b", "c"]).classes_
        array(['a', 'b', 'c'], dtype='<U1')
        """
        receiver = "Classifier.partial_fit"
        if isinstance(self.class_weight, str):
            raise ValueError(
                f"{receiver}: expected class_weight as a dict, since one call does not see all examples; received "
                f"{self.class_weight!r}: compute it from all labels with sklearn.utils.class_weight.compute_class_weight"
            )
        self._learn(X, y, sample_weight, anew="module_" not in vars(self), more=True, classes=classes)
        return self

    def predict(self, X: Any) -> np.ndarray[Any, Any]:
        """The most probable label of each example. **Shapes**: (n, features) -> (n,), or (n, labels) of several labels."""
        outputs = self._outputs(X)
        return self._outcomes.labels(outputs)

    @available_if(_gives_probabilities)
    def predict_proba(self, X: Any) -> np.ndarray[Any, Any]:
        """How probable each class is, in the order of ``classes_``; there for losses that say what probabilities are.

        **Shapes**: (n, features) -> (n, classes).
        """
        outputs = self._outputs(X)
        return self._outcomes.proba(outputs)

    @available_if(_gives_probabilities)
    def predict_log_proba(self, X: Any) -> np.ndarray[Any, Any]:
        """The logarithms of ``predict_proba``. **Shapes**: (n, features) -> (n, classes)."""
        outputs = self._outputs(X)
        return self._outcomes.log_proba(outputs)

    # ---------------------------------------------------------------- learning

    def _read(self, y: Any, classes: Any, anew: bool, more: bool, receiver: str) -> tuple[np.ndarray[Any, Any], Any]:
        labels, multilabel = labels_in(y)
        announced = None if classes is None else np.unique(classes)
        if anew:
            if multilabel:
                announced = np.arange(labels.shape[1])
            elif announced is None:
                if more:
                    raise ValueError(f"{receiver}: expected classes, all labels that there will be, in the first call")
                announced = np.unique(labels)
            outcomes = Outcomes(announced, multilabel, self.loss, receiver)
            self.classes_, self.n_outputs_ = announced, outcomes.n_outputs
        else:
            if announced is not None and not np.array_equal(announced, self.classes_):
                raise ValueError(
                    f"{receiver}: expected the classes that are known, {self.classes_.tolist()}; received {announced.tolist()}"
                )
            outcomes = Outcomes(self.classes_, self._outcomes.multilabel, self.loss, receiver)
            if outcomes.n_outputs != self.n_outputs_:
                raise ValueError(
                    f"{receiver}: expected a loss for the {self.n_outputs_} outputs of the network that is there, received "
                    f"{self.loss!r} for {outcomes.n_outputs}; begin anew with clone(classifier)"
                )
        self._outcomes = outcomes
        return outcomes.targets(labels, receiver), None if multilabel else labels

    def _criterion(self) -> Any:
        return self._outcomes.loss

    def _weights(self, y: np.ndarray[Any, Any], weights: Any) -> Any:
        if self.class_weight is None:
            return weights
        labels, multilabel = labels_in(y)
        if multilabel:
            raise ValueError("Classifier: class_weight is for one label for each example, y has several; use sample_weight")
        return weights_by_class(self.class_weight, self.classes_, labels, weights)
