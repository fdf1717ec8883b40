"""Norms of vectors and of matrices, in any order.

The derivative is 0 where the norm is 0, and by an element that is 0; of several largest elements each receives an equal share.
"""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.gate import function, op
from autograd.modes import is_grad_enabled
from autograd.ops.arguments import as_array
from autograd.ops.casting import cast, conjugated
from autograd.ops.reduction import unreduced
from autograd.samples import complexes, distinct, reals, sample
from autograd.tensors import Tensor


@op(
    name="norm",
    public=False,
    samples=[
        sample(reals(3, 4), axes=None, keepdims=False),
        sample(reals(2, 3, 4), axes=(0, 2), keepdims=False),
        sample(complexes(2, 3), axes=(1,), keepdims=True),
    ],
)
def _norm(x: Any, *, axes: tuple[int, ...] | None, keepdims: bool) -> Any:
    return np.linalg.norm(x, None, axes, keepdims)


def _norm_rule(g: Any, out: Any, x: Any, axes: tuple[int, ...] | None, keepdims: bool) -> Any:
    unit = g * (out != 0) / (out + (out == 0))  # 0 where the norm is
    return conjugated(x) * unreduced(unit, x.shape, axes, keepdims)


_norm.vjp(x=_norm_rule)


@op(
    name="p_norm",
    public=False,
    samples=[
        sample(reals(3, 4, away_from=0.0), p=3.0, axis=0, keepdims=True),
        sample(reals(4, away_from=0.0), p=0.5, axis=0, keepdims=False),
    ],
)
def _p_norm(x: Any, *, p: float, axis: int, keepdims: bool) -> Any:
    return np.linalg.norm(x, p, axis, keepdims)


def _p_norm_rule(g: Any, out: Any, x: Any, p: float, axis: int, keepdims: bool) -> Any:
    if not keepdims:
        g, out = np.expand_dims(g, axis), np.expand_dims(out, axis)
    share = abs(x) / (out + (out == 0))
    return g * conjugated(np.sign(x)) * (share + (share == 0)) ** (p - 1)


_p_norm.vjp(x=_p_norm_rule)


@op(
    differentiable=False,
    name="singular_norm",
    public=False,
    samples=[sample(reals(3, 4), order="nuc", axes=(0, 1), keepdims=False)],
)
def _singular_norm(x: Any, *, order: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    return np.linalg.norm(x, order, axes, keepdims)


@function(
    np.linalg.norm,
    samples=[
        sample(reals(4)),
        sample(reals(2, 3, 2)),
        sample(reals(3, 4), keepdims=True),
        sample(reals(3, 4), axis=-1),
        sample(reals(3, 4), 2, 0, True),
        sample(reals(3, 4, away_from=0.0), 1, axis=1),
        sample(distinct(3, 4), np.inf, axis=1, keepdims=True),
        sample(distinct(3, 4), -np.inf, axis=0),
        sample(reals(3, 4, away_from=0.0), 3, axis=0),
        sample(reals(4, away_from=0.0), 1.5, keepdims=True),
        sample(reals(4, away_from=0.0), -2),
        sample(reals(3, 4), "fro"),
        sample(reals(2, 3, 4), None, (0, 2)),
        sample(reals(2, 3, 4), "fro", axis=(-1, 0), keepdims=True),
        sample(distinct(3, 4), 1),
        sample(distinct(2, 3, 4), np.inf, axis=(0, 2), keepdims=True),
        sample(distinct(3, 4), -1),
        sample(distinct(3, 4), -np.inf, axis=(1, 0)),
        sample(complexes(3)),
        sample(complexes(3, 2), 1, axis=0),
        sample(complexes(3), 3),
    ],
    errors=[
        (sample(reals(3), "fro"), ValueError),
        (sample(reals(3, 3), 3), ValueError),
        (sample(reals(3, 3), "unknown"), ValueError),
        (sample(reals(2, 2, 2), 1), ValueError),
        (sample(reals(2, 2, 2), axis=(0, 1, 2)), ValueError),
        (sample(reals(3, 3), axis=(0, 0)), ValueError),
        (sample(reals(3), axis=1), np.exceptions.AxisError),
    ],
)
def norm(x: Any, /, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The norm of vectors or matrices, in the order ``ord``.

    =============  =================================  ==========================
    ord            matrices                           vectors
    =============  =================================  ==========================
    None           Frobenius                          2
    "fro"          ``sqrt(sum(|x|**2))``              -
    "nuc"          sum of the singular values         -
    inf, -inf      max, min of ``sum(|x|, axis=1)``   ``max(|x|)``, ``min(|x|)``
    1, -1          max, min of ``sum(|x|, axis=0)``   as any other number
    2, -2          max, min of the singular values    as any other number
    0              -                                  number of elements not 0
    other p        -                                  ``sum(|x|**p)**(1/p)``
    =============  =================================  ==========================

    The derivative is 0 where the norm is 0, and by an element that is 0; of several largest elements each receives an equal
    share.

    Args:
        x: the input.
        ord: the order. With neither ``ord`` nor ``axis``, the 2-norm of all elements.
        axis: one axis for vectors, two for matrices; by default the axes of ``x``, of which there have to be one or two.
        keepdims: keep the axes with length 1.

    Shapes: any -> ``x.shape`` without ``axis``.

    Raises:
        ValueError: for an order that vectors or matrices do not have, or another number of axes.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.
        TypeError: for the order 2, -2 or "nuc" of a matrix that requires a gradient: singular values have no rule here.

    Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th edition, 2.2 and 2.3.

    >>> ag.norm(np.array([3.0, 4.0])), ag.norm(np.array([3.0, -4.0]), 1)
    (np.float64(5.0), np.float64(7.0))
    """
    x = as_array(x)
    if x.dtype.kind not in "fc":
        x = cast(x, float)
    keepdims = bool(keepdims)
    if axis is None and (ord is None or (ord == 2 and x.ndim == 1) or (ord == "fro" and x.ndim == 2)):
        return _norm(x, axes=None, keepdims=keepdims)
    axes = tuple(range(x.ndim)) if axis is None else normalize_axis_tuple(axis, x.ndim, "axis")
    if len(axes) == 1:
        return _vector_norm(x, ord, axes[0], keepdims)
    if len(axes) == 2:
        return _matrix_norm(x, ord, axes, keepdims)
    raise ValueError(f"norm: expected one axis (vectors) or two (matrices), received axis={axis} of shape {x.shape}")


def _vector_norm(x: Any, ord: Any, axis: int, keepdims: bool) -> Any:
    if ord is None or ord == 2:
        return _norm(x, axes=(axis,), keepdims=keepdims)
    if isinstance(ord, str):
        raise ValueError(f"norm: expected a number as the order of a vector's norm, received {ord!r}")
    if ord == 0:
        return cast((x != 0).sum(axis=axis, keepdims=keepdims), x.real.dtype)
    if ord == 1:
        return np.sum(abs(x), axis=axis, keepdims=keepdims)
    if ord == np.inf:
        return _largest(abs(x), axis, keepdims)
    if ord == -np.inf:
        return np.min(abs(x), axis=axis, keepdims=keepdims)
    return _p_norm(x, p=ord, axis=axis, keepdims=keepdims)


def _matrix_norm(x: Any, ord: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    row, column = axes
    if row == column:
        raise ValueError(f"norm: expected two different axes, received {axes}")
    if ord is None or ord == "fro":
        return _norm(x, axes=axes, keepdims=keepdims)
    if ord in (2, -2, "nuc"):
        if isinstance(x, Tensor) and x.requires_grad and is_grad_enabled():
            raise TypeError(
                f"norm: the order {ord!r} of a matrix needs its singular values, which have no gradient rule here, and this "
                "matrix requires a gradient; use ord='fro', or x.detach()"
            )
        return _singular_norm(x, order=ord, axes=axes, keepdims=keepdims)
    if ord not in (1, -1, np.inf, -np.inf):
        raise ValueError(
            f"norm: expected the order 'fro', 'nuc', 1, -1, 2, -2, inf or -inf of a matrix's norm, received {ord!r}"
        )
    sums = np.sum(abs(x), axis=row if ord in (1, -1) else column, keepdims=True)
    return _largest(sums, axes, keepdims) if ord > 0 else np.min(sums, axis=axes, keepdims=keepdims)


def _largest(sizes: Any, axes: Any, keepdims: bool) -> Any:
    if sizes.size == 0:  # the norm of nothing is 0
        return np.sum(sizes, axis=axes, keepdims=keepdims)
    return np.max(sizes, axis=axes, keepdims=keepdims)
