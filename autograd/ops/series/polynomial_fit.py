"""Polynomials fitted to points by least squares: ``polyfit``."""

import warnings
from typing import Any

import numpy as np

from autograd.batched import memory_of
from autograd.gate import function
from autograd.ops.arguments import as_array
from autograd.ops.casting import cast
from autograd.ops.matrices.least_squares import lstsq
from autograd.ops.matrices.linear_algebra import dot, outer
from autograd.ops.matrices.powers import vander
from autograd.ops.matrices.solving import inv
from autograd.ops.series.polynomials import any_tensor
from autograd.samples import complexes, distinct, reals, sample
from autograd.tensors import wrap

_numpys: Any = np.polyfit  # whose stub has a variant for each combination of settings that are known beforehand


@function(
    np.polyfit,
    samples=[
        sample(distinct(5), reals(5), 2),
        sample(distinct(4), reals(4, 2), 1),
        sample(distinct(4), reals(4), 0),
        sample(distinct(3), reals(3), 2),
        sample(distinct(5), reals(5), 1, w=np.array([0.5, 1.0, 2.0, 1.5, 0.7])),
        sample(distinct(5), reals(5, 2), 1, full=True, w=np.array([0.5, 1.0, 2.0, 1.5, 0.7])),
        sample(distinct(5), reals(5), 2, cov=True),
        sample(distinct(5), reals(5, 2), 1, cov=True),
        sample(distinct(5), reals(5), 1, w=np.array([0.5, 1.0, 2.0, 1.5, 0.7]), cov="unscaled"),
        sample(distinct(4), complexes(4), 1),
        sample(complexes(4), complexes(4), 1),
    ],
    errors=[
        (sample(reals(3), reals(3), -1), ValueError),
        (sample(reals(3, 1), reals(3), 1), TypeError),
        (sample(reals(0), reals(0), 1), TypeError),
        (sample(reals(3), reals(4), 1), TypeError),
        (sample(reals(3), reals(), 1), TypeError),
        (sample(reals(3), reals(3, 1, 1), 1), TypeError),
        (sample(reals(3), reals(3), 1, w=np.ones((3, 1))), TypeError),
        (sample(reals(3), reals(3), 1, w=np.ones(4)), TypeError),
        (sample(distinct(3), reals(3), 2, cov=True), ValueError),
    ],
)
def polyfit(
    x: Any,
    y: Any,
    /,
    deg: int,
    rcond: float | None = None,
    full: bool = False,
    w: Any = None,
    cov: Any = False,
) -> Any:
    """The polynomial whose values at ``x`` are nearest to ``y``: ``sum((w * (polyval(p, x) - y)) ** 2)`` is least.

    The coefficients, highest power first, are differentiable in ``x``, ``y`` and ``w``; so are the further results.

    Args:
        x: m places.
        y: the values there; several sets of them in columns.
        deg: the polynomial's degree.
        rcond: singular values of the scaled system up to ``rcond`` times the largest one count as 0; by default m times the
            precision of ``x``.
        full: give also the sums of squares that remain, the rank, the singular values of the scaled system, and ``rcond``.
        w: weights of the distances, not of their squares; 1 by default.
        cov: give also the covariance matrix of the coefficients, scaled by what remains of the squares for each degree of
            freedom; ``"unscaled"`` for weights that are 1 over the standard deviations of ``y``.

    Shapes: ``(m,), (m,)`` -> ``(deg + 1,)``; ``(m,), (m, k)`` -> ``(deg + 1, k)``; the covariance ``(deg + 1, deg + 1)``, and
    ``(deg + 1, deg + 1, k)``.

    Raises:
        ValueError: for a negative degree, and with ``cov`` for too few points to scale by.
        TypeError: for arrays of other shapes, and for no points.

    Warns:
        numpy.exceptions.RankWarning: where the points do not determine the polynomial, unless ``full`` is asked for.

    >>> np.round(ag.polyfit(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]), 1), 12)
    array([2., 1.])
    """
    x, y = as_array(x), as_array(y)
    count = int(deg) + 1
    _check(x, y, deg)
    if w is not None:
        w = as_array(w)
        if w.shape != x.shape:
            raise TypeError(f"polyfit: expected one weight w for each of the {x.size} points, received shape {w.shape}")
    if not any_tensor(x, y, w):
        return _numpys(x, y, deg, rcond, full, w, cov)
    x, y = x + 0.0, y + 0.0
    if rcond is None:
        rcond = x.size * np.finfo(x.dtype).eps
    system = vander(x, count)
    if w is not None:
        system, y = _weighted(system, w + 0.0), _weighted(y, w + 0.0)
    scale = np.sqrt((system * system).sum(0))
    system = system / scale
    solution, squares, rank, values = lstsq(system, y, rcond)
    p = (solution.T / scale).T
    if full:
        return p, squares, rank, values, wrap(np.asarray(rcond)[()])
    if np.any(memory_of(rank) != count):
        warnings.warn(
            "polyfit: the points do not determine a polynomial of this degree; lower deg, or give more points",
            np.exceptions.RankWarning,
            stacklevel=2,
        )
    if not cov:
        return p
    covariance = inv(dot(system.T, system)) / outer(scale, scale)
    factor: Any = 1
    if cov != "unscaled":
        if x.size <= count:
            raise ValueError(
                f"polyfit: expected more than {count} points to scale the covariance by, received {x.size}; "
                'give more, a lower deg, or cov="unscaled"'
            )
        factor = squares / (x.size - count)
    return p, (covariance if y.ndim == 1 else covariance[:, :, None]) * factor


def _check(x: Any, y: Any, deg: int) -> None:
    if deg < 0:
        raise ValueError(f"polyfit: expected a degree of at least 0, received {deg}")
    if x.ndim != 1 or not x.size:
        raise TypeError(f"polyfit: expected x in one axis, and at least one point, received shape {x.shape}")
    if y.ndim not in (1, 2) or y.shape[0] != x.size:
        raise TypeError(f"polyfit: expected y of shape ({x.size},) or ({x.size}, k), received {y.shape}")


def _weighted(a: Any, w: Any) -> Any:
    """The rows of ``a`` times their weights, in the dtype of ``a``, as NumPy has it."""
    if not np.can_cast(w.dtype, a.dtype, "same_kind"):
        raise TypeError(f"polyfit: expected weights w that fit into the dtype of the values, {a.dtype}; received {w.dtype}")
    return cast(a * (w if a.ndim == 1 else w[:, None]), a.dtype, copy=False)
