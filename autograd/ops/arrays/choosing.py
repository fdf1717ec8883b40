"""Choosing among several: by conditions (``select``), by number (``choose``), by a function for each region (``piecewise``).

The gradient goes to what was chosen, and nothing to what was not, also where that is infinite or NaN. The borders between
regions count as the regions that the conditions put them in.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.ops.arguments import as_array, in_dtype
from autograd.ops.arrays.indexing import getitem, in_range, set_at
from autograd.ops.arrays.joining import stack
from autograd.ops.arrays.layouts import ARRAY
from autograd.ops.arrays.splitting import unstack
from autograd.ops.elementwise.selection import where
from autograd.samples import booleans, complexes, integers, many, reals, sample
from autograd.tensors import Tensor

# ---------------------------------------------------------------- by conditions


def _dtype_together(values: Sequence[Any], name: str) -> Any:
    """The dtype that values have together; Python's numbers take on that of the others."""
    try:
        return np.result_type(*[each if type(each) in (int, float, complex) else as_array(each).dtype for each in values])
    except TypeError as error:
        raise TypeError(f"{name}: expected choices and a default that have a dtype together; {error}") from None


@function(
    np.select,
    samples=[
        sample(many(booleans(3, 4), booleans(4)), many(reals(3, 4), reals(3, 1))),
        sample(many(booleans(5), booleans(5), booleans(5)), many(reals(5), complexes(), reals(5)), -1.0),
        sample(many(booleans(3), booleans(3)), many(reals(3), reals()), default=2.0),
        sample(many(booleans(3)), many(reals(3))),
    ],
    errors=[
        (sample(many(booleans(3)), many(reals(3), reals(3))), ValueError),
        (sample([], []), ValueError),
        (sample(many(reals(3)), many(reals(3))), TypeError),
        (sample(many(booleans(3)), many(reals(2))), ValueError),
    ],
)
def select(condlist: Any, choicelist: Any, /, default: Any = 0) -> Any:
    """For each element the choice of the first condition that holds, ``default`` where none does.

    The gradient goes to what was chosen.

    Args:
        condlist: conditions, arrays of truth values.
        choicelist: as many choices.
        default: what is taken where no condition holds.

    Shapes: any that broadcast -> their broadcast.

    Raises:
        ValueError: for no conditions, another number of choices than of conditions, and shapes that do not broadcast.
        TypeError: for conditions that are no truth values, and for choices without a dtype together.

    >>> x = np.array([-2.0, 0.5, 3.0])
    >>> ag.select([x < 0, x > 1], [-x, x**2], default=1.0)
    array([2., 1., 9.])
    """
    conditions, choices = list(condlist), list(choicelist)
    if len(conditions) != len(choices):
        raise ValueError(f"select: expected as many choices as conditions, received {len(choices)} and {len(conditions)}")
    if not conditions:
        raise ValueError("select: expected at least one condition, received none")
    for i, each in enumerate(conditions):
        if as_array(each).dtype != bool:
            raise TypeError(
                f"select: expected truth values as conditions, received {as_array(each).dtype} as number {i}; compare it, as "
                "in condition != 0"
            )
    dtype = _dtype_together([*choices, default], "select")
    out = in_dtype(as_array(default), dtype)
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        out = where(condition, choice, out)
    return out


# ---------------------------------------------------------------- by number


@op(
    linear=True,
    name="choose",
    public=False,
    elementwise=True,
    samples=[
        sample(integers(3, 4, low=0, high=2), reals(3, 4), reals(4)),
        sample(integers(3, low=0, high=3), complexes(), reals(2, 1), reals(3)),
    ],
)
def _choose(which: Any, *choices: Any) -> Any:
    return np.choose(which, choices)


_choose.vjp(which=None, choices=lambda g, index, which: np.where(which == index, g, 0))


@function(
    np.choose,
    samples=[
        sample(integers(3, 4, low=0, high=2), many(reals(3, 4), reals(4))),
        sample(integers(4, low=0, high=3), reals(3, 4)),
        sample(integers(5, low=-3, high=6), many(reals(5), complexes(2, 1)), mode="wrap"),
        sample(integers(5, low=-3, high=6), many(reals(), reals(5)), mode="clip"),
        sample(booleans(3), many(reals(3), reals(3))),
        sample(1, many(reals(2), reals(2))),
    ],
    errors=[
        (sample(integers(3, low=2, high=4), many(reals(3), reals(3))), ValueError),
        (sample(integers(3, low=0, high=1), []), ValueError),
        (sample(reals(3), many(reals(3), reals(3))), TypeError),
        (sample(integers(3, low=0, high=1), many(reals(3)), mode="mirror"), ValueError),
        (sample(integers(3, low=0, high=1), many(reals(2))), ValueError),
    ],
)
def choose(x: Any, /, choices: Any, *, mode: str = "raise") -> Any:
    """The element of choice number ``x``, elementwise: ``choices[x[i]][i]``. The gradient goes to what was chosen.

    Args:
        x: integers.
        choices: a sequence of arrays; an array counts as the sequence of its slices.
        mode: for a number out of range, ``"raise"``, ``"wrap"`` around or ``"clip"`` to the nearest, negative ones to 0.

    Shapes: any that broadcast -> their broadcast.

    Raises:
        ValueError: for a number out of range, no choices, another mode, and shapes that do not broadcast.
        TypeError: for numbers that are no integers.

    >>> ag.choose([1, 0, 1], [np.array([1.0, 2.0, 3.0]), 10.0])
    array([10.,  2., 10.])
    """
    which = as_array(x)
    if not np.can_cast(which.dtype, np.intp, "safe"):
        raise TypeError(f"choose: expected integers to choose by, received dtype {which.dtype}")
    among = unstack(choices) if isinstance(choices, Tensor | np.ndarray) else choices
    if not len(among):
        raise ValueError("choose: expected at least one choice, received none")
    return _choose(in_range(which, len(among), mode, "choose"), *among)


# ---------------------------------------------------------------- by functions


@function(
    np.piecewise,
    samples=[
        sample(reals(5), [np.array([True, False, False, True, False])], [np.square, -1.0]),
        sample(reals(3), [np.array([True, True, False]), np.array([True, False, False])], [2.0, np.sin]),
        sample(complexes(2, 2), [np.array([[True, False], [True, True]])], [np.exp]),
        sample(reals(), [True], [np.cos]),
    ],
    errors=[
        (sample(reals(3), [[True, False, True]], [1.0, 2.0, 3.0]), ValueError),
        (sample(reals(3), [[True, False]], [1.0]), IndexError),
    ],
)
def piecewise(x: Any, /, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    """A function that is defined piece by piece, in the dtype of ``x``. The derivative is that of the piece.

    Each of the functions is called once, with the elements of ``x`` where its condition holds, as a vector. Where several
    conditions hold, the last counts; where none does, the result is 0.

    Args:
        x: where to evaluate it.
        condlist: conditions, arrays of truth values in the shape of ``x``, or one of them.
        funclist: a function or a number for each condition; one more stands for where none holds.
        *args: further arguments for the functions.
        **kw: keyword arguments for the functions.

    Shapes: any -> same.

    Raises:
        ValueError: for a number of functions that does not fit the number of conditions.
        IndexError: for conditions in another shape.
        TypeError: for a recorded piece that the dtype of ``x`` would cut out of the graph.

    >>> x = np.array([-2.0, 0.5, 3.0])
    >>> ag.piecewise(x, [x < 0, x > 1], [lambda v: -v, lambda v: v**2, 1.0])
    array([2., 1., 9.])
    """
    x = as_array(x)
    conditions = _conditions(condlist, x)
    if len(conditions) == len(funclist) - 1:
        conditions.append(~np.any(stack(conditions), axis=0))
    if len(conditions) != len(funclist):
        raise ValueError(
            f"piecewise: expected {len(conditions)} or {len(conditions) + 1} functions for {len(conditions)} conditions, "
            f"received {len(funclist)}"
        )
    out = np.zeros_like(x)
    for condition, piece in zip(conditions, funclist, strict=True):
        if callable(piece):
            part = getitem(x, condition)
            if part.size == 0:
                continue
            piece = piece(part, *args, **kw)
        if isinstance(piece, Tensor) and piece.requires_grad and x.dtype.kind not in "fc":
            raise TypeError(
                f"piecewise: the result has the dtype of x, {x.dtype}, in which the gradient of a recorded piece "
                f"({piece.dtype}) would be lost; make x floating first, with .astype(float)"
            )
        out = set_at(out, piece, condition, layout=(ARRAY,))
    return as_array(out)


def _conditions(condlist: Any, x: Any) -> list[Any]:
    """The conditions as truth values; a single one may come without a list around it."""
    if isinstance(condlist, Tensor | np.ndarray):
        single = condlist.ndim == 0 or (x.ndim != 0 and condlist.ndim == 1 and len(condlist) > 0)
    else:
        first = next(iter(condlist), []) if np.iterable(condlist) else condlist
        single = first is condlist or (x.ndim != 0 and not isinstance(first, list | np.ndarray | Tensor))
    if single:
        condlist = [condlist]
    return [in_dtype(as_array(each), bool) for each in condlist]
