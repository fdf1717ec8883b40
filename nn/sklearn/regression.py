"""``Regressor``: a network that tells numbers, as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.preprocessing import StandardScaler

from nn.inputs import check_switch
from nn.losses import MSELoss
from nn.sklearn.base import NetworkEstimator


class Regressor(RegressorMixin, NetworkEstimator):
    """A network that tells numbers, one or several for each example, for scikit-learn's pipelines and searches.

    Inputs and targets are standardized, so that the network learns from and gives numbers of one size; predictions are in the
    units of ``y``.

    Args:
        module: a function ``(n_features, n_outputs)`` that makes the network, a module with outputs of shape (n, n_outputs),
            also where y is (n,); or ``None`` for the built-in perceptron.
        loss: a loss of ``nn``, or a function of outputs and targets, both (n, n_outputs) and, with ``standardize_target``,
            standardized; ``None`` for the squared error.
        standardize_target: whether targets are standardized. A loss that needs them as they are, such as
            ``nn.PoissonNLLLoss()``, needs ``False``; the network's outputs are the predictions then.
        hidden_layer_sizes, activation, dropout, batch_norm, optimizer, learning_rate, weight_decay, batch_size, epochs,
            early_stopping, validation_fraction, patience, callbacks, standardize, dtype, random_state, verbose, warm_start: as
            in ``Classifier``.

    Attributes:
        target_scaler_: a ``sklearn.preprocessing.StandardScaler`` of the targets, or ``None``.
        module_, scaler_, optimizer_, history_, n_iter_, loss_, n_features_in_, feature_names_in_, n_outputs_: as in
            ``Classifier``. Losses are those of the standardized targets: 1 is a model that always tells the mean.

    **Shapes**: predictions have the shape of y, (n,) or (n, outputs).

    Raises:
        ValueError, TypeError: in ``fit``, for settings that make no sense, or would have no effect beside others.

    >>> rng = np.random.default_rng(0)
    >>> X = rng.uniform(-2, 2, size=(200, 1))
    >>> regressor = nn.sklearn.Regressor(learning_rate=0.01, epochs=30, random_state=0).fit(X, 1000 * np.sin(X[:, 0]))
    >>> regressor.score(X, 1000 * np.sin(X[:, 0])) > 0.98
    True
    """

    target_scaler_: StandardScaler | None

    _settings_of_the_network = (*NetworkEstimator._settings_of_the_network, "standardize_target")

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
        callbacks: Sequence[Any] = (),
        standardize: bool = True,
        standardize_target: bool = True,
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
        self.standardize_target = standardize_target

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn may expect: several numbers for each example, too."""
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Go once through some examples, and go on from all that is there: weights, optimizer, standardization.

        Means and deviations, of inputs and targets, are those of all examples so far.

        Args and **Shapes**: as in ``fit``.

        Raises:
            ValueError, TypeError: as ``fit``; for ``early_stopping``, which looks at all examples.
        """
        self._learn(X, y, sample_weight, anew="module_" not in vars(self), more=True)
        return self

    def predict(self, X: Any) -> np.ndarray[Any, Any]:
        """The numbers for each example. **Shapes**: (n, features) -> (n,) or (n, outputs), as y was."""
        outputs = self._outputs(X)
        if self.target_scaler_ is not None:
            outputs = (outputs * self.target_scaler_.scale_ + self.target_scaler_.mean_).astype(outputs.dtype)
        return outputs[:, 0] if self._one else outputs

    # ---------------------------------------------------------------- learning

    @property
    def _numeric(self) -> bool:
        return True

    def _check_settings(self, receiver: str) -> None:
        super()._check_settings(receiver)
        check_switch(receiver, standardize_target=self.standardize_target)

    def _read(self, y: Any, classes: Any, anew: bool, more: bool, receiver: str) -> tuple[np.ndarray[Any, Any], Any]:
        targets = y[:, np.newaxis] if y.ndim == 1 else y
        if anew:
            self._one = y.ndim == 1
            self.n_outputs_ = targets.shape[1]
        elif targets.shape[1] != self.n_outputs_:
            raise ValueError(
                f"{receiver}: expected {self.n_outputs_} numbers in y for each example as before, received {y.shape}"
            )
        return targets.astype(np.float64, copy=False), None

    def _criterion(self) -> Any:
        return MSELoss() if self.loss is None else self.loss

    def _scale_targets(
        self, targets: np.ndarray[Any, Any], train: np.ndarray[Any, Any], weights: Any, anew: bool, more: bool
    ) -> np.ndarray[Any, Any]:
        if anew:
            self.target_scaler_ = StandardScaler() if self.standardize_target else None
        if self.target_scaler_ is None:
            return targets
        if anew or more:
            self.target_scaler_.partial_fit(targets[train], sample_weight=weights)
        return self.target_scaler_.transform(targets)
