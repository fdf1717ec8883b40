"""Contractions of tensors: sums of products over any pairs of axes (``tensordot``), or over labels (``einsum``).

The gradient by one factor is a contraction again, of the cotangent with the other factors.
"""

import math
import string
from functools import lru_cache
from operator import index
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.gate import answer_for, function, op
from autograd.ops.arguments import as_array, in_dtype, shape_of_any, whole_numbers
from autograd.record import Op, shape_of
from autograd.samples import complexes, integers, reals, sample

# ---------------------------------------------------------------- pairs of axes


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


def _tensordot_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """Where all examples share one factor, a single product; else one for each example."""
    (x1, x2), (first, second) = arrays, mapped
    axes1, axes2 = [tuple([axis + is_mapped for axis in statics[f"axes{i}"]]) for i, is_mapped in enumerate(mapped, 1)]
    free1 = [axis for axis in range(first, x1.ndim) if axis not in axes1]
    free2 = [axis for axis in range(second, x2.ndim) if axis not in axes2]
    if not (first and second):
        out = record.call(x1, x2, axes1=axes1, axes2=axes2)
        return out if first else np.moveaxis(out, len(free1), 0)
    shape1, shape2 = [x1.shape[axis] for axis in free1], [x2.shape[axis] for axis in free2]
    summed = math.prod([x1.shape[axis] for axis in axes1])
    rows = np.transpose(x1, (0, *free1, *axes1)).reshape((level.size, math.prod(shape1), summed))
    columns = np.transpose(x2, (0, *axes2, *free2)).reshape((level.size, summed, math.prod(shape2)))
    return np.matmul(rows, columns).reshape((level.size, *shape1, *shape2))


_tensordot.batch(_tensordot_of_examples)


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


answer_for(np.linalg.tensordot, tensordot)


# ---------------------------------------------------------------- einsum

_LETTERS = string.ascii_uppercase + string.ascii_lowercase  # in this order NumPy numbers and sorts them
_CASTINGS = ("no", "equiv", "safe", "same_kind", "unsafe")
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


def _einsum_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    """One more label, of the examples, which the result keeps."""
    label = _unused_label(statics["subscripts"])
    if label is None:
        return NotImplemented
    inputs, output = statics["subscripts"].split("->")
    terms = [label + term if is_mapped else term for term, is_mapped in zip(inputs.split(","), mapped, strict=True)]
    optimize = statics["optimize"]
    if optimize is False and len(terms) > 1:
        lengths: dict[str, int] = {}
        for term, each in zip(terms, arrays, strict=True):
            for letter, length in zip(term, shape_of(each), strict=True):
                lengths[letter] = max(length, lengths.get(letter, 1))
        optimize = math.prod(lengths.values()) > _MANY_PRODUCTS
    return record.call(*arrays, subscripts=f"{','.join(terms)}->{label}{output}", optimize=optimize)


def _unused_label(used: str) -> str | None:
    return next((letter for letter in _LETTERS if letter not in used), None)


_einsum.batch(_einsum_of_examples)


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


def _embed_repeated_of_examples(record: Op, arrays: Any, mapped: Any, statics: Any, level: Any) -> Any:
    label = _unused_label(statics["labels"])
    return NotImplemented if label is None else record.call(*arrays, labels=label + statics["labels"])


_embed_repeated.batch(_embed_repeated_of_examples)


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
        sample("ij,j", reals(2, 3), integers(3), dtype=np.complex128),
        sample("i,i", reals(3), reals(3), casting="no"),
    ],
    errors=[
        (sample("ij,j", reals(2, 3), reals(3), dtype=np.float32), TypeError),
        (sample("ij,j", reals(2, 3), integers(3), casting="no"), TypeError),
        (sample("ij,j", reals(2, 3), reals(3), casting="unknown"), ValueError),
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
def einsum(*operands: Any, optimize: Any = False, dtype: Any = None, casting: str = "safe") -> Any:
    """Einstein's summation: products of elements, one of each operand, added up over the labels that the result does not have.

    ``einsum("ij,jk->ik", a, b)`` is ``out[i, k] = sum over j of a[i, j] b[j, k]``. Without ``->`` the result has the labels
    that come once, in alphabetical order. ``...`` stands for further axes, which broadcast; so does an axis of length 1. A
    label that comes twice in one operand reads its diagonal.

    Args:
        operands: the subscripts and then the arrays; or arrays and lists of whole numbers in turn, each list the labels of the
            array before it, with a list for the result at the end where it is wanted.
        optimize: how to look for an order of the products, as in NumPy. Large sums are turned into matrix products in any case.
        dtype: the dtype to compute in, and of the result.
        casting: which conversions to it are allowed: "no", "equiv", "safe", "same_kind" or "unsafe".

    Shapes: as the subscripts say.

    Raises:
        ValueError: for subscripts that are malformed or do not fit the operands, and lengths that differ under one label.
        TypeError: for a label in a list that is neither a whole number nor ``...``, and where ``casting`` forbids a conversion.

    >>> a = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> ag.einsum("ij,j->i", a, np.array([1.0, -1.0])), ag.einsum("ii", a)
    (array([-1., -1.]), np.float64(5.0))
    """
    if casting not in _CASTINGS:
        raise ValueError(f"einsum: expected casting to be one of {', '.join(map(repr, _CASTINGS))}, received {casting!r}")
    subscripts, arrays = _subscripts_and_arrays(operands)
    if dtype is None and casting in ("no", "equiv"):
        dtype = np.result_type(*[as_array(each).dtype for each in arrays])
    if dtype is not None:
        arrays = [_in_dtype(each, np.dtype(dtype), casting) for each in arrays]
    labels, products = _labels(subscripts, tuple([shape_of_any(each) for each in arrays]))
    if isinstance(optimize, list):
        optimize = tuple(optimize)
    elif optimize is False and len(arrays) > 1 and products > _MANY_PRODUCTS:
        optimize = True
    return _einsum(*arrays, subscripts=labels, optimize=optimize)


def _in_dtype(x: Any, dtype: Any, casting: Any) -> Any:
    x = as_array(x)
    if not np.can_cast(x.dtype, dtype, casting):
        raise TypeError(
            f"einsum: expected operands that fit into {dtype} by the rule {casting!r}, received {x.dtype}; pass another casting"
        )
    return in_dtype(x, dtype)


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
