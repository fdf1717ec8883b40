"""Scaling: features of one size. ``StandardScaler`` gives them mean 0 and deviation 1, ``MinMaxScaler`` a range; and back.

A network whose first weights are of one size learns badly from features of several. What a scaler knows comes from the
examples to train on alone: ``fit`` it on those, and ``transform`` all others with the same numbers.

Statistics are float64, and what a transform gives has the floating dtype of what it was given (float64 for whole numbers).
Transforms are NumPy text, so they also run on tensors, recorded or not, and gradients pass through.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from autograd import Tensor
from nn.data.arrays import check_finite, data_array
from nn.inputs import check_number, check_switch, check_whole, floating_dtype


class _Scaler(ABC):
    """What both scalers are: numbers for each feature, found by ``fit`` and used by ``transform``."""

    n_features_in_: int
    n_samples_seen_: int
    _ENTRIES: tuple[str, str]  # the statistics of each feature that are saved

    def __init__(self, axis: int) -> None:
        check_whole(type(self).__name__, "axis", axis)
        self.axis = int(axis)

    def fit(self, x: Any) -> Self:
        """Find the numbers of each feature in ``x``, and forget what was found before. Returns the scaler.

        **Shapes**: (N, ..., features), or another order with ``axis``; (N,) is one feature.
        """
        self._learn(self._samples(x), anew=True)
        return self

    def partial_fit(self, x: Any) -> Self:
        """``fit`` on one batch after another: the numbers are those of all examples so far. Returns the scaler."""
        samples = self._samples(x)
        if fitted := self._is_fitted():
            self._check_features(samples.shape[1], np.shape(x))
        self._learn(samples, anew=not fitted)
        return self

    def fit_transform(self, x: Any) -> Any:
        """``fit(x).transform(x)``. Only for the examples to train on: others would tell the model what it is tested with."""
        return self.fit(x).transform(x)

    @abstractmethod
    def transform(self, x: Any) -> Any:
        """``x``, scaled; a tensor for a tensor, otherwise an array. NaN stays NaN. **Shapes**: any of ``fit``'s -> same."""

    @abstractmethod
    def inverse_transform(self, x: Any) -> Any:
        """What ``transform`` made ``x`` of: predictions of a scaled target in its units. **Shapes**: as in ``transform``."""

    def state_dict(self) -> dict[str, Any]:
        """The settings, what ``fit`` has found, and how many samples it saw: 0 before ``fit``."""
        found = self._found() if self._is_fitted() else dict.fromkeys(self._ENTRIES, np.zeros(0))
        samples = self.n_samples_seen_ if self._is_fitted() else 0
        return {**self._settings(), **{name: each.copy() for name, each in found.items()}, "samples": samples}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over what another scaler's ``state_dict`` gave.

        Raises:
            TypeError: for what is no dict.
            ValueError: for other entries or settings, and for arrays of other shapes; nothing is changed then.
        """
        receiver = f"{type(self).__name__}.load_state_dict"
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"{receiver}: expected what state_dict() returned, received {type(state_dict).__name__}")
        settings = self._settings()
        entries = (*settings, *self._ENTRIES, "samples")
        if set(state_dict) != set(entries):
            received = ", ".join(map(str, state_dict)) or "none"
            raise ValueError(f"{receiver}: expected the entries {', '.join(entries)}; received {received}")
        for name, own in settings.items():
            if state_dict[name] != own:
                raise ValueError(
                    f"{receiver}: expected {name}={own}, as this scaler has; received {state_dict[name]}; make the scaler with "
                    "the settings that were saved"
                )
        check_whole(receiver, "samples", state_dict["samples"])
        check_number(receiver, "samples", state_dict["samples"], least=0)
        try:
            found = {name: np.array(state_dict[name], np.float64) for name in self._ENTRIES}
        except (TypeError, ValueError) as error:
            raise ValueError(f"{receiver}: expected numbers, received others: {error}") from None
        shapes = [each.shape for each in found.values()]
        if len(shapes[0]) != 1 or shapes[0] != shapes[1]:
            raise ValueError(
                f"{receiver}: expected {' and '.join(found)} of each feature, received shapes {shapes[0]} and {shapes[1]}"
            )
        if state_dict["samples"]:
            self._set(found, int(state_dict["samples"]))
        else:
            self._forget()

    @abstractmethod
    def _learn(self, samples: np.ndarray[Any, Any], anew: bool) -> None:
        """Take the examples, (n, features) in float64, into account."""

    @abstractmethod
    def _settings(self) -> dict[str, Any]:
        """What the scaler was made with, by name."""

    @abstractmethod
    def _found(self) -> dict[str, np.ndarray[Any, Any]]:
        """The statistics that are saved, by name."""

    @abstractmethod
    def _set(self, found: Mapping[str, np.ndarray[Any, Any]], samples: int) -> None:
        """Set all attributes that follow from the statistics of so many samples."""

    def _forget(self) -> None:
        """Be as before ``fit``."""
        for name in [each for each in vars(self) if each.endswith("_")]:
            delattr(self, name)

    # ---------------------------------------------------------------- what comes in

    def _samples(self, x: Any) -> np.ndarray[Any, Any]:
        """What to fit on as float64, a column for each feature."""
        receiver = type(self).__name__
        array = data_array(x, receiver, "x")
        if array.dtype.kind == "c":
            raise TypeError(f"{receiver}: expected real numbers, received {array.dtype}; scale the real and imaginary parts")
        axis = self._axis_in(array)
        check_finite(array, receiver, "x")
        columns = array.reshape(-1, 1) if array.ndim == 1 else np.moveaxis(array, axis, -1).reshape(-1, array.shape[axis])
        if len(columns) == 0:
            raise ValueError(f"{receiver}: expected at least one example to fit, received shape {array.shape}")
        return columns.astype(np.float64, copy=False)

    def _axis_in(self, array: Any) -> int:
        """The axis of the features; a single axis is one of examples, of a single feature."""
        if array.ndim == 1 and self.axis == -1:
            return 0
        if not -array.ndim <= self.axis < array.ndim:
            raise ValueError(
                f"{type(self).__name__}: expected features along axis {self.axis}, received an array of shape {array.shape}"
            )
        return self.axis % array.ndim

    def _received(self, x: Any) -> tuple[Any, tuple[int, ...]]:
        """What to transform, as an array or tensor, and the shape in which statistics stand beside it."""
        receiver = type(self).__name__
        self._check_fitted()
        array = x if isinstance(x, Tensor) and x.ndim else data_array(x, receiver, "x")
        if array.dtype.kind == "c":
            raise TypeError(f"{receiver}: expected real numbers, received {array.dtype}")
        axis = self._axis_in(array)
        if array.ndim == 1 and self.n_features_in_ == 1:
            return array, (1,)
        self._check_features(array.shape[axis], array.shape)
        return array, tuple([-1 if i == axis else 1 for i in range(array.ndim)])

    def _is_fitted(self) -> bool:
        return "n_features_in_" in vars(self)

    def _check_fitted(self) -> None:
        if not self._is_fitted():
            raise RuntimeError(f"{type(self).__name__}: expected a fitted scaler; call fit(x) or fit_transform(x) first")

    def _check_features(self, count: int, shape: tuple[int, ...]) -> None:
        if count != self.n_features_in_:
            raise ValueError(
                f"{type(self).__name__}: expected {self.n_features_in_} features along axis {self.axis}, as in fit; received "
                f"{count} in shape {shape}"
            )

    def __repr__(self) -> str:
        told = ", ".join([f"{name}={value!r}" for name, value in self._settings().items()])
        fitted = f", fitted on {self.n_samples_seen_} samples of {self.n_features_in_} features" if self._is_fitted() else ""
        return f"{type(self).__name__}({told}{fitted})"


class StandardScaler(_Scaler):
    """``(x - mean) / deviation``: each feature with mean 0 and standard deviation 1.

    A feature that is constant, but for rounding, is only centred: its ``scale_`` is 1.

    Args:
        with_mean: whether to subtract the mean.
        with_std: whether to divide by the standard deviation (of the population: by N, as NumPy's).
        axis: along which the features are; statistics are over all other axes. The last one by default, as in tables; 1 for
            images of shape (N, C, H, W): one mean a channel.

    Attributes:
        mean_, var_: the statistics of each feature, float64.
        scale_: what is divided by; ``None`` without ``with_std``.
        n_features_in_, n_samples_seen_: how many features there are, and how many numbers of each were seen.

    **Shapes**: (N, ..., features) -> same; (N,) is one feature, and for several features a single example.

    Raises:
        ValueError: for NaN and infinity in ``fit``, with their place; for numbers too large to square; for another number of
            features than in ``fit``, and for no examples.
        TypeError: for what holds no numbers; in ``fit`` for recorded tensors.
        RuntimeError: for ``transform`` before ``fit``.

    Source: scikit-learn's ``StandardScaler``; Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for
    computing sample variances" (1979), for ``partial_fit``.

    >>> scaler = nn.data.StandardScaler()
    >>> scaler.fit_transform([[1.0, 100.0], [3.0, 300.0]])
    array([[-1., -1.],
           [ 1.,  1.]])
    >>> scaler.inverse_transform([[0.0, 0.0]])
    array([[  2., 200.]])
    """

    _ENTRIES = ("mean", "var")

    mean_: np.ndarray[Any, Any]
    var_: np.ndarray[Any, Any]
    scale_: np.ndarray[Any, Any] | None

    def __init__(self, with_mean: bool = True, with_std: bool = True, axis: int = -1) -> None:
        check_switch("StandardScaler", with_mean=with_mean, with_std=with_std)
        super().__init__(axis)
        self.with_mean = bool(with_mean)
        self.with_std = bool(with_std)

    def transform(self, x: Any) -> Any:
        """``(x - mean_) / scale_``. A tensor for a tensor, otherwise an array; NaN stays NaN. **Shapes**: as in ``fit``.

        >>> scaler = nn.data.StandardScaler().fit([[1.0], [3.0]])
        >>> scaler.transform(ag.tensor([[5.0]], requires_grad=True))
        Tensor([[3.]], dtype=float64, op=divide)
        """
        array, shape = self._received(x)
        result = array
        if self.with_mean:
            result = result - self.mean_.reshape(shape)
        if self.scale_ is not None:
            result = result / self.scale_.reshape(shape)
        return result.astype(floating_dtype(array), copy=result is array)

    def inverse_transform(self, x: Any) -> Any:
        """``x * scale_ + mean_``: predictions of a scaled target in its units. **Shapes**: as in ``transform``."""
        array, shape = self._received(x)
        result = array
        if self.scale_ is not None:
            result = result * self.scale_.reshape(shape)
        if self.with_mean:
            result = result + self.mean_.reshape(shape)
        return result.astype(floating_dtype(array), copy=result is array)

    def _learn(self, samples: np.ndarray[Any, Any], anew: bool) -> None:
        # Relative to the first example: a constant feature has a variance of exactly 0, and its own value as the mean.
        with np.errstate(over="ignore", invalid="ignore"):
            offsets = samples - samples[0]
            shift = offsets.mean(axis=0)
            offsets -= shift
            mean, var = samples[0] + shift, np.square(offsets).mean(axis=0) - offsets.mean(axis=0) ** 2
            count = len(samples)
            if not anew:
                total = self.n_samples_seen_ + count
                share, step = count / total, mean - self.mean_
                mean = self.mean_ + step * share
                var = self.var_ * (1 - share) + var * share + step**2 * share * (1 - share)
                count = total
        if not np.isfinite(var).all():
            raise ValueError(
                f"StandardScaler: expected numbers that can be squared, received some as large as {np.abs(samples).max():.0e} "
                f"in feature {np.argmin(np.isfinite(var))}; divide them first"
            )
        self._set({"mean": mean, "var": np.maximum(var, 0.0)}, count)

    def _settings(self) -> dict[str, Any]:
        return {"with_mean": self.with_mean, "with_std": self.with_std, "axis": self.axis}

    def _found(self) -> dict[str, np.ndarray[Any, Any]]:
        return {"mean": self.mean_, "var": self.var_}

    def _set(self, found: Mapping[str, np.ndarray[Any, Any]], samples: int) -> None:
        self.mean_, self.var_ = found["mean"], found["var"]
        self.n_samples_seen_, self.n_features_in_ = samples, len(self.mean_)
        deviation = np.sqrt(self.var_)
        rounding = 8 * np.finfo(np.float64).eps * np.abs(self.mean_)
        self.scale_ = np.where(deviation <= rounding, 1.0, deviation) if self.with_std else None


class MinMaxScaler(_Scaler):
    """``low + (x - min) / (max - min) * (high - low)``: each feature between ``low`` and ``high``.

    A feature that is constant becomes ``low``.

    Args:
        feature_range: ``(low, high)``, where the smallest and the largest number of each feature go.
        clip: whether to bring what lies outside of what ``fit`` has seen to ``low`` or ``high``.
        axis: along which the features are; statistics are over all other axes. The last one by default, as in tables; 1 for
            images of shape (N, C, H, W).

    Attributes:
        data_min_, data_max_, data_range_: the statistics of each feature, float64.
        scale_, min_: the same as ``x * scale_ + min_``.
        n_features_in_, n_samples_seen_: how many features there are, and how many numbers of each were seen.

    **Shapes**: (N, ..., features) -> same; (N,) is one feature, and for several features a single example.

    Raises:
        ValueError: for a range whose ends do not rise; for NaN and infinity in ``fit``, with their place; for another number of
            features than in ``fit``, and for no examples.
        TypeError: for what holds no numbers; in ``fit`` for recorded tensors.
        RuntimeError: for ``transform`` before ``fit``.

    Source: scikit-learn's ``MinMaxScaler``.

    >>> nn.data.MinMaxScaler().fit_transform([[1.0, 100.0], [2.0, 300.0], [3.0, 200.0]])
    array([[0. , 0. ],
           [0.5, 1. ],
           [1. , 0.5]])
    """

    _ENTRIES = ("data_min", "data_max")

    data_min_: np.ndarray[Any, Any]
    data_max_: np.ndarray[Any, Any]
    data_range_: np.ndarray[Any, Any]
    scale_: np.ndarray[Any, Any]
    min_: np.ndarray[Any, Any]

    def __init__(self, feature_range: tuple[float, float] = (0, 1), clip: bool = False, axis: int = -1) -> None:
        check_switch("MinMaxScaler", clip=clip)
        super().__init__(axis)
        if not isinstance(feature_range, tuple | list) or len(feature_range) != 2:
            raise TypeError(f"MinMaxScaler: expected feature_range, (low, high); received {feature_range!r}")
        low, high = feature_range
        check_number("MinMaxScaler", "feature_range[0]", low)
        check_number("MinMaxScaler", "feature_range[1]", high)
        if not low < high:
            raise ValueError(f"MinMaxScaler: expected feature_range with low < high, received {feature_range}")
        self.feature_range = (low, high)
        self.clip = bool(clip)

    def transform(self, x: Any) -> Any:
        """``x`` in the range. A tensor for a tensor, otherwise an array; NaN stays NaN. **Shapes**: as in ``fit``."""
        array, shape = self._received(x)
        low, high = self.feature_range
        result = (array - self.data_min_.reshape(shape)) * self.scale_.reshape(shape) + low
        if self.clip:
            result = np.clip(result, low, high)
        return result.astype(floating_dtype(array), copy=False)

    def inverse_transform(self, x: Any) -> Any:
        """What ``transform`` made ``x`` of; what was clipped is not restored. **Shapes**: as in ``transform``."""
        array, shape = self._received(x)
        result = (array - np.float64(self.feature_range[0])) / self.scale_.reshape(shape) + self.data_min_.reshape(shape)
        return result.astype(floating_dtype(array), copy=False)

    def _learn(self, samples: np.ndarray[Any, Any], anew: bool) -> None:
        low, high, count = samples.min(axis=0), samples.max(axis=0), len(samples)
        if not anew:
            low, high = np.minimum(self.data_min_, low), np.maximum(self.data_max_, high)
            count += self.n_samples_seen_
        with np.errstate(over="ignore"):
            too_wide = np.isinf(high - low)
        if too_wide.any():
            raise ValueError(
                f"MinMaxScaler: expected a range of float64, received {low[too_wide][0]:.0e} to {high[too_wide][0]:.0e} "
                f"in feature {np.argmax(too_wide)}; divide the numbers first"
            )
        self._set({"data_min": low, "data_max": high}, count)

    def _settings(self) -> dict[str, Any]:
        return {"feature_range": self.feature_range, "clip": self.clip, "axis": self.axis}

    def _found(self) -> dict[str, np.ndarray[Any, Any]]:
        return {"data_min": self.data_min_, "data_max": self.data_max_}

    def _set(self, found: Mapping[str, np.ndarray[Any, Any]], samples: int) -> None:
        self.data_min_, self.data_max_ = found["data_min"], found["data_max"]
        self.n_samples_seen_, self.n_features_in_ = samples, len(self.data_min_)
        self.data_range_ = self.data_max_ - self.data_min_
        low, high = self.feature_range
        rounding = 8 * np.finfo(np.float64).eps * np.abs(self.data_max_)
        self.scale_ = (high - low) / np.where(self.data_range_ <= rounding, 1.0, self.data_range_)
        self.min_ = low - self.data_min_ * self.scale_
