"""Linear algebra: products of vectors, matrices and tensors, einsum, diagonals and triangles, norms.

The gradient of a product is a product of the cotangent with the other factor. Rules are written so that it is computed by as
few, and as large, matrix products as possible.
"""

import math
import string
from functools import lru_cache
from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.gate import answer_for, function, op
from autograd.modes import is_grad_enabled
from autograd.ops.casting import cast
from autograd.ops.elementwise import multiply
from autograd.ops.reduction import kept, sum_to
from autograd.ops.shaping import as_array, broadcast_to, matrix_transpose, moveaxis, shape_of, whole_numbers
from autograd.samples import complexes, distinct, reals, sample
from autograd.tensor import Tensor

# ---------------------------------------------------------------- products of matrices


@op(
    numpy=np.matmul,
    samples=[
        sample(reals(3, 4), reals(4, 2)),
        sample(reals(4), reals(4)),
        sample(reals(4), reals(4, 2)),
        sample(reals(3, 4), reals(4)),
        sample(reals(2, 3, 4), reals(4, 5)),
        sample(reals(2, 3, 4), reals(4)),
        sample(reals(4), reals(2, 4, 3)),
        sample(reals(3, 4), reals(2, 4, 5)),
        sample(reals(2, 1, 3, 4), reals(3, 4, 2)),
        sample(reals(1, 3, 4), reals(2, 4, 2)),
        sample(complexes(2, 3), reals(3, 2)),
    ],
    errors=[
        (sample(reals(2, 3), reals(2, 3)), ValueError),
        (sample(reals(2, 3), 2.0), ValueError),
        (sample(reals(2, 2, 3), reals(3, 3, 2)), ValueError),
    ],
)
def matmul(x1: Any, x2: Any) -> Any:
    """The matrix product ``x1 @ x2``: ``out[..., i, j] = sum over k of x1[..., i, k] x2[..., k, j]``.

    For matrices the derivatives are ``g @ x2.T`` and ``x1.T @ g``. A vector counts as a row on the left and as a column on the
    right, and the axis of length 1 is taken away again; leading axes broadcast.

    Shapes: ``(..., n, k), (..., k, m)`` -> ``(..., n, m)``; ``(k,), (k,)`` -> ``()``.

    Raises:
        ValueError: when the lengths k differ, leading axes do not broadcast, or an input has no axes.

    >>> ag.matmul(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, -1.0]))
    array([-1., -1.])
    """
    if isinstance(x1, np.ndarray) and isinstance(x2, np.ndarray) and 0 < x1.ndim < 3 and 0 < x2.ndim < 3:
        return x1.dot(x2)  # the same product, in a third of the time for small matrices
    return np.matmul(x1, x2)


def _matmul_x1(g: Any, x1_shape: tuple[int, ...], x2: Any) -> Any:
    if g.ndim == 2 == len(x1_shape):
        return g.dot(x2.T)
    if x2.ndim == 1:
        return g[..., None] * x2
    if x2.ndim == 2 and len(x1_shape) > 2:  # a stack of matrices times one: a single product of all their rows
        return _rows(g).dot(x2.T).reshape(x1_shape)
    if len(x1_shape) == 1:
        return x2.dot(g) if x2.ndim == 2 else sum_to((x2 @ g[..., None])[..., 0], shape=x1_shape)
    return sum_to(g @ x2.mT, shape=x1_shape)


def _matmul_x2(g: Any, x1: Any, x2_shape: tuple[int, ...]) -> Any:
    if g.ndim == 2 == x1.ndim:
        return x1.T.dot(g)
    if len(x2_shape) == 1:
        return g * x1 if x1.ndim == 1 else g.reshape(-1).dot(_rows(x1))
    if x1.ndim == 1:
        return sum_to(x1[:, None] * g[..., None, :], shape=x2_shape)
    if len(x2_shape) == 2:
        return _rows(x1).T.dot(_rows(g))
    return sum_to(x1.mT @ g, shape=x2_shape)


def _rows(x: Any) -> Any:
    """All rows of a stack of matrices as one matrix."""
    return x.reshape((math.prod(x.shape[:-1]), x.shape[-1]))


matmul.vjp(x1=_matmul_x1, x2=_matmul_x2)


@function(
    np.dot,
    samples=[
        sample(reals(3, 4), reals(4, 2)),
        sample(reals(4), reals(4)),
        sample(reals(2, 3, 4), reals(4)),
        sample(reals(2, 1), reals(4, 1, 5)),
        sample(reals(), reals(3)),
        sample(complexes(3), complexes(3)),
    ],
    errors=[(sample(reals(2, 3), reals(2, 3)), ValueError), (sample(reals(2, 3), reals(3, 2, 3)), ValueError)],
)
def dot(x1: Any, x2: Any, /) -> Any:
    """The sum of products over the last axis of ``x1`` and the last but one (of a vector: the only one) of ``x2``.

    A number times an array is their product. It differs from ``matmul`` where both have more than two axes: leading axes do
    not broadcast; each row of ``x1`` meets each matrix of ``x2``.

    Shapes: ``(..., k), (___, k, m)`` -> ``(..., ___, m)``; ``(..., k), (k,)`` -> ``(...)``.

    Raises:
        ValueError: when the lengths k differ.

    >>> ag.dot(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    np.float64(11.0)
    """
    x1, x2 = as_array(x1), as_array(x2)
    if x1.ndim == 0 or x2.ndim == 0:
        return multiply(x1, x2)
    return matmul(x1, x2) if x1.ndim == 1 or x2.ndim <= 2 else tensordot(x1, x2, (-1, -2))


# ---------------------------------------------------------------- products of vectors and tensors


def _conjugate(x: Any) -> Any:
    return np.conjugate(x) if x.dtype.kind == "c" else x


@op(name="vecdot", public=False, samples=[sample(reals(2, 3), reals(3)), sample(complexes(3), complexes(2, 3))])
def _vecdot(x1: Any, x2: Any) -> Any:
    return np.vecdot(x1, x2)


_vecdot.vjp(
    x1=lambda g, x2, x1_shape: sum_to(_conjugate(g[..., None] * x2), shape=x1_shape),
    x2=lambda g, x1, x2_shape: sum_to(g[..., None] * _conjugate(x1), shape=x2_shape),
)


@function(
    np.vecdot,
    samples=[
        sample(reals(3), reals(3)),
        sample(reals(2, 3), reals(3)),
        sample(reals(2, 1, 3), reals(4, 3)),
        sample(complexes(3), complexes(2, 3)),
    ],
    errors=[(sample(reals(2, 3), reals(4)), ValueError), (sample(reals(), reals()), ValueError)],
)
def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """The inner product of vectors along ``axis``: the sum of ``conj(x1) * x2``.

    Shapes: ``(..., n), (..., n)`` -> the broadcast of the leading axes; with ``axis``, n is in its place.

    Raises:
        ValueError: when the lengths n differ, leading axes do not broadcast, or an input has no axes.
        numpy.exceptions.AxisError: for an axis that an input does not have.

    >>> ag.vecdot(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, -1.0]))
    array([-1., -1.])
    """
    if axis != -1:
        x1, x2 = moveaxis(x1, axis, -1), moveaxis(x2, axis, -1)
    return _vecdot(x1, x2)


@function(
    np.inner,
    samples=[
        sample(reals(3), reals(3)),
        sample(reals(2, 3), reals(4, 3)),
        sample(reals(2, 3), reals(3)),
        sample(reals(2), reals()),
        sample(complexes(3), complexes(3)),
    ],
    errors=[(sample(reals(2, 3), reals(4)), ValueError)],
)
def inner(x1: Any, x2: Any, /) -> Any:
    """The sum of products over the last axes of both, without conjugation; a number times an array is their product.

    Shapes: ``(..., k), (___, k)`` -> ``(..., ___)``.

    Raises:
        ValueError: when the lengths k differ.

    >>> ag.inner(np.array([1.0, 2.0]), np.array([[3.0, 4.0], [5.0, 6.0]]))
    array([11., 17.])
    """
    x1, x2 = as_array(x1), as_array(x2)
    if x1.ndim == 0 or x2.ndim == 0:
        return multiply(x1, x2)
    return matmul(x1, x2) if x1.ndim == x2.ndim == 1 else tensordot(x1, x2, (-1, -1))


@op(numpy=np.outer, samples=[sample(reals(3), reals(4)), sample(reals(2, 2), reals()), sample(complexes(2), reals(3))])
def outer(x1: Any, x2: Any) -> Any:
    """All products of an element of ``x1`` and one of ``x2``, both flattened: ``out[i, j] = x1[i] x2[j]``.

    Shapes: n elements, m elements -> ``(n, m)``.

    >>> ag.outer(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    array([[3., 4.],
           [6., 8.]])
    """
    return np.outer(x1, x2)


outer.vjp(
    x1=lambda g, x2, x1_shape: g.dot(x2.reshape(-1)).reshape(x1_shape),
    x2=lambda g, x1, x2_shape: x1.reshape(-1).dot(g).reshape(x2_shape),
)


@op(
    name="tensordot",
    public=False,
    samples=[
        sample(reals(2, 3, 4), reals(4, 5, 2), axes1=(2, 0), axes2=(0, 2)),
        sample(reals(2), reals(3), axes1=(), axes2=()),
    ],
)
def _tensordot(x1: Any, x2: Any, *, axes1: tuple[int, ...], axes2: tuple[int, ...]) -> Any:
    return np.tensordot(x1, x2, (axes1, axes2))[()]


def _tensordot_rule(g: Any, other: Any, axes: tuple[int, ...], other_axes: tuple[int, ...], own_first: bool) -> Any:
    """The cotangent of one factor: ``g`` times the other, summed over the axes that only the other has."""
    other_free = [i for i in range(other.ndim) if i not in other_axes]
    own_free = g.ndim - len(other_free)
    shared = range(own_free, g.ndim) if own_first else range(len(other_free))
    product = np.tensordot(g, other, (list(shared), other_free))
    # Its axes are the factor's own free ones, then those summed over, in the order in which the other factor has them.
    total = own_free + len(axes)
    order = [i for i in range(total) if i not in axes] + [axes[other_axes.index(i)] for i in sorted(other_axes)]
    return product.transpose(np.argsort(order).tolist())


_tensordot.vjp(
    x1=lambda g, x2, axes1, axes2: _tensordot_rule(g, x2, axes1, axes2, own_first=True),
    x2=lambda g, x1, axes1, axes2: _tensordot_rule(g, x1, axes2, axes1, own_first=False),
)


@function(
    np.tensordot,
    samples=[
        sample(reals(2, 3, 4), reals(3, 4, 2)),
        sample(reals(2, 3), reals(3, 4), 1),
        sample(reals(2), reals(3), axes=0),
        sample(reals(2, 3, 4), reals(4, 5, 2), axes=([2, 0], [0, -1])),
        sample(reals(2, 3), reals(4, 3), (-1, -1)),
        sample(complexes(2, 3), complexes(3, 2), 1),
    ],
    errors=[
        (sample(reals(2, 3), reals(4, 3), axes=((0,), (0,))), ValueError),
        (sample(reals(2, 3), reals(2, 3), axes=3), IndexError),
        (sample(reals(2, 3), reals(2, 3), axes=((0, 1), (0,))), ValueError),
        (sample(reals(2, 3), reals(2, 3), axes=((0, 0), (0, 0))), ValueError),
    ],
)
def tensordot(x1: Any, x2: Any, /, axes: Any = 2) -> Any:
    """The sum of products over pairs of axes.

    Args:
        x1: the first factor.
        x2: the second factor.
        axes: a number n, for the last n axes of ``x1`` and the first n of ``x2`` in order, or the axes of each, in pairs.

    Shapes: the axes of ``x1`` that are not summed over, then those of ``x2``.

    Raises:
        ValueError: when paired axes differ in length or number, or one is named twice.
        numpy.exceptions.AxisError: for an axis that an input does not have (an ``IndexError``).

    >>> ag.tensordot(np.ones((2, 3, 4)), np.ones((4, 3, 5)), axes=([1, 2], [1, 0])).shape
    (2, 5)
    """
    x1, x2 = as_array(x1), as_array(x2)
    if np.iterable(axes):
        first, second = (whole_numbers(each) for each in axes)
    else:
        count = index(axes)
        first, second = tuple(range(-count, 0)), tuple(range(count))
    axes1, axes2 = normalize_axis_tuple(first, x1.ndim, "axes"), normalize_axis_tuple(second, x2.ndim, "axes")
    lengths1, lengths2 = [x1.shape[i] for i in axes1], [x2.shape[i] for i in axes2]
    if lengths1 != lengths2:
        raise ValueError(
            f"tensordot: expected paired axes of equal length, received axes {axes1} of shape {x1.shape} and axes {axes2} of "
            f"shape {x2.shape}, with lengths {lengths1} and {lengths2}"
        )
    return _tensordot(x1, x2, axes1=axes1, axes2=axes2)


# ---------------------------------------------------------------- einsum

_LETTERS = string.ascii_uppercase + string.ascii_lowercase  # in this order NumPy numbers and sorts them
_MANY_PRODUCTS = 10_000  # from here on the search for matrix products costs less than it saves


@op(
    view=True,
    name="einsum",
    public=False,
    samples=[
        sample(reals(2, 3), reals(3, 4), subscripts="ij,jk->ik", optimize=False),
        sample(reals(2, 1), reals(3, 4), reals(), subscripts="ij,jk,->k", optimize=True),
        sample(reals(3, 2, 3), subscripts="iji->i", optimize=False),
    ],
)
def _einsum(*operands: Any, subscripts: str, optimize: Any) -> Any:
    return np.einsum(subscripts, *operands, optimize=optimize)[()]


# Note [einsum rule]: einsum adds up products of one element of each operand, over all labels. The derivative by an operand is
# the product of the others and the cotangent, added up over the labels that the operand does not have: an einsum again.
# Three things need care. An axis of length 1 stands for any length, so the gradient is added up over its label. A label
# that only this operand has was just added up, so the gradient is the same all along it. A label that it has twice
# reads a diagonal, so the gradient is put on that diagonal.


def _einsum_rule(g: Any, operands: Any, operands_shape: Any, index: int, subscripts: str, optimize: Any) -> Any:
    """The cotangent of one operand: see Note [einsum rule]."""
    inputs, output = subscripts.split("->")
    terms = inputs.split(",")
    own, others = terms[index], [output, *terms[:index], *terms[index + 1 :]]
    lengths = dict(zip(own, operands_shape[index], strict=True))
    shared = "".join([label for label, n in lengths.items() if n != 1 and any(label in term for term in others)])
    if len(terms) > 1 or shared != output:
        optimize = optimize if isinstance(optimize, bool | str) else True  # a path holds for the forward product only
        factors = (g, *operands[:index], *operands[index + 1 :])
        g = _einsum(*factors, subscripts=f"{','.join(others)}->{shared}", optimize=optimize)
    found = dict(zip(shared, g.shape, strict=True))
    stretched = np.broadcast_to(g.reshape([found.get(label, 1) for label in lengths]), tuple(lengths.values()))
    return _embed_repeated(stretched, labels=own) if len(lengths) < len(own) else stretched


_einsum.vjp(operands=_einsum_rule)


@op(
    linear=True,
    name="embed_repeated",
    public=False,
    samples=[sample(reals(3, 2), labels="iji"), sample(reals(2), labels="iii")],
)
def _embed_repeated(x: Any, *, labels: str) -> Any:
    """Zeros with ``x`` where axes of the same label have the same index; ``x`` has each label once."""
    once = "".join(dict.fromkeys(labels))
    lengths = dict(zip(once, x.shape, strict=True))
    out = np.zeros([lengths[label] for label in labels], x.dtype)
    np.einsum(f"{labels}->{once}", out)[...] = x  # a view
    return out


_embed_repeated.vjp(x=lambda g, labels: _einsum(g, subscripts=f"{labels}->{''.join(dict.fromkeys(labels))}", optimize=False))


@function(
    np.einsum,
    samples=[
        sample("ij,jk->ik", reals(2, 3), reals(3, 4)),
        sample("ij,jk", reals(2, 3), reals(3, 4), optimize=True),
        sample("ji", reals(2, 3)),
        sample("ii", reals(3, 3)),
        sample("iji,j->", reals(3, 2, 3), reals(2)),
        sample("ij->", reals(2, 3)),
        sample("...ij,...jk->...ik", reals(2, 1, 2, 3), reals(4, 3, 2)),
        sample("i...->...", reals(2, 3)),
        sample("ij,jk->ik", reals(2, 1), reals(3, 4)),
        sample("i,i", reals(1), reals(3)),
        sample("i,j,k->kij", reals(2), reals(3), reals(2)),
        sample("ij,j,jk->i", reals(2, 3), reals(3), reals(3, 2), optimize="greedy"),
        sample(reals(2, 3), [0, 1], reals(3, 4), [1, 2]),
        sample(reals(2, 3), [..., 5], reals(3), [5], [...]),
        sample("ij,jk->ik", complexes(2, 3), reals(3, 2)),
    ],
    errors=[
        (sample("ij,jk->ik", reals(2, 3), reals(4, 2)), ValueError),
        (sample("ii", reals(2, 3)), ValueError),
        (sample("ii", reals(1, 3)), ValueError),
        (sample("i,j", reals(3)), ValueError),
        (sample("ij", reals(3)), ValueError),
        (sample("i", reals(3, 3)), ValueError),
        (sample("i->j", reals(3)), ValueError),
        (sample("i->ii", reals(3)), ValueError),
        (sample("...i->i", reals(2, 3)), ValueError),
        (sample("i..->i", reals(3)), ValueError),
        (sample("i1", reals(3, 3)), ValueError),
        (sample("i"), ValueError),
        (sample(reals(3)), ValueError),
        (sample(reals(3), [52]), ValueError),
        (sample(reals(3), ["i"]), TypeError),
    ],
)
def einsum(*operands: Any, optimize: Any = False) -> Any:
    """Einstein's summation: products of elements, one of each operand, added up over the labels that the result does not have.

    ``einsum("ij,jk->ik", a, b)`` is ``out[i, k] = sum over j of a[i, j] b[j, k]``. Without ``->`` the result has the labels
    that come once, in alphabetical order. ``...`` stands for further axes, which broadcast; so does an axis of length 1. A
    label that comes twice in one operand reads its diagonal.

    Args:
        operands: the subscripts and then the arrays; or arrays and lists of whole numbers in turn, each list the labels of the
            array before it, with a list for the result at the end where it is wanted.
        optimize: how to look for an order of the products, as in NumPy. Large sums are turned into matrix products in any case.

    Shapes: as the subscripts say.

    Raises:
        ValueError: for subscripts that are malformed or do not fit the operands, and lengths that differ under one label.
        TypeError: for a label in a list that is neither a whole number nor ``...``.

    >>> a = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> ag.einsum("ij,j->i", a, np.array([1.0, -1.0])), ag.einsum("ii", a)
    (array([-1., -1.]), np.float64(5.0))
    """
    subscripts, arrays = _subscripts_and_arrays(operands)
    labels, products = _labels(subscripts, tuple([shape_of(each) for each in arrays]))
    if isinstance(optimize, list):
        optimize = tuple(optimize)
    elif optimize is False and len(arrays) > 1 and products > _MANY_PRODUCTS:
        optimize = True
    return _einsum(*arrays, subscripts=labels, optimize=optimize)


def _subscripts_and_arrays(operands: tuple[Any, ...]) -> tuple[str, list[Any]]:
    """The two forms of a call brought into one."""
    if operands and isinstance(operands[0], str):
        return operands[0].replace(" ", ""), list(operands[1:])
    if len(operands) < 2:
        raise ValueError(
            'einsum: expected subscripts and arrays, as in einsum("ij,jk->ik", a, b), or einsum(a, [0, 1], b, [1, 2]); '
            f"received {len(operands)} arguments"
        )
    pairs = len(operands) // 2
    subscripts = ",".join([_as_letters(each) for each in operands[1 : 2 * pairs : 2]])
    if len(operands) % 2:
        subscripts += f"->{_as_letters(operands[-1])}"
    return subscripts, list(operands[0 : 2 * pairs : 2])


def _as_letters(labels: Any) -> str:
    letters = []
    for each in labels:
        if each is Ellipsis:
            letters.append("...")
            continue
        try:
            number = index(each)
        except TypeError:
            raise TypeError(f"einsum: expected whole numbers and ... as labels, received {each!r}") from None
        if not 0 <= number < len(_LETTERS):
            raise ValueError(f"einsum: expected labels from 0 to {len(_LETTERS) - 1}, received {number}")
        letters.append(_LETTERS[number])
    return "".join(letters)


@lru_cache(maxsize=1000)
def _labels(subscripts: str, shapes: tuple[tuple[int, ...], ...]) -> tuple[str, int]:
    """The subscripts with one letter for each axis of each operand and of the result, and the number of products."""
    inputs, arrow, output = subscripts.partition("->")
    terms = inputs.split(",")
    said = f"einsum({subscripts!r})"
    for term in (*terms, output):
        letters = term.replace("...", "", 1)
        if not set(letters) <= set(_LETTERS):
            raise ValueError(f"{said}: expected letters and at most one ... in each term, received {term!r}")
    if len(terms) != len(shapes):
        raise ValueError(f"{said}: expected {len(terms)} operands, as many as terms, received {len(shapes)}")
    free = [letter for letter in reversed(_LETTERS) if letter not in subscripts]
    widest = 0
    for i, (term, shape) in enumerate(zip(terms, shapes, strict=True)):
        letters = term.replace("...", "")
        further = len(shape) - len(letters)
        if further < 0 or (further > 0 and letters == term):
            raise ValueError(
                f"{said}: the labels {term!r} do not fit operand {i} of shape {shape}; ... stands for further axes"
            )
        if further > len(free):
            raise ValueError(f"{said}: more than {len(_LETTERS)} different axes, received operand {i} of shape {shape}")
        widest = max(widest, further)
        terms[i] = term.replace("...", "".join(reversed(free[:further])))
    broadcast = "".join(reversed(free[:widest]))
    if not arrow:
        named = inputs.replace(",", "").replace("...", "")
        output = "..." + "".join(sorted([letter for letter in set(named) if named.count(letter) == 1]))
    elif broadcast and "..." not in output:
        raise ValueError(f"{said}: ... stands for axes that the result has no place for; put ... on the right of -> too")
    output = output.replace("...", broadcast)
    if len(set(output)) < len(output) or not set(output) <= set("".join(terms)):
        raise ValueError(f"{said}: expected each label of the result once, and in an operand; received {output!r}")
    lengths: dict[str, int] = {}
    for i, (term, shape) in enumerate(zip(terms, shapes, strict=True)):
        for letter, length in zip(term, shape, strict=True):
            known = lengths.get(letter, 1)
            diagonal = [n for other, n in zip(term, shape, strict=True) if other == letter]
            if (length != known and 1 not in (length, known)) or min(diagonal) != max(diagonal):
                raise ValueError(
                    f"{said}: expected one length under each label, received several under {letter!r}, one in operand {i}; "
                    f"the shapes are {', '.join(map(str, shapes))}"
                )
            lengths[letter] = known if length == 1 else length
    return f"{','.join(terms)}->{output}", math.prod(lengths.values())


# ---------------------------------------------------------------- diagonals and triangles


def _matrices(x: Any, axis1: int, axis2: int) -> Any:
    """A view of an array with the two axes last."""
    return np.moveaxis(x, (axis1, axis2), (-2, -1))


@op(
    linear=True,
    view=True,
    name="diagonal",
    public=False,
    samples=[sample(reals(3, 4), offset=1, axis1=0, axis2=1), sample(reals(3, 2, 3), offset=-1, axis1=2, axis2=0)],
)
def _diagonal(x: Any, *, offset: int, axis1: int, axis2: int) -> Any:
    return x.diagonal(offset, axis1, axis2)


@op(
    linear=True,
    name="embed_diagonal",
    public=False,
    samples=[
        sample(reals(3), shape=(3, 4), offset=1, axis1=0, axis2=1),
        sample(reals(2, 2), shape=(3, 2, 3), offset=-1, axis1=2, axis2=0),
    ],
)
def _embed_diagonal(x: Any, *, shape: tuple[int, ...], offset: int, axis1: int, axis2: int) -> Any:
    """Zeros of the given shape with ``x`` on a diagonal."""
    out = np.zeros(shape, x.dtype)
    places = np.arange(x.shape[-1])
    _matrices(out, axis1, axis2)[..., places + max(-offset, 0), places + max(offset, 0)] = x
    return out


_diagonal.vjp(
    x=lambda g, x_shape, offset, axis1, axis2: _embed_diagonal(g, shape=x_shape, offset=offset, axis1=axis1, axis2=axis2)
)
_embed_diagonal.vjp(x=lambda g, offset, axis1, axis2: _diagonal(g, offset=offset, axis1=axis1, axis2=axis2))

DIAGONALS = (
    sample(reals(3, 3)),
    sample(reals(3, 4), 1),
    sample(reals(4, 3), offset=-1),
    sample(reals(2, 3, 4), axis1=-1, axis2=1),
    sample(reals(3, 4), 7),
    sample(complexes(2, 2)),
)
NO_DIAGONALS = (
    (sample(reals(3)), ValueError),
    (sample(reals(3, 3), 0, 1, 1), ValueError),
    (sample(reals(3, 3), 0, 0, 2), np.exceptions.AxisError),
)


@function(np.diagonal, samples=DIAGONALS, errors=NO_DIAGONALS)
def diagonal(x: Any, /, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The elements ``x[i, i + offset]`` of the matrices in two axes; a read-only view.

    Shapes: any -> ``x.shape`` without the two axes, and the diagonal's length at the end.

    Raises:
        ValueError: for fewer than two axes, or twice the same one.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.diagonal(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([1., 4.])
    """
    return _diagonal(x, offset=index(offset), axis1=index(axis1), axis2=index(axis2))


@function(np.trace, samples=DIAGONALS, errors=NO_DIAGONALS)
def trace(x: Any, /, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The sum of a diagonal: of ``x[i, i + offset]`` over i.

    Shapes: any -> ``x.shape`` without the two axes.

    Raises:
        ValueError: for fewer than two axes, or twice the same one.
        numpy.exceptions.AxisError: for an axis that ``x`` does not have.

    >>> ag.trace(np.array([[1.0, 2.0], [3.0, 4.0]]))
    np.float64(5.0)
    """
    return diagonal(as_array(x), offset, axis1, axis2).sum(axis=-1)


@op(linear=True, name="tril", public=False, samples=[sample(reals(2, 3, 4), k=1)])
def _tril(x: Any, *, k: int) -> Any:
    return np.tril(x, k)


_tril.vjp(x=lambda g, k: _tril(g, k=k))


@op(linear=True, name="triu", public=False, samples=[sample(reals(2, 3, 4), k=-1)])
def _triu(x: Any, *, k: int) -> Any:
    return np.triu(x, k)


_triu.vjp(x=lambda g, k: _triu(g, k=k))

TRIANGLES = (
    sample(reals(3, 3)),
    sample(reals(2, 3, 4), 1),
    sample(reals(4, 3), k=-1),
    sample(reals(3)),
    sample(complexes(2, 2)),
)


def _as_matrix(x: Any, name: str) -> Any:
    x = as_array(x)
    if x.ndim == 0:
        raise TypeError(f"{name}: expected a matrix or a stack of them, received a number")
    return broadcast_to(x, (x.shape[0], x.shape[0])) if x.ndim == 1 else x


@function(np.tril, samples=TRIANGLES, errors=[(sample(reals()), TypeError)])
def tril(x: Any, /, k: int = 0) -> Any:
    """The lower triangle: ``x[..., i, j]`` where ``j <= i + k``, and 0 above.

    Shapes: ``(..., m, n)`` -> same; a vector counts as equal rows, ``(n,)`` -> ``(n, n)``.

    Raises:
        TypeError: for a number.

    >>> ag.tril(np.ones((2, 2)))
    array([[1., 0.],
           [1., 1.]])
    """
    return _tril(_as_matrix(x, "tril"), k=index(k))


@function(np.triu, samples=TRIANGLES, errors=[(sample(reals()), TypeError)])
def triu(x: Any, /, k: int = 0) -> Any:
    """The upper triangle: ``x[..., i, j]`` where ``j >= i + k``, and 0 below.

    Shapes: ``(..., m, n)`` -> same; a vector counts as equal rows, ``(n,)`` -> ``(n, n)``.

    Raises:
        TypeError: for a number.

    >>> ag.triu(np.ones((2, 2)))
    array([[1., 1.],
           [0., 1.]])
    """
    return _triu(_as_matrix(x, "triu"), k=index(k))


# ---------------------------------------------------------------- norms


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
    return _conjugate(x) * (unit if keepdims or axes is None else unit.reshape(kept(x.shape, axes)))


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
    return g * _conjugate(np.sign(x)) * (share + (share == 0)) ** (p - 1)


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


# ---------------------------------------------------------------- NumPy's second names

answer_for(np.linalg.matmul, matmul)
answer_for(np.linalg.tensordot, tensordot)
answer_for(np.linalg.vecdot, vecdot)
answer_for(np.linalg.matrix_transpose, matrix_transpose)
answer_for(np.linalg.diagonal, lambda x, /, *, offset=0: diagonal(x, offset, -2, -1))
answer_for(np.linalg.trace, lambda x, /, *, offset=0: trace(x, offset, -2, -1))
