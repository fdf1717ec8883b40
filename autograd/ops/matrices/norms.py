"""Norms of vectors and of matrices, in any order.

The derivative is 0 where the norm is 0, by an element that is 0, and by a singular value that is 0; of several largest elements
or singular values each receives an equal share. ``norm`` is NumPy's function of many forms; ``vector_norm`` and ``matrix_norm``
are those of the array API standard, in terms of it.
"""

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.batch_rules import flattened, leading, shifted
from autograd.gate import function, op
from autograd.ops.arguments import as_array
from autograd.ops.arrays.shaping import moveaxis, reshape, transpose
from autograd.ops.casting import cast, conjugated
from autograd.ops.matrices.singular_values import svdvals
from autograd.ops.reductions.reduction import unreduced
from autograd.record import Op
from autograd.samples import complexes, distinct, integers, reals, sample

# ---------------------------------------------------------------- lengths


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


def _norm_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    (x,) = arrays
    if statics["axes"] is not None:
        return _NORM_ALONG_AXES(record, arrays, mapped, statics, level)
    out = record.call(flattened(x), axes=(1,), keepdims=False)
    return np.reshape(out, (level.size, *[1] * (x.ndim - 1))) if statics["keepdims"] else out


_NORM_ALONG_AXES = shifted("axes")
_norm.batch(_norm_of_examples)


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
_p_norm.batch(shifted("axis"))


# ---------------------------------------------------------------- the sum of singular values


@op(
    name="unitary_factor",
    public=False,
    samples=[sample(reals(3, 3)), sample(reals(2, 4, 2)), sample(complexes(2, 3)), sample(np.diag([2.0, 2.0]))],
)
def _unitary_factor(x: Any) -> Any:
    """``U @ Vh`` with the singular vectors; those of singular values that are 0 are left out."""
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    return (u * (s != 0)[..., None, :]) @ vh


def _unitary_factor_rule(g: Any, x: Any) -> Any:
    """With ``X = U^H dA V`` it moves by ``U ((X - X^H) / (s[i] + s[j])) Vh``, and by ``dA / s`` outside of U and V.

    There is no difference of singular values in it, as there is in the derivatives of U and Vh: they may be equal.
    """
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    counts = s != 0
    both = counts[..., :, None] & counts[..., None, :]
    inner = u.mT @ g @ vh.mT
    inside = (inner - conjugated(inner).mT) * (both / (s[..., :, None] + s[..., None, :] + ~both))
    reciprocals = counts / (s + ~counts)
    out = conjugated(u) @ inside @ conjugated(vh)
    if x.shape[-2] > x.shape[-1]:
        out = out + ((g - conjugated(u) @ (u.mT @ g)) @ vh.mT * reciprocals[..., None, :]) @ conjugated(vh)
    elif x.shape[-2] < x.shape[-1]:
        out = out + (conjugated(u) * reciprocals[..., None, :]) @ (u.mT @ (g - g @ vh.mT @ conjugated(vh)))
    return out


_unitary_factor.vjp(x=_unitary_factor_rule)
_unitary_factor.batch(leading(2))


@op(name="nuclear_norm", public=False, samples=[sample(reals(3, 2)), sample(complexes(2, 2, 2)), sample(np.eye(3))])
def _nuclear_norm(x: Any) -> Any:
    return np.linalg.svdvals(x).sum(-1)


_nuclear_norm.vjp(x=lambda g, x: g[..., None, None] * conjugated(_unitary_factor(x)))
_nuclear_norm.batch(leading(2))


# ---------------------------------------------------------------- norms in every order


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
        sample(reals(3, 4), "f"),
        sample(reals(3, 4), 2),
        sample(reals(2, 3, 4), 2, (2, 0), True),
        sample(reals(3, 3), -2),
        sample(reals(3, 2), "nuc"),
        sample(reals(2, 3, 4), "nuc", axis=(0, 1), keepdims=True),
        sample(complexes(2, 3), 2),
        sample(complexes(2, 2), "nuc"),
        sample(integers(2, 3), 2),
        sample(integers(3), 3),
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
    "fro", "f"     ``sqrt(sum(|x|**2))``              -
    "nuc"          sum of the singular values         -
    inf, -inf      max, min of ``sum(|x|, axis=1)``   ``max(|x|)``, ``min(|x|)``
    1, -1          max, min of ``sum(|x|, axis=0)``   as any other number
    2, -2          max, min of the singular values    as any other number
    0              -                                  number of elements not 0
    other p        -                                  ``sum(|x|**p)**(1/p)``
    =============  =================================  ==========================

    The derivative is 0 where the norm is 0, by an element that is 0, and by a singular value that is 0; of several largest (or
    smallest) ones each receives an equal share. For the orders 2, -2 and "nuc" it is ``U @ diag(w) @ Vh`` with the singular
    vectors, and w 1 for the singular values that count, else 0.

    Args:
        x: the input.
        ord: the order. With neither ``ord`` nor ``axis``, the 2-norm of all elements.
        axis: one axis for vectors, two for matrices; by default the axes of ``x``, of which there have to be one or two.
        keepdims: keep the axes with length 1.

    Shapes: any -> ``x.shape`` without ``axis``.

    Raises:
        ValueError: for an order that vectors or matrices do not have, or another number of axes.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th edition, 2.2 and 2.3.

    >>> ag.norm(np.array([3.0, 4.0])), ag.norm(np.array([3.0, -4.0]), 1)
    (np.float64(5.0), np.float64(7.0))
    """
    x = as_array(x)
    if x.dtype.kind not in "fc":
        x = cast(x, float)
    keepdims = bool(keepdims)
    if axis is None and (ord is None or (ord == 2 and x.ndim == 1) or (ord in ("fro", "f") and x.ndim == 2)):
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
    if ord in (None, "fro", "f"):
        return _norm(x, axes=axes, keepdims=keepdims)
    if ord in (2, -2, "nuc"):
        out = _of_singular_values(moveaxis(x, axes, (-2, -1)), ord)
        return reshape(out, [1 if i in axes else length for i, length in enumerate(x.shape)]) if keepdims else out
    if ord not in (1, -1, np.inf, -np.inf):
        raise ValueError(
            f"norm: expected the order 'fro', 'nuc', 1, -1, 2, -2, inf or -inf of a matrix's norm, received {ord!r}"
        )
    sums = np.sum(abs(x), axis=row if ord in (1, -1) else column, keepdims=True)
    return _largest(sums, axes, keepdims) if ord > 0 else np.min(sums, axis=axes, keepdims=keepdims)


def _of_singular_values(x: Any, ord: Any) -> Any:
    if ord == "nuc":
        return _nuclear_norm(x)
    values = svdvals(x)
    return _largest(values, -1, False) if ord == 2 else np.min(values, axis=-1)


def _largest(sizes: Any, axes: Any, keepdims: bool) -> Any:
    if sizes.size == 0:  # the norm of nothing is 0
        return np.sum(sizes, axis=axes, keepdims=keepdims)
    return np.max(sizes, axis=axes, keepdims=keepdims)


# ---------------------------------------------------------------- the array API's two


@function(
    np.linalg.matrix_norm,
    samples=[
        sample(reals(3, 4)),
        sample(reals(2, 3, 4), keepdims=True),
        sample(distinct(2, 3, 4), ord=1),
        sample(distinct(3, 4), keepdims=True, ord=-np.inf),
        sample(reals(2, 3, 3), ord=2),
        sample(reals(3, 4), ord="nuc"),
        sample(complexes(2, 2)),
    ],
    errors=[
        (sample(reals(3)), np.exceptions.AxisError),
        (sample(reals(2, 2), ord=3), ValueError),
    ],
)
def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    """The norm of each matrix in the last two axes: ``norm(x, ord, axis=(-2, -1))``, where the orders are listed.

    The derivative is 0 where the norm is 0.

    Args:
        x: the matrix, or a stack of them.
        keepdims: keep the two axes with length 1.
        ord: the order: "fro", "nuc", 1, -1, 2, -2, inf or -inf.

    Shapes: ``(..., m, n)`` -> ``(...)``.

    Raises:
        ValueError: for another order.
        numpy.exceptions.AxisError: for fewer than two axes.

    >>> ag.linalg.matrix_norm(np.array([[3.0, 0.0], [0.0, 4.0]])), ag.linalg.matrix_norm(np.eye(2), ord=1)
    (np.float64(5.0), np.float64(1.0))
    """
    return norm(x, ord, (-2, -1), keepdims)


@function(
    np.linalg.vector_norm,
    samples=[
        sample(reals(3)),
        sample(reals(2, 3)),
        sample(reals(2, 3), axis=-1, keepdims=True),
        sample(reals(2, 3, 4), axis=(2, 0)),
        sample(reals(2, 3, 4, away_from=0.0), axis=(0, -1), keepdims=True, ord=3),
        sample(reals(2, 3, away_from=0.0), ord=1),
        sample(distinct(2, 3), keepdims=True, ord=np.inf),
        sample(distinct(2, 3), axis=(1, 0), ord=-np.inf),
        sample(reals()),
        sample(complexes(2, 2), axis=0),
        sample(integers(3), ord=0),
    ],
    errors=[
        (sample(reals(3), axis=1), np.exceptions.AxisError),
        (sample(reals(3, 3), axis=(0, 0)), ValueError),
        (sample(reals(3), ord="fro"), ValueError),
    ],
)
def vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    """The norm ``sum(|x|**ord)**(1/ord)`` of all elements, or over one or several axes; ``max(|x|)`` for the order inf.

    The derivative is 0 where the norm is 0, and by an element that is 0; of several largest ones each receives an equal share.

    Args:
        x: the input.
        axis: one axis or several, whose elements are one vector; by default all.
        keepdims: keep the axes with length 1.
        ord: the order, any number; ``-inf`` for ``min(|x|)``, 0 for the number of elements that are not 0.

    Shapes: any -> ``x.shape`` without ``axis``.

    Raises:
        ValueError: for an order that is no number, and an axis that is named twice.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.linalg.vector_norm(np.array([[3.0, 0.0], [0.0, 4.0]]))
    np.float64(5.0)
    """
    x = as_array(x)
    along = tuple(range(x.ndim)) if axis is None else normalize_axis_tuple(axis, x.ndim, "axis")
    if len(along) == 1:
        return norm(x, ord, along, keepdims)
    rest = [i for i in range(x.ndim) if i not in along]
    vectors = x if axis is None else transpose(x, [*along, *rest])
    out = norm(reshape(vectors, (math.prod([x.shape[i] for i in along]), *[x.shape[i] for i in rest])), ord, 0)
    return reshape(out, [1 if i in along else length for i, length in enumerate(x.shape)]) if keepdims else out
