"""Negative log-likelihoods of given distributions, and the divergence of two of them."""

import math
from typing import Any, ClassVar

import numpy as np

from nn.inputs import (
    Receiver,
    as_array,
    called,
    check_number,
    check_switch,
    check_whole,
    floating_dtype,
    in_dtype,
    in_one_dtype,
    plain,
)
from nn.kernels.class_likelihood import negative_log_likelihood
from nn.kernels.half_precision import in_single_precision, is_half
from nn.kernels.likelihoods import at_least, gaussian_nll, kl_divergence, poisson_nll
from nn.losses.classes import as_target, by_rows, counted, places_of, weight_of_classes
from nn.losses.shared import (
    REDUCTIONS,
    Loss,
    broadcasts_to,
    buffer_of_classes,
    check_reduction,
    divisor_of,
    elementwise,
    pair,
    reduced,
)
from nn.paths import described

_WITH_BATCHMEAN = (*REDUCTIONS, "batchmean")


def nll_loss(input: Any, target: Any, weight: Any = None, ignore_index: int = -100, reduction: str = "mean") -> Any:
    """``-w_t input_t`` for the class ``t`` and log-probabilities such as ``log_softmax`` gives them.

    ``cross_entropy`` of logits is this after ``log_softmax``, in one step.

    Args:
        input: log-probabilities; the classes are on axis 1, or on the only axis.
        target: integer classes from 0 to C - 1.
        weight: how much each class counts, shape (C,). The mean divides by the sum of the weights of the targets.
        ignore_index: the target that counts for nothing; the mean leaves it out.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: ``input`` (C,), (N, C) or (N, C, ...); ``target`` (), (N,) or (N, ...) -> ``()``; with ``"none"`` that of target.

    Raises:
        ValueError: for shapes that do not fit, or another reduction.
        IndexError: for a class that ``input`` does not have.
        TypeError: for complex numbers, and targets that are no integers.

    >>> nn.functional.nll_loss(np.log([[0.5, 0.5], [0.25, 0.75]]), [0, 1], reduction="none")
    array([0.69314718, 0.28768207])
    """
    check_whole("nll_loss", "ignore_index", ignore_index)
    return _nll_loss("nll_loss", input, target, weight, ignore_index, reduction)


def _nll_loss(receiver: Receiver, input: Any, target: Any, weight: Any, ignore_index: int, reduction: str) -> Any:
    check_reduction(receiver, reduction)
    x = as_array(input, receiver)
    x = in_dtype(x, floating_dtype(x), lambda: f"{called(receiver)}: input")
    if not x.shape:
        raise ValueError(f"{called(receiver)}: expected log-probabilities of shape (C,), (N, C) or (N, C, ...), received ()")
    places = places_of(x.shape)
    target = as_target(target, places)
    if target.dtype.kind not in "iu" or target.shape != places:
        raise (TypeError if target.shape == places else ValueError)(
            f"{called(receiver)}: for log-probabilities of shape {x.shape} expected integer classes of shape {places}; "
            f"received {target.dtype} {target.shape}"
        )
    weight = weight_of_classes(receiver, weight, x.shape[len(x.shape) > 1], x.dtype)
    if is_half(x):
        return in_single_precision(lambda x: _nll_loss(receiver, x, target, weight, ignore_index, reduction), x)
    x = by_rows(x)
    classes, _, weights, scale = counted(receiver, target, x, weight, ignore_index, reduction)
    losses = negative_log_likelihood(x, classes, weights, scale, rows=reduction == "none")
    return np.reshape(losses, places) if reduction == "none" and len(places) != 1 else losses


def kl_div(input: Any, target: Any, reduction: str = "mean", log_target: bool = False) -> Any:
    """``p (log p - input)`` for target probabilities ``p`` and log-probabilities ``input``: summed up, their divergence.

    Where ``p`` is 0 the loss is 0, also for an ``input`` of -inf, and ``p log p`` counts as flat: the derivative with respect
    to ``p`` is ``-input`` there, 0 for an ``input`` of -inf.

    Args:
        input: log-probabilities, such as ``log_softmax`` gives them.
        target: the probabilities p, or their logarithms; plain data is cast to the dtype of ``input``.
        reduction: ``"batchmean"``, the sum divided by the length of axis 0, which is the mean divergence; ``"mean"``, the sum
            divided by the number of all elements (PyTorch warns of it); ``"sum"`` or ``"none"``.
        log_target: whether ``target`` is ``log p``.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, or another reduction.
        TypeError: for complex numbers.

    Source: S. Kullback and R. Leibler, On information and sufficiency, 1951.

    >>> f"{nn.functional.kl_div(np.log([[0.5, 0.5]]), [[1.0, 0.0]], reduction='batchmean'):.4f}"
    '0.6931'
    """
    return _kl_div("kl_div", input, target, reduction, log_target)


def _kl_div(receiver: Receiver, input: Any, target: Any, reduction: str, log_target: bool) -> Any:
    check_reduction(receiver, reduction, _WITH_BATCHMEAN)
    x, y = pair(receiver, input, target)
    if is_half(x):
        return in_single_precision(lambda x, y: _kl_div(receiver, x, y, reduction, log_target), x, y)
    if reduction == "batchmean":
        divisor: int | None = x.shape[0] if x.shape else 1
    else:
        divisor = divisor_of(reduction, x.size)
    return kl_divergence(x, y, log_target=bool(log_target), divisor=divisor)


def poisson_nll_loss(
    input: Any, target: Any, log_input: bool = True, full: bool = False, eps: float = 1e-8, reduction: str = "mean"
) -> Any:
    """``exp(x) - y x`` for counts ``y`` and logarithms ``x`` of expected counts: minus the log-likelihood, less ``log y!``.

    Args:
        input: x, logarithms of expected counts, or the expected counts themselves.
        target: the counts y; plain data is cast to the dtype of ``input``.
        log_input: whether ``input`` is a logarithm; with ``False`` the loss is ``x - y log(x + eps)``.
        full: whether to add ``y log y - y + log(2 pi y) / 2``, Stirling's approximation of ``log y!``, where y is above 1.
        eps: what keeps the logarithm of an expected count 0 finite.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: two equal ones -> ``()``; with ``"none"`` the same.

    Raises:
        ValueError: for shapes that differ, another reduction, or a negative ``eps``.
        TypeError: for complex numbers.

    >>> nn.functional.poisson_nll_loss([0.0, 1.0], [2, 0], reduction="none")
    array([1.        , 2.71828183])
    """
    check_number("poisson_nll_loss", "eps", eps, least=0)
    return _poisson_nll_loss("poisson_nll_loss", input, target, log_input, full, eps, reduction)


def _poisson_nll_loss(
    receiver: Receiver, input: Any, target: Any, log_input: bool, full: bool, eps: float, reduction: str
) -> Any:
    settings = {"log_input": bool(log_input), "full": bool(full), "eps": float(eps)}
    return elementwise(receiver, poisson_nll, input, target, reduction, **settings)


def gaussian_nll_loss(input: Any, target: Any, var: Any, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> Any:
    """``(log(var) + (input - target)**2 / var) / 2``: minus the log-density of a normal distribution, less a constant.

    Args:
        input: expected values.
        target: what was measured; plain data is cast to the dtype of ``input``.
        var: the variances. One below ``eps`` counts as ``eps``, yet has the derivative that it would have there, as in PyTorch.
        full: whether to add the constant ``log(2 pi) / 2``.
        eps: the least variance.
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Shapes: ``input`` (...), ``target`` the same, or with some axes of length 1, along which it is broadcast; ``var`` like
    ``target``, or without the last axis, or () -> ``()``; with ``"none"`` that of ``input``.

    Raises:
        ValueError: for shapes that do not fit, a negative variance, another reduction, or a negative ``eps``.
        TypeError: for complex numbers.

    Source: D. Nix and A. Weigend, Estimating the mean and variance of the target probability distribution, 1994.

    >>> nn.functional.gaussian_nll_loss([1.0, 2.0], [1.0, 0.0], [1.0, 4.0], reduction="none")
    array([0.        , 1.19314718])
    """
    check_number("gaussian_nll_loss", "eps", eps, least=0)
    return _gaussian_nll_loss("gaussian_nll_loss", input, target, var, full, eps, reduction)


def _gaussian_nll_loss(receiver: Receiver, input: Any, target: Any, var: Any, full: bool, eps: float, reduction: str) -> Any:
    check_reduction(receiver, reduction)
    x, y, variance = in_one_dtype(receiver, input=input, target=target, var=var)
    if variance.shape == x.shape[:-1] and variance.shape != x.shape:
        variance = np.reshape(variance, (*variance.shape, 1))
    for name, each in (("target", y), ("var", variance)):
        # Axes may be of length 1, but not missing: (N,) against (N, 1) is refused.
        if each.shape != x.shape and (
            not broadcasts_to(each.shape, x.shape) or (each.ndim != x.ndim and not (name == "var" and each.ndim == 0))
        ):
            missing = ", or without its last axis" if name == "var" else ""
            raise ValueError(
                f"{called(receiver)}: expected {name} in the shape of input, {x.shape}, with axes of length 1 to broadcast"
                f"{missing}; received {np.shape(var) if name == 'var' else each.shape}"
            )
    values = plain(variance)
    if isinstance(values, np.ndarray) and values.size and values.min() < 0:
        raise ValueError(f"{called(receiver)}: expected variances of 0 or more, received {values.min()}")
    if is_half(x):
        return in_single_precision(
            lambda x, y, variance: _gaussian_nll_loss(receiver, x, y, variance, full, eps, reduction), x, y, variance
        )
    losses = gaussian_nll(x, y, at_least(variance, bound=float(eps)))
    return reduced(losses + 0.5 * math.log(2 * math.pi) if full else losses, reduction)


class NLLLoss(Loss):
    """``nll_loss`` as a module; the weight is a buffer.

    >>> loss = nn.NLLLoss()
    >>> f"{loss(np.log([[0.5, 0.5]]), [0]):.4f}"
    '0.6931'
    """

    usual: ClassVar = {"ignore_index": -100}

    def __init__(self, weight: Any = None, ignore_index: int = -100, reduction: str = "mean") -> None:
        super().__init__(reduction)
        check_whole("NLLLoss", "ignore_index", ignore_index)
        self.weight = buffer_of_classes(type(self).__name__, weight)
        self.ignore_index = ignore_index

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``nll_loss``."""
        return _nll_loss(lambda: described(self), input, target, self.weight, self.ignore_index, self.reduction)


class KLDivLoss(Loss):
    """``kl_div`` as a module.

    >>> loss = nn.KLDivLoss(reduction="batchmean")
    >>> f"{loss(np.log([[0.5, 0.5]]), [[1.0, 0.0]]):.4f}"
    '0.6931'
    """

    usual: ClassVar = {"log_target": False}
    reductions: ClassVar = _WITH_BATCHMEAN

    def __init__(self, reduction: str = "mean", log_target: bool = False) -> None:
        super().__init__(reduction)
        check_switch("KLDivLoss", log_target=log_target)
        self.log_target = bool(log_target)

    def forward(self, input: Any, target: Any) -> Any:
        """The loss; shapes as in ``kl_div``."""
        return _kl_div(lambda: described(self), input, target, self.reduction, self.log_target)


class PoissonNLLLoss(Loss):
    """``poisson_nll_loss`` as a module.

    >>> nn.PoissonNLLLoss(log_input=False, eps=0.0)([1.0, 1.0], [0, 3])
    np.float64(1.0)
    """

    usual: ClassVar = {"log_input": True, "full": False, "eps": 1e-8}

    def __init__(self, log_input: bool = True, full: bool = False, eps: float = 1e-8, reduction: str = "mean") -> None:
        super().__init__(reduction)
        check_number("PoissonNLLLoss", "eps", eps, least=0)
        check_switch("PoissonNLLLoss", log_input=log_input, full=full)
        self.log_input = bool(log_input)
        self.full = bool(full)
        self.eps = eps

    def forward(self, log_input: Any, target: Any) -> Any:
        """The loss; shapes as in ``poisson_nll_loss``."""
        return _poisson_nll_loss(
            lambda: described(self), log_input, target, self.log_input, self.full, self.eps, self.reduction
        )


class GaussianNLLLoss(Loss):
    """``gaussian_nll_loss`` as a module.

    >>> nn.GaussianNLLLoss()([1.0, 2.0], [1.0, 0.0], [1.0, 1.0])
    np.float64(1.0)
    """

    usual: ClassVar = {"full": False, "eps": 1e-6}

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        super().__init__(reduction)
        check_number("GaussianNLLLoss", "eps", eps, least=0)
        check_switch("GaussianNLLLoss", full=full)
        self.full = bool(full)
        self.eps = eps

    def forward(self, input: Any, target: Any, var: Any) -> Any:
        """The loss; shapes as in ``gaussian_nll_loss``."""
        return _gaussian_nll_loss(lambda: described(self), input, target, var, self.full, self.eps, self.reduction)
