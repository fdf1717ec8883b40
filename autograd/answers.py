"""How NumPy's functions are answered that no op answers for: what has nothing to differentiate, and what is refused, and why.

``BY_NUMPY`` (in ``record``) has what answers for the others. On plain tensors, or inside ``no_grad``, NumPy computes what is
listed here as it does on arrays; on a recorded tensor, what is not listed as ``NOTHING_TO_DIFFERENTIATE`` raises.
"""

from typing import Any

import numpy as np

from autograd.ops.making.creation import asarray
from autograd.tensors import Tensor, as_value, wrap

# What tells about arrays, or chooses among them: there is nothing to differentiate, so a recorded tensor loses nothing.
NOTHING_TO_DIFFERENTIATE = frozenset(
    {
        np.allclose,
        np.argsort,
        np.argwhere,
        np.array2string,
        np.array_equal,
        np.array_equiv,
        np.array_repr,
        np.array_str,
        np.can_cast,
        np.common_type,
        np.einsum_path,
        np.flatnonzero,
        np.isclose,
        np.iscomplexobj,
        np.isrealobj,
        np.may_share_memory,
        np.min_scalar_type,
        np.ndim,
        np.result_type,
        np.searchsorted,
        np.shape,
        np.shares_memory,
        np.size,
        np._core.umath._ones_like,  # type: ignore[attr-defined]
    }
)

# What asks for shapes and dtypes alone, which all examples of a ``vmap`` share.
ABOUT_SHAPES_AND_DTYPES = frozenset(
    {
        np.can_cast,
        np.common_type,
        np.einsum_path,
        np.iscomplexobj,
        np.isrealobj,
        np.min_scalar_type,
        np.ndim,
        np.result_type,
        np.shape,
        np.size,
    }
)

# Arguments that say how a result lies in memory and what class it has, and nothing about its elements.
MEMORY_ONLY = frozenset({"device", "like", "subok"})
ORDERS = frozenset("ACFK")  # the values of order= that say so; of a sort it is something else


# ---------------------------------------------------------------- what makes an array like= a tensor


def _made(function: Any) -> Any:
    """NumPy's function, whose result becomes a tensor."""

    def call(*arguments: Any, **keywords: Any) -> Tensor:
        return wrap(as_value(function(*arguments, **keywords)))

    return call


def _copied(data: Any, dtype: Any = None, *, copy: bool | None = True, **_: Any) -> Tensor:
    return asarray(data, dtype, copy=copy)


def _shared(data: Any, dtype: Any = None, *_: Any, **__: Any) -> Tensor:
    return asarray(data, dtype)


MADE_LIKE_A_TENSOR: dict[Any, Any] = {
    **{
        each: _made(each)
        for each in (
            np.arange,
            np.empty,
            np.eye,
            np.frombuffer,
            np.fromfile,
            np.fromfunction,
            np.fromiter,
            np.fromstring,
            np.full,
            np.genfromtxt,
            np.identity,
            np.loadtxt,
            np.ones,
            np.tri,
            np.zeros,
        )
    },
    np.array: _copied,
    **dict.fromkeys((np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray, np.require), _shared),
}


# ---------------------------------------------------------------- what is refused, and why

_FILES = "a file keeps values and no graph; save t.numpy()"
_DATES = "it computes with dates, and a tensor holds numbers; compute with NumPy arrays of datetime64"
_TEXT = "it computes with text, and a tensor holds numbers; compute with NumPy arrays of strings"
_RECORDS = (
    "it computes with structured arrays, whose fields have dtypes of their own, and a tensor has one dtype; keep a dictionary "
    "of tensors, or take t.numpy() for the values"
)
_SEVERAL_VARIABLES = "polynomials of several variables have no gradient rule; compose them from np.vander and np.einsum"

REFUSED: dict[Any, str] = {
    **dict.fromkeys((np.save, np.savetxt, np.savez, np.savez_compressed), _FILES),
    **dict.fromkeys((np.busday_count, np.busday_offset, np.is_busday, np.datetime_as_string, np.isnat), _DATES),
}

_NUMBERS_OR_OBJECTS = frozenset("?bBhHiIlLqQefdgFDGO")  # the codes of dtypes; ufuncs of text have no loop for them


def reason_for_refusal(function: Any) -> str | None:
    """Why a function is refused on recorded tensors; ``None`` where only the gradient rule is missing."""
    if function in REFUSED:
        return REFUSED[function]
    module = getattr(function, "__module__", None)
    if module == "numpy.lib.recfunctions":
        return _RECORDS
    if module in ("numpy.char", "numpy.strings"):
        return _TEXT
    if module == "numpy.polynomial.polynomial":
        return _SEVERAL_VARIABLES
    if isinstance(function, np.ufunc) and not any(
        _NUMBERS_OR_OBJECTS.issuperset(loop[: function.nin]) for loop in function.types
    ):
        return _TEXT
    return None


def refusal(function: Any, name: str) -> str:
    """What the error says of a function that is refused on recorded tensors."""
    if reason := reason_for_refusal(function):
        return f"{name} does not take a recorded tensor: {reason}"
    return (
        f"{name} has no gradient rule here, and an argument requires a gradient. Compose it from ops that have one, make "
        "an op of it with ag.op, or take the argument out of the graph with .detach()"
    )
