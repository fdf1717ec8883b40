"""Powers, exponentials and logarithms, elementwise, read like the formula sheet that ``arithmetic`` begins.

``power`` has a derivative of 0 with respect to its base where the exponent is 0, and with respect to its exponent where the
base is 0. The square root's slope at 0 is infinite.
"""

from typing import Any

import numpy as np

from autograd.gate import op
from autograd.samples import ANY, complexes, positives, reals, sample

LOG_2, LOG_10 = float(np.log(2.0)), float(np.log(10.0))


def _log_of_base(x1: Any) -> Any:
    """``log(x1)``, 0 where ``x1`` is 0. A literal stays one, which leaves float32 what it is; small integers become float64."""
    return float(np.log(x1 or 1)) if isinstance(x1, int | float) else np.log(x1 * 1.0 + (x1 == 0))


@op(
    elementwise=True,
    numpy=np.power,
    samples=(
        sample(positives(3, 4), reals(4)),
        sample(reals(3), 2),
        sample(reals(3), 3.0),
        sample(2.0, reals(3)),
        sample(reals(2), 0),
    ),
)
def power(x1: Any, x2: Any) -> Any:
    """``x1**x2``; derivatives ``x2 * x1**(x2 - 1)`` (0 where ``x2`` is 0) and ``x1**x2 * log(x1)`` (0 where ``x1`` is 0).

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.power(np.array([2.0, 3.0]), 2)
    array([4., 9.])
    """
    return x1**x2


power.vjp(
    x1=lambda g, x1, x2: g * (x2 * x1 ** (x2 * 1 - (x2 != 0))),  # times 1, since NumPy does not subtract truth values
    x2=lambda g, out, x1: g * out * _log_of_base(x1),
)


@op(elementwise=True, numpy=np.sqrt, samples=(sample(positives(3, 4)), sample(positives()), sample(complexes(3))))
def sqrt(x: Any) -> Any:
    """The square root; derivative ``1 / (2 sqrt(x))``, infinite at 0.

    Shapes: any -> same.

    >>> ag.sqrt(np.array([1.0, 9.0]))
    array([1., 3.])
    """
    return np.sqrt(x)


sqrt.vjp(x=lambda g, out: g / (2 * out))


@op(elementwise=True, numpy=np.exp, samples=ANY)
def exp(x: Any) -> Any:
    """``e**x``; its own derivative.

    Shapes: any -> same.

    >>> ag.exp(np.array([0.0, 1.0]))
    array([1.        , 2.71828183])
    """
    return np.exp(x)


exp.vjp(x=lambda g, out: g * out)


@op(elementwise=True, numpy=np.exp2, samples=ANY)
def exp2(x: Any) -> Any:
    """``2**x``; derivative ``log(2) 2**x``.

    Shapes: any -> same.

    >>> ag.exp2(np.array([0.0, 3.0]))
    array([1., 8.])
    """
    return np.exp2(x)


exp2.vjp(x=lambda g, out: g * out * LOG_2)


@op(elementwise=True, numpy=np.expm1, samples=ANY)
def expm1(x: Any) -> Any:
    """``e**x - 1``, accurate near 0; derivative ``e**x``.

    Shapes: any -> same.

    >>> ag.expm1(np.array([0.0, 1.0]))
    array([0.        , 1.71828183])
    """
    return np.expm1(x)


expm1.vjp(x=lambda g, out: g * (out + 1))


@op(elementwise=True, numpy=np.log, samples=(sample(positives(3, 4)), sample(positives()), sample(complexes(3))))
def log(x: Any) -> Any:
    """The natural logarithm; derivative ``1 / x``.

    Shapes: any -> same.

    >>> ag.log(np.array([1.0, 10.0]))
    array([0.        , 2.30258509])
    """
    return np.log(x)


log.vjp(x=lambda g, x: g / x)


@op(elementwise=True, numpy=np.log2, samples=(sample(positives(3, 4)), sample(positives()), sample(complexes(3))))
def log2(x: Any) -> Any:
    """The logarithm to base 2; derivative ``1 / (x log(2))``.

    Shapes: any -> same.

    >>> ag.log2(np.array([1.0, 8.0]))
    array([0., 3.])
    """
    return np.log2(x)


log2.vjp(x=lambda g, x: g / (x * LOG_2))


@op(elementwise=True, numpy=np.log10, samples=(sample(positives(3, 4)), sample(positives()), sample(complexes(3))))
def log10(x: Any) -> Any:
    """The logarithm to base 10; derivative ``1 / (x log(10))``.

    Shapes: any -> same.

    >>> ag.log10(np.array([1.0, 100.0]))
    array([0., 2.])
    """
    return np.log10(x)


log10.vjp(x=lambda g, x: g / (x * LOG_10))


@op(elementwise=True, numpy=np.log1p, samples=(sample(positives(3, 4)), sample(positives()), sample(complexes(3))))
def log1p(x: Any) -> Any:
    """``log(1 + x)``, accurate near 0; derivative ``1 / (1 + x)``.

    Shapes: any -> same.

    >>> ag.log1p(np.array([0.0, 1.0]))
    array([0.        , 0.69314718])
    """
    return np.log1p(x)


log1p.vjp(x=lambda g, x: g / (1 + x))


@op(elementwise=True, numpy=np.logaddexp, samples=(sample(reals(3, 4), reals(4)), sample(reals(3), 0.0)))
def logaddexp(x1: Any, x2: Any) -> Any:
    """``log(exp(x1) + exp(x2))`` without overflow; derivatives ``exp(x1 - out)`` and ``exp(x2 - out)``.

    Shapes: any two that broadcast -> their broadcast.

    >>> ag.logaddexp(np.array([0.0, 1000.0]), 0.0)
    array([6.93147181e-01, 1.00000000e+03])
    """
    return np.logaddexp(x1, x2)


logaddexp.vjp(x1=lambda g, out, x1: g * np.exp(x1 - out), x2=lambda g, out, x2: g * np.exp(x2 - out))
