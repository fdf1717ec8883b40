"""``i0`` as NumPy has it, differentiable to any order without SciPy.

Its derivatives are modified Bessel functions I_n of higher order, I_n' = (I_{n-1} + I_{n+1}) / 2, which NumPy does not have.
Here they come from Poisson's integral (DLMF 10.32.2)

    I_n(x) = 2 (x/2)**n / (sqrt(pi) gamma(n + 1/2)) * integral from 0 to pi/2 of cosh(x cos t) sin(t)**(2 n).

The integrand is smooth, periodic and positive, so the trapezoidal rule converges geometrically (L. N. Trefethen and J. A. C.
Weideman, "The exponentially convergent trapezoidal rule", SIAM Review 56, 2014) and no digits cancel: a few dozen points give
full accuracy at every size of x.
"""

import math
from typing import Any

import numpy as np

from autograd.gate import op
from autograd.ops.elementwise.guarded import times
from autograd.samples import complexes, reals, sample

_OVERFLOWS = 1e4  # well above 714, where I_0 leaves the range of float64


@op(
    elementwise=True,
    public=False,
    samples=[sample(reals(3, 4), n=1), sample(reals(low=3.0, high=20.0), n=0), sample(reals(3, low=-20.0), n=4)],
)
def bessel_i(x: Any, *, n: int) -> Any:
    """The modified Bessel function of the first kind of whole order n >= 0, without SciPy."""
    x64 = np.asarray(x, np.float64)
    size = abs(x64)
    moderate = size < _OVERFLOWS
    points = 10 + n + int(math.sqrt(6 * np.max(size, initial=0.0, where=moderate)))
    total = np.zeros_like(size)
    with np.errstate(over="ignore", invalid="ignore"):
        for t in (np.arange(points) + 0.5) * (math.pi / 2 / points):
            # exp(-|x|) cosh(x cos t), as the factor exp(|x|) alone may overflow; exponents without a difference near 0
            scaled = np.exp(-2 * math.sin(t / 2) ** 2 * size) + np.exp(-2 * math.cos(t / 2) ** 2 * size)
            total += scaled * (math.sin(t) ** (2 * n) / (2 * points))
        half = np.exp(size / 2)
        constant = math.sqrt(math.pi) / math.gamma(n + 0.5)
        out = half * total * half * (constant * (0.5 * size) ** n)
    out = np.where(moderate | np.isnan(size), out, np.inf) * np.sign(x64) ** n
    return out.astype(x.dtype)[()]


bessel_i.vjp(
    x=lambda g, x, n: times(g, bessel_i(x, n=1) if n == 0 else 0.5 * (bessel_i(x, n=n - 1) + bessel_i(x, n=n + 1))),
)


@op(
    elementwise=True,
    numpy=np.i0,
    samples=(sample(reals(3, 4)), sample(reals()), sample(reals(3, low=-20.0, high=20.0))),
    errors=[(sample(complexes(3)), TypeError)],
)
def i0(x: Any) -> Any:
    """The modified Bessel function of the first kind of order 0; derivative that of order 1.

    Neither needs SciPy.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.i0(np.array([0.0, 1.0]))
    array([1.        , 1.26606588])
    """
    return np.i0(x)


i0.vjp(x=lambda g, x: times(g, bessel_i(x, n=1)))
