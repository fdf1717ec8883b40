"""Condition numbers: how much the solution of linear equations may move, relative to what moves their coefficients."""

from typing import Any

import numpy as np

from autograd.batch_rules import leading
from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.ops.matrices.decompositions import check_square
from autograd.ops.matrices.norms import norm
from autograd.ops.matrices.singular_values import svdvals
from autograd.ops.matrices.solving import complex_regular, inv, regular
from autograd.samples import reals, sample


@op(differentiable=False, name="without_inverse", public=False, samples=[sample(np.array([np.eye(2), np.ones((2, 2))]))])
def _without_inverse(x: Any) -> Any:
    """For each matrix of a stack, whether it is singular."""
    out = np.zeros(x.shape[:-2], bool)
    for place in np.ndindex(out.shape):
        try:
            np.linalg.inv(x[place])
        except np.linalg.LinAlgError:
            out[place] = True
    return out[()]


_without_inverse.batch(leading(2))


@function(
    np.linalg.cond,
    samples=[
        sample(regular(3)),
        sample(reals(4, 2)),
        sample(regular(2, 3), 2),
        sample(regular(3), -2),
        sample(complex_regular(2, 2), -2),
        sample(regular(3), 1),
        sample(regular(3), p=-1),
        sample(regular(2, 2), np.inf),
        sample(complex_regular(3), -np.inf),
        sample(regular(2, 3), "fro"),
        sample(regular(3), "nuc"),
    ],
    errors=[
        (sample(reals(3)), np.linalg.LinAlgError),
        (sample(reals(2, 3), 1), np.linalg.LinAlgError),
        (sample(reals(0, 2)), np.linalg.LinAlgError),
        (sample(reals(2, 2), 3), ValueError),
    ],
)
def cond(x: Any, /, p: Any = None) -> Any:
    """The condition number ``norm(x, p) * norm(inv(x), p)``; for the order 2 the quotient of extreme singular values.

    The derivative is that of these formulas, and 0 where the condition number is infinite, as it is of singular matrices
    (in the order -2 of the zero matrix alone).

    Args:
        x: a square matrix, or a stack of them; of any shape for the orders ``None``, 2 and -2.
        p: the order of the norm: ``None`` (as 2), 1, -1, 2, -2, inf, -inf, "fro" or "nuc".

    Shapes: ``(..., m, n)`` -> ``(...)``, real.

    Raises:
        numpy.linalg.LinAlgError: for fewer than two axes, matrices without elements and, but for the orders 2 and -2, others
            than square ones.
        ValueError: for another order.

    Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th edition, 2.6.2.

    >>> ag.linalg.cond(np.array([[4.0, 0.0], [0.0, 0.5]]))
    np.float64(8.0)
    """
    x = as_array(x)
    if x.ndim > 1 and 0 in x.shape[-2:] and 0 not in x.shape[:-2]:
        raise np.linalg.LinAlgError(f"cond: expected matrices with elements, received shape {x.shape}")
    with np.errstate(all="ignore"):  # an infinite result says enough
        if p is None or p in (2, -2):
            values = svdvals(x)
            above, below = (values[..., 0], values[..., -1]) if p != -2 else (values[..., -1], values[..., 0])
            vanishes = below == 0
            return np.where(vanishes, np.inf, above / (below + vanishes))[()]
        check_square(x, "cond")
        try:
            return _by_inverse(x, p)
        except np.linalg.LinAlgError:
            singular = _without_inverse(x)
            rest = np.where(singular[..., None, None], np.eye(x.shape[-1], dtype=x.dtype), x)
            return np.where(singular, np.inf, _by_inverse(rest, p))[()]


def _by_inverse(x: Any, p: Any) -> Any:
    return norm(x, p, (-2, -1)) * norm(inv(x), p, (-2, -1))
