"""Batch norm and instance norm: each channel less its mean, divided by its standard deviation; with running statistics."""

from typing import Any, ClassVar

import numpy as np

import autograd as ag
from autograd.modes import is_repeating
from nn.functional.normalization import floating, normalized_batch, normalized_instances
from nn.functional.running_statistics import write
from nn.inputs import check_number, check_switch, check_whole, in_dtype
from nn.kernels.channel_scaling import scaled_channels
from nn.module import Module
from nn.parameter import Buffer, Parameter, array_of
from nn.paths import described


class _ChannelNorm(Module):
    """What batch norms and instance norms of all ranks share: settings, weight and bias, running statistics."""

    channel_axis: ClassVar[dict[int, int]]  # for each number of axes that an input may have
    shapes: ClassVar[str]  # these inputs in words

    weight: Parameter | None
    bias: Parameter | None
    running_mean: Buffer | None
    running_var: Buffer | None
    num_batches_tracked: Buffer | None

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        name = type(self).__name__
        check_whole(name, "num_features", num_features)
        if num_features < 1:
            raise ValueError(f"{name}: expected num_features, 1 or more; received {num_features}")
        check_number(name, "eps", eps, least=0)
        if momentum is not None:
            check_number(name, "momentum", momentum, least=0, most=1)
        check_switch(name, affine=affine, track_running_stats=track_running_stats, bias=bias)
        self.num_features = int(num_features)
        self.eps = float(eps)
        self.momentum = None if momentum is None else float(momentum)
        self.affine = bool(affine)
        self.track_running_stats = bool(track_running_stats)
        dtype = np.dtype(np.float32 if dtype is None else dtype)
        self.weight = Parameter(np.ones(self.num_features, dtype)) if affine else None
        self.bias = Parameter(np.zeros(self.num_features, dtype)) if affine and bias else None
        self.running_mean = self.running_var = self.num_batches_tracked = None
        if track_running_stats:
            self.running_mean = Buffer(np.zeros(self.num_features, dtype))
            self.running_var = Buffer(np.ones(self.num_features, dtype))
            self.num_batches_tracked = Buffer(np.int64(0))

    def reset_running_stats(self) -> None:
        """Forget the batches: running mean 0, running variance 1, and none counted."""
        with ag.no_grad():
            for buffer, value in ((self.running_mean, 0), (self.running_var, 1), (self.num_batches_tracked, 0)):
                if buffer is not None:
                    buffer[...] = value

    def extra_repr(self) -> str:
        """Its settings."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )

    def _checked(self, input: Any) -> Any:
        """The input in the dtype of weight or running statistics, or any floating one; its shape fits."""
        receiver = lambda: described(self)
        leader = self.running_mean if self.weight is None else self.weight
        x = floating(receiver, input) if leader is None else in_dtype(input, leader.dtype, receiver)
        axis = self.channel_axis.get(len(x.shape))
        if axis is None or x.shape[axis] != self.num_features:
            expected = self.shapes.replace("C", str(self.num_features))
            raise ValueError(f"{receiver()}: expected input of shape {expected}, received {x.shape}")
        return x


# ---------------------------------------------------------------- batch norm


class _BatchNorm(_ChannelNorm):
    """Batch norm of one of the ranks."""

    def forward(self, input: Any) -> Any:
        """The normalized input, of the same shape; in training the running statistics go on."""
        x = self._checked(input)
        mean, variance, momentum = self.running_mean, self.running_var, self.momentum
        if not self.training and mean is not None and variance is not None:
            return scaled_channels(x, mean, variance, self.weight, self.bias, eps=self.eps)
        count = None
        if not (self.training and self.track_running_stats):
            mean = variance = None
        elif self.num_batches_tracked is not None and not is_repeating():
            count = int(array_of(self.num_batches_tracked)) + 1
        if momentum is None:
            momentum = 0.0 if count is None else 1 / count
        out = normalized_batch(lambda: described(self), x, mean, variance, self.weight, self.bias, momentum, self.eps)
        if count is not None:
            write(self.num_batches_tracked, np.int64(count))
        return out


class BatchNorm1d(_BatchNorm):
    """``weight * (x - mean) / sqrt(variance + eps) + bias`` for each feature, or each channel of a signal.

    In training mode mean and variance are those of the channel's numbers in the batch, and running ones are kept: ``running =
    (1 - momentum) * running + momentum * value``, with the unbiased variance. In evaluation mode the running ones are used.

    Weights start at 1, biases at 0, running means at 0 and running variances at 1. Plain data is cast to their dtype.

    When ``ag.checkpoint`` runs the layer a second time, the batch is not tracked again (PyTorch tracks it twice).

    Args:
        num_features: the number C of features or channels.
        eps: added to the variance, so that nothing is divided by 0.
        momentum: how far the running statistics go towards those of the batch; ``None`` for their average over all batches.
        affine: whether there are weights and biases.
        track_running_stats: whether there are running statistics; without, evaluation mode uses those of the batch, too.
        dtype: of weights, biases and running statistics; by default float32.
        bias: whether there are biases, with ``affine``.

    Shapes: (N, C) or (N, C, L) -> same.

    Raises:
        ValueError: for another shape, and in training mode for one number a channel.
        TypeError: for a recorded input of another dtype.
        autograd.BatchingError: inside ``ag.vmap`` in training mode, since examples differ in their statistics: call
            ``.eval()``, or pass ``track_running_stats=False``.

    Source: Ioffe, Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
    ICML 2015.

    >>> layer = nn.BatchNorm1d(2)
    >>> layer([[1.0, 5.0], [3.0, 5.0]]).numpy().round(2)
    array([[-1.,  0.],
           [ 1.,  0.]], dtype=float32)
    >>> layer.running_mean, layer.num_batches_tracked
    (Tensor([0.2, 0.5], dtype=float32, name='running_mean'), Tensor(1, dtype=int64, name='num_batches_tracked'))
    """

    channel_axis: ClassVar = {2: 1, 3: 1}
    shapes = "(N, C) or (N, C, L)"


class BatchNorm2d(_BatchNorm):
    """``weight * (x - mean) / sqrt(variance + eps) + bias`` for each channel of images; arguments as in ``BatchNorm1d``.

    Shapes: (N, C, H, W) -> same.

    Raises: as ``BatchNorm1d``.

    Source: as ``BatchNorm1d``.

    >>> nn.BatchNorm2d(3)(np.ones((2, 3, 4, 4))).shape
    (2, 3, 4, 4)
    """

    channel_axis: ClassVar = {4: 1}
    shapes = "(N, C, H, W)"


class BatchNorm3d(_BatchNorm):
    """``weight * (x - mean) / sqrt(variance + eps) + bias`` for each channel of volumes; arguments as in ``BatchNorm1d``.

    Shapes: (N, C, D, H, W) -> same.

    Raises: as ``BatchNorm1d``.

    Source: as ``BatchNorm1d``.

    >>> nn.BatchNorm3d(3)(np.ones((2, 3, 4, 4, 4))).shape
    (2, 3, 4, 4, 4)
    """

    channel_axis: ClassVar = {5: 1}
    shapes = "(N, C, D, H, W)"


# ---------------------------------------------------------------- instance norm


class _InstanceNorm(_ChannelNorm):
    """Instance norm of one of the ranks."""

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, dtype, bias=bias)

    def forward(self, input: Any) -> Any:
        """The normalized input, of the same shape; in training the running statistics go on, where there are any."""
        x = self._checked(input)
        if self.channel_axis[len(x.shape)] == 0:
            return self._of_batch(x[np.newaxis])[0]
        return self._of_batch(x)

    def _of_batch(self, x: Any) -> Any:
        mean, variance, momentum = self.running_mean, self.running_var, self.momentum or 0.0
        if not self.training and self.track_running_stats and mean is not None and variance is not None:
            return scaled_channels(x, mean, variance, self.weight, self.bias, eps=self.eps)
        return normalized_instances(lambda: described(self), x, mean, variance, self.weight, self.bias, momentum, self.eps)


class InstanceNorm1d(_InstanceNorm):
    """``weight * (x - mean) / sqrt(variance + eps) + bias`` for each channel of each signal.

    Mean and variance are those of the channel's numbers in one example, in evaluation mode too; only with
    ``track_running_stats`` running ones are kept in training mode, as in ``BatchNorm1d``, and used in evaluation mode.

    Args:
        num_features: the number C of channels; another number in the input is an error, also where nothing depends on it
            (PyTorch warns).
        eps: added to the variance, so that nothing is divided by 0.
        momentum: how far the running statistics go towards those of the input, averaged over the examples.
        affine: whether there are weights and biases.
        track_running_stats: whether there are running statistics. Their batches are not counted, as in PyTorch.
        dtype: of weights, biases and running statistics; by default float32.
        bias: whether there are biases, with ``affine``.

    Shapes: (N, C, L) or (C, L) -> same.

    Raises:
        ValueError: for another shape, and for a single position.
        TypeError: for a recorded input of another dtype.
        autograd.BatchingError: inside ``ag.vmap`` in training mode, where there are running statistics.

    Source: Ulyanov, Vedaldi, Lempitsky, "Instance Normalization: The Missing Ingredient for Fast Stylization", 2016.

    >>> nn.InstanceNorm1d(2)([[1.0, 3.0], [50.0, 70.0]]).round(3)
    array([[-1.,  1.],
           [-1.,  1.]])
    """

    channel_axis: ClassVar = {3: 1, 2: 0}
    shapes = "(N, C, L) or (C, L)"


class InstanceNorm2d(_InstanceNorm):
    """``weight * (x - mean) / sqrt(variance + eps) + bias`` for each channel of an image; arguments as in ``InstanceNorm1d``.

    Shapes: (N, C, H, W) or (C, H, W) -> same.

    Raises: as ``InstanceNorm1d``.

    Source: as ``InstanceNorm1d``.

    >>> nn.InstanceNorm2d(3)(np.ones((2, 3, 4, 4))).shape
    (2, 3, 4, 4)
    """

    channel_axis: ClassVar = {4: 1, 3: 0}
    shapes = "(N, C, H, W) or (C, H, W)"


class InstanceNorm3d(_InstanceNorm):
    """``weight * (x - mean) / sqrt(variance + eps) + bias`` for each channel of a volume; arguments as in ``InstanceNorm1d``.

    Shapes: (N, C, D, H, W) or (C, D, H, W) -> same.

    Raises: as ``InstanceNorm1d``.

    Source: as ``InstanceNorm1d``.

    >>> nn.InstanceNorm3d(3)(np.ones((2, 3, 4, 4, 4))).shape
    (2, 3, 4, 4, 4)
    """

    channel_axis: ClassVar = {5: 1, 4: 0}
    shapes = "(N, C, D, H, W) or (C, D, H, W)"
