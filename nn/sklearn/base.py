"""What both estimators are: settings, and one way of learning from them, with ``Trainer``.

``fit`` begins anew, or, with ``warm_start``, goes on from the weights that are there; ``partial_fit`` goes on from all that is
there, the optimizer too, for one epoch. ``_learn`` is all three of them.
"""

from __future__ import annotations

import inspect
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.preprocessing import StandardScaler
from sklearn.utils import check_array
from sklearn.utils.validation import check_is_fitted, validate_data

from nn.callbacks import EarlyStopping
from nn.data.datasets import TensorDataset
from nn.data.loader import DataLoader
from nn.data.splitting import train_test_split
from nn.evaluation import called_with, evaluating
from nn.inputs import check_number, check_switch, check_whole
from nn.layers import BatchNorm1d, BatchNorm2d, BatchNorm3d
from nn.module import Module
from nn.optim import Optimizer
from nn.sklearn.networks import activation_of, module_of, optimizer_of, perceptron, sizes_of
from nn.sklearn.randomness import generator_of, lent_to_the_library
from nn.training import History, Trainer
from nn.training.batches import joined

_FLOATS = (np.float64, np.float32)
_PREDICTED = 1024  # examples in a batch of predictions


class NetworkEstimator(BaseEstimator, ABC):
    """A network with scikit-learn's interface: what ``Classifier`` and ``Regressor`` share."""

    module_: Module
    optimizer_: Optimizer
    history_: History
    scaler_: StandardScaler | None
    n_features_in_: int
    n_outputs_: int

    _settings_of_the_network: ClassVar[tuple[str, ...]] = (
        "module",
        "hidden_layer_sizes",
        "activation",
        "dropout",
        "batch_norm",
        "standardize",
        "dtype",
    )

    def __init__(
        self,
        module: Any,
        hidden_layer_sizes: Any,
        activation: Any,
        dropout: float,
        batch_norm: bool,
        loss: Any,
        optimizer: Any,
        learning_rate: float | None,
        weight_decay: float | None,
        batch_size: int | None,
        epochs: int,
        early_stopping: bool,
        validation_fraction: float,
        patience: int,
        callbacks: Sequence[Any],
        standardize: bool,
        dtype: Any,
        random_state: Any,
        verbose: bool,
        warm_start: bool,
    ) -> None:
        self.module = module
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.dropout = dropout
        self.batch_norm = batch_norm
        self.loss = loss
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.batch_size = batch_size
        self.epochs = epochs
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.callbacks = callbacks
        self.standardize = standardize
        self.dtype = dtype
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start

    # ---------------------------------------------------------------- what a kind of estimator adds

    @abstractmethod
    def _read(self, y: Any, classes: Any, anew: bool, more: bool, receiver: str) -> tuple[np.ndarray[Any, Any], Any]:
        """``y`` as targets of the loss, and labels to keep the shares of when some are held out, or ``None``.

        With ``anew``, what ``y`` looks like is remembered; ``classes`` says it where there will be ``more`` examples.
        """

    @abstractmethod
    def _criterion(self) -> Callable[[Any, Any], Any]:
        """The loss."""

    def _weights(self, y: np.ndarray[Any, Any], weights: Any) -> Any:
        """How much each example counts, or ``None``."""
        return weights

    def _scale_targets(
        self, targets: np.ndarray[Any, Any], train: np.ndarray[Any, Any], weights: Any, anew: bool, more: bool
    ) -> np.ndarray[Any, Any]:
        """The targets as the loss takes them; those of ``train`` tell how."""
        return targets

    # ---------------------------------------------------------------- learning

    @property
    def n_iter_(self) -> int:
        """How many epochs the network has learned for."""
        return self.history_.epochs

    @property
    def loss_(self) -> float:
        """The loss of the last epoch; NaN when training was broken off in the first one."""
        return self.history_["loss"][-1] if self.history_.epochs else math.nan

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn from examples, anew or, with ``warm_start``, from the weights that are there.

        Args:
            X: inputs: an array, a list, or a pandas frame.
            y: what is to be predicted.
            sample_weight: how much each example counts.

        Returns:
            The estimator.

        **Shapes**: X (n, features), with a ``module`` of one's own also (n, ...); y (n,) or (n, outputs); sample_weight (n,).

        Raises:
            ValueError, TypeError: for data and settings that make no sense.
            FloatingPointError: when the loss becomes NaN or infinite.
        """
        self._learn(X, y, sample_weight, anew=not (self.warm_start and "module_" in vars(self)), more=False)
        return self

    def _learn(self, X: Any, y: Any, sample_weight: Any, *, anew: bool, more: bool, classes: Any = None) -> None:
        """Read the data, make what is not there yet, and train: for one epoch if there are to be ``more`` calls."""
        receiver = f"{type(self).__name__}.{'partial_fit' if more else 'fit'}"
        self._check_settings(receiver)
        if not anew:
            self._refuse_other_network(receiver)
        X, y = validate_data(
            self, X, y, reset=anew, multi_output=True, dtype=_FLOATS, allow_nd=self.module is not None, y_numeric=self._numeric
        )
        if anew:
            # Should this fit fail, the former network must not predict with what is new here.
            self.__dict__.pop("module_", None)
        targets, labels = self._read(y, classes, anew, more, receiver)
        weights = self._weights(y, _sample_weights(sample_weight, len(X), receiver))
        if weights is not None and not np.any(weights > 0):
            raise ValueError(f"{receiver}: expected a weight above 0 for some example, received weights that are all zero")
        if anew:
            self._rng = generator_of(self.random_state)
        train, held_out = self._split(len(X), labels, more, receiver)
        chosen = None if weights is None else weights[train]
        self._fit_scaler(X[train], chosen, anew, more)
        x, targets = self._scaled(X), self._scale_targets(targets, train, chosen, anew, more)
        if anew:
            self.module_ = self._made(x, receiver)
        if anew or not more:
            self.optimizer_ = optimizer_of(
                self.optimizer, self.module_.parameters(), self.learning_rate, self.weight_decay, receiver
            )
        parts = [x.astype(self._dtype, copy=False), targets] + ([] if weights is None else [weights])
        validation = None if held_out is None else tuple([each[held_out] for each in parts])
        self._train([each[train] for each in parts], validation, 1 if more else self.epochs, receiver)

    def _train(self, parts: list[Any], validation: Any, epochs: int, receiver: str) -> None:
        """Let a trainer do it."""
        count = len(parts[0])
        size = count if self.batch_size is None else min(self.batch_size, count)
        # A batch of one example has no deviation to normalize by. The one left out is another one in each epoch.
        normalizing = any(isinstance(each, _BATCH_NORMS) for each in self.module_.modules())
        if normalizing and size == 1 and self.module is None:
            raise ValueError(f"{receiver}: expected at least two examples in a batch with batch norm, {_ONE[count == 1]}")
        drop_last = normalizing and count % size == 1
        loader = DataLoader(TensorDataset(*parts), size, shuffle=True, drop_last=drop_last, rng=self._rng)
        stopping = [] if validation is None else [EarlyStopping(patience=self.patience)]
        trainer = Trainer(self.module_, self._criterion(), self.optimizer_, callbacks=[*self.callbacks, *stopping])
        trainer.history = self.history_
        try:
            with self._drawing():
                trainer.fit(loader, epochs=epochs, validation_data=validation, progress=bool(self.verbose))
        finally:
            self.module_.eval()  # so that predictions need not change it, and may run in several threads

    def _made(self, x: np.ndarray[Any, Any], receiver: str) -> Module:
        """A new network, after a look at what it gives for an example."""
        if self.module is None:
            dtype = x.dtype if self.dtype is None else np.dtype(self.dtype)
            sizes, activation = sizes_of(self.hidden_layer_sizes, receiver), activation_of(self.activation, receiver)
            rng = self._rng.spawn(1)[0]
            module: Module = perceptron(
                self.n_features_in_, self.n_outputs_, sizes, activation, self.dropout, self.batch_norm, dtype, rng
            )
        else:
            self._lent = self._rng.spawn(1)[0]
            with self._drawing():
                module = module_of(self.module, self.n_features_in_, self.n_outputs_, receiver)
            if self.dtype is not None:
                module.astype(self.dtype)
        self._made_from = {name: getattr(self, name) for name in self._settings_of_the_network}
        self._dtype = next((each.dtype for each in module.parameters()), x.dtype)
        self.history_ = History()
        with evaluating(module), self._drawing():
            outputs = called_with(module, x[:1].astype(self._dtype))
        if np.shape(outputs) != (1, self.n_outputs_):
            raise ValueError(
                f"{receiver}: expected a module with outputs of shape (n, {self.n_outputs_}), one for each of n_outputs; "
                f"received {np.shape(outputs)} for one example"
            )
        return module

    def _drawing(self) -> AbstractContextManager[None]:
        """Where a module of the user's own draws."""
        return nullcontext() if self.module is None else lent_to_the_library(self._lent)

    def _split(self, count: int, labels: Any, more: bool, receiver: str) -> tuple[Any, Any]:
        """The numbers of the examples to train on, and of those held out, or ``None``."""
        if not self.early_stopping:
            return slice(None), None
        if more:
            raise ValueError(f"{receiver}: expected early_stopping=False, since partial_fit holds no examples out")
        if count < 2:
            raise ValueError(
                f"{receiver}: expected at least two examples with early_stopping=True, received n_samples = {count}"
            )
        held = int(np.ceil(self.validation_fraction * count))
        if labels is not None:
            counts = np.unique(labels, return_counts=True)[1]
            if counts.min() < 2 or min(held, count - held) < len(counts):
                labels = None  # too few for a share of each class
        return tuple(train_test_split(np.arange(count), test_size=held, stratify=labels, rng=self._rng))

    # ---------------------------------------------------------------- inputs and outputs

    def _fit_scaler(self, X: np.ndarray[Any, Any], weights: Any, anew: bool, more: bool) -> None:
        """Find means and deviations of the inputs. When weights are kept that were learned with other ones, these stay."""
        if anew:
            self.scaler_ = StandardScaler() if self.standardize else None
        if self.scaler_ is not None and (anew or more):
            self.scaler_.partial_fit(X.reshape(len(X), -1), sample_weight=weights)

    def _scaled(self, X: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        if self.scaler_ is None:
            return X
        return self.scaler_.transform(X.reshape(len(X), -1)).reshape(X.shape)

    def _outputs(self, X: Any) -> np.ndarray[Any, Any]:
        """What the network gives for ``X``, in the precision of ``X``, so that probabilities add up to 1 in it."""
        check_is_fitted(self, "module_")
        X = validate_data(self, X, reset=False, dtype=_FLOATS, allow_nd=self.module is not None)
        x = self._scaled(X).astype(self._dtype, copy=False)
        with evaluating(self.module_):
            inputs = [x[i : i + _PREDICTED] for i in range(0, len(x), _PREDICTED)]
            outputs = [called_with(self.module_, each) for each in inputs]
        return joined(outputs, list(map(len, inputs)), type(self).__name__).astype(X.dtype, copy=False)

    # ---------------------------------------------------------------- settings

    @property
    def _numeric(self) -> bool:
        """Whether ``y`` has to be numbers."""
        return False

    def _check_settings(self, receiver: str) -> None:
        """Refuse settings that make no sense, and those that would have no effect.

        Raises:
            TypeError, ValueError: for these.
        """
        if self.module is not None:
            self._refuse_changed(receiver, "module", ("hidden_layer_sizes", "activation", "dropout", "batch_norm"))
        if callable(self.optimizer) and not isinstance(self.optimizer, type):
            self._refuse_changed(receiver, "optimizer", ("learning_rate", "weight_decay"))
        for name in ("epochs", "patience", *(() if self.batch_size is None else ("batch_size",))):
            check_whole(receiver, name, getattr(self, name))
            check_number(receiver, name, getattr(self, name), least=0 if name == "patience" else 1)
        for name in ("learning_rate", "weight_decay"):
            if getattr(self, name) is not None:
                check_number(receiver, name, getattr(self, name), least=0)
        for name in ("dropout", "validation_fraction"):
            check_number(receiver, name, getattr(self, name), least=0, most=1)
        if not 0 < self.validation_fraction < 1:
            raise ValueError(
                f"{receiver}: expected validation_fraction, a share between 0 and 1; received {self.validation_fraction}"
            )
        names = ("batch_norm", "early_stopping", "standardize", "warm_start")
        check_switch(receiver, **{name: getattr(self, name) for name in names})
        if self.dtype is not None and np.dtype(self.dtype) not in _FLOATS:
            raise TypeError(f"{receiver}: expected dtype np.float32, np.float64 or None, received {self.dtype!r}")

    def _refuse_other_network(self, receiver: str) -> None:
        """Refuse settings of another network than the one that is there."""
        for name, value in self._made_from.items():
            if not _same(getattr(self, name), value):
                raise ValueError(
                    f"{receiver}: expected {name}={value!r}, with which the network was made that is there; received "
                    f"{getattr(self, name)!r}; begin anew with sklearn.base.clone"
                )

    def _refuse_changed(self, receiver: str, decisive: str, names: Sequence[str]) -> None:
        usual = inspect.signature(type(self)).parameters
        for name in names:
            value = getattr(self, name)
            if not _same(value, usual[name].default):
                raise ValueError(
                    f"{receiver}: {name}={value!r} would have no effect, since {decisive} is a function of your own; let it "
                    f"decide that, and leave {name} out"
                )


_BATCH_NORMS = (BatchNorm1d, BatchNorm2d, BatchNorm3d)
_ONE = ("received batch_size=1", "received n_samples = 1")


def _same(value: Any, other: Any) -> bool:
    """Whether two settings are equal, also where they are lists, tuples or arrays."""
    return bool(np.array_equal(np.asarray(value, object), np.asarray(other, object)))


def _sample_weights(weights: Any, count: int, receiver: str) -> np.ndarray[Any, Any] | None:
    """A weight for each example.

    Raises:
        ValueError: for another number of them, and for negative ones.
    """
    if weights is None:
        return None
    found = check_array(weights, ensure_2d=False, allow_nd=True, dtype=np.float64, input_name="sample_weight")
    if found.shape != (count,):
        raise ValueError(
            f"{receiver}: expected sample_weight as one number for each of {count} examples, received shape {found.shape}"
        )
    if np.any(found < 0):
        place = int(np.argmin(found))
        raise ValueError(f"{receiver}: expected sample_weight from 0 on, received {found[place]} for example {place}")
    return found
