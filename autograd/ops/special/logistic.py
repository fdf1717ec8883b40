"""The logistic function, its logarithm and its inverse, as in ``scipy.special``: exact at both ends, derivatives too."""

from typing import Any

from autograd.gate import op
from autograd.ops.elementwise.guarded import over
from autograd.ops.special.scipy_access import of_scipy
from autograd.samples import REAL, complexes, reals, sample

_COMPLEX = ((sample(complexes(3)), TypeError),)


@op(elementwise=True, numpy="expit", samples=REAL, errors=_COMPLEX)
def expit(x: Any) -> Any:
    """The logistic function ``1 / (1 + exp(-x))``; derivative ``expit(x) expit(-x)``, exact in both tails.

    Needs SciPy; ``ag.sigmoid`` is the same function without it.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.special.expit(np.array([0.0, 2.0]))
    array([0.5       , 0.88079708])
    """
    return of_scipy("expit")(x)


expit.vjp(x=lambda g, out, x: g * (out * expit(-x)))


@op(elementwise=True, numpy="log_expit", samples=REAL, errors=_COMPLEX)
def log_expit(x: Any) -> Any:
    """``log(expit(x))``, exact where ``expit`` rounds to 0 or 1; derivative ``expit(-x)``.

    Needs SciPy.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.special.log_expit(np.array([0.0, -1000.0, 50.0]))
    array([-6.93147181e-01, -1.00000000e+03, -1.92874985e-22])
    """
    return of_scipy("log_expit")(x)


log_expit.vjp(x=lambda g, x: g * expit(-x))


@op(
    elementwise=True,
    numpy="logit",
    samples=(sample(reals(3, 4, low=0.1, high=0.9)), sample(reals(low=0.1, high=0.9))),
    errors=_COMPLEX,
)
def logit(x: Any) -> Any:
    """``log(x / (1 - x))``, the inverse of ``expit``; derivative ``1 / (x (1 - x))``, infinite at 0 and 1.

    Needs SciPy. Outside [0, 1] it is NaN.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.special.logit(np.array([0.5, 0.9]))
    array([0.        , 2.19722458])
    """
    return of_scipy("logit")(x)


logit.vjp(x=lambda g, x: over(g, x * (1 - x)))
