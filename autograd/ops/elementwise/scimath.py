"""Between the real and the complex: functions whose result is complex only where it has to be, as in ``numpy.emath``.

They look at the values: if one of them lies outside the domain of the real function, all are taken as complex numbers, and else
the real function answers; inside ``vmap`` the values of all examples count, as their results have one dtype. Derivatives are
those of the function that answered; at a branch cut they belong to the side of the value, which is the one of imaginary part
+0. Of real inputs the gradient is real.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.batched import memory_of
from autograd.gate import function
from autograd.ops.arguments import as_array
from autograd.ops.casting import cast, real
from autograd.ops.elementwise import exponential, trigonometric
from autograd.samples import complexes, positives, reals, sample

_SMALL = frozenset(
    {"float32", "complex64", "int8", "int16", "uint8", "uint16"}
)  # whose complex numbers are in single precision

_NEGATIVE = (
    sample(reals(3, low=-2.0, high=-0.3)),
    sample(reals(2, 3, low=0.3, high=2.0)),
    sample(np.array([-2.0, 0.5, 3.0])),
    sample(complexes(3)),
    sample(np.array([4, -4])),
    sample(np.array([4, 9])),
)
_BEYOND_1 = (
    sample(reals(3, low=1.2, high=3.0)),
    sample(reals(3, low=-3.0, high=-1.2)),
    sample(reals(2, 3, low=-0.9, high=0.9)),
    sample(complexes(3)),
    sample(np.array([2, 0])),
)


def _complex(x: Any) -> Any:
    return cast(x, np.complex64 if x.dtype.name in _SMALL else np.complex128, copy=False)


def _complex_if(x: Any, outside: Callable[[Any], Any]) -> Any:
    """``x`` as it is, or as complex numbers if one of its elements is real and outside of the real function's domain."""
    x = as_array(x)
    values = memory_of(x)
    return _complex(x) if np.any(np.isreal(values) & outside(np.real(values))) else x


def _complex_if_negative(x: Any) -> Any:
    return _complex_if(x, lambda values: values < 0)


def _complex_if_beyond_1(x: Any) -> Any:
    return _complex_if(x, lambda values: np.abs(values) > 1)


# ---------------------------------------------------------------- roots, powers and logarithms


@function(np.emath.sqrt, name="emath.sqrt", samples=_NEGATIVE)
def sqrt(x: Any, /) -> Any:
    """The square root, complex if an element is negative; derivative ``1 / (2 sqrt(x))``.

    Shapes: any -> same.

    >>> np.emath.sqrt(ag.tensor([-4.0, 9.0]))
    Tensor([0.+2.j, 3.+0.j], dtype=complex128)
    """
    return exponential.sqrt(_complex_if_negative(x))


@function(
    np.emath.power,
    name="emath.power",
    samples=[
        sample(reals(3, low=-2.0, high=-0.3), reals(3)),
        sample(positives(3), reals(2, 1)),
        sample(np.array([-2, 4]), 0.5),
        sample(np.array([2, 4]), np.array([-1, 2])),
        sample(complexes(3), complexes(2, 1)),
    ],
)
def power(x: Any, p: Any, /) -> Any:
    """``x**p``, complex if an element of ``x`` is negative; integers may have negative powers.

    The derivatives are ``p x**(p - 1)`` and ``x**p log(x)``.

    Shapes: any two that broadcast -> their broadcast.

    >>> np.emath.power(ag.tensor([-4.0, 9.0]), 0.5).imag
    Tensor([2., 0.], dtype=float64)
    """
    x, p = _complex_if_negative(x), as_array(p)
    values = memory_of(p)
    if np.any(np.isreal(values) & (np.real(values) < 0)):
        p = p * 1.0  # integers do not have negative powers
    return exponential.power(x, p)


@function(np.emath.log, name="emath.log", samples=_NEGATIVE)
def log(x: Any, /) -> Any:
    """The natural logarithm, complex if an element is negative; derivative ``1 / x``.

    Shapes: any -> same.

    >>> np.emath.log(ag.tensor([-1.0, 1.0]))
    Tensor([0.+3.14159265j, 0.+0.j        ], dtype=complex128)
    """
    return exponential.log(_complex_if_negative(x))


@function(np.emath.log2, name="emath.log2", samples=_NEGATIVE)
def log2(x: Any, /) -> Any:
    """The logarithm to base 2, complex if an element is negative; derivative ``1 / (x log(2))``.

    Shapes: any -> same.

    >>> np.emath.log2(ag.tensor([-8.0, 8.0])).real
    Tensor([3., 3.], dtype=float64)
    """
    return exponential.log2(_complex_if_negative(x))


@function(np.emath.log10, name="emath.log10", samples=_NEGATIVE)
def log10(x: Any, /) -> Any:
    """The logarithm to base 10, complex if an element is negative; derivative ``1 / (x log(10))``.

    Shapes: any -> same.

    >>> np.emath.log10(ag.tensor([-100.0, 100.0])).real
    Tensor([2., 2.], dtype=float64)
    """
    return exponential.log10(_complex_if_negative(x))


@function(
    np.emath.logn,
    name="emath.logn",
    samples=[
        sample(positives(2, 1), reals(3, low=-2.0, high=-0.3)),
        sample(reals(2, 1, low=2.0, high=3.0), positives(3)),
        sample(np.array([-2.0]), np.array([4.0, -8.0])),
    ],
)
def logn(n: Any, x: Any, /) -> Any:
    """The logarithm to base ``n``, ``log(x) / log(n)``, complex if an element is negative.

    The derivatives are ``1 / (x log(n))`` and ``-out / (n log(n))``.

    Shapes: any two that broadcast -> their broadcast.

    >>> np.emath.logn(2, ag.tensor([-8.0, 8.0])).real
    Tensor([3., 3.], dtype=float64)
    """
    return log(x) / log(n)


# ---------------------------------------------------------------- inverse functions


@function(np.emath.arcsin, name="emath.arcsin", samples=_BEYOND_1)
def arcsin(x: Any, /) -> Any:
    """The inverse sine, complex if an element is beyond 1 or -1; derivative ``1 / sqrt(1 - x**2)``.

    Shapes: any -> same.

    >>> np.emath.arcsin(ag.tensor([0.0, 2.0]))
    Tensor([0.        +0.j        , 1.57079633+1.3169579j], dtype=complex128)
    """
    return trigonometric.arcsin(_complex_if_beyond_1(x))


@function(np.emath.arccos, name="emath.arccos", samples=_BEYOND_1)
def arccos(x: Any, /) -> Any:
    """The inverse cosine, complex if an element is beyond 1 or -1; derivative ``-1 / sqrt(1 - x**2)``.

    Shapes: any -> same.

    >>> np.emath.arccos(ag.tensor([1.0, 2.0]))
    Tensor([0.-0.j       , 0.-1.3169579j], dtype=complex128)
    """
    return trigonometric.arccos(_complex_if_beyond_1(x))


@function(np.emath.arctanh, name="emath.arctanh", samples=_BEYOND_1)
def arctanh(x: Any, /) -> Any:
    """The inverse of ``tanh``, complex if an element is beyond 1 or -1; derivative ``1 / (1 - x**2)``.

    Shapes: any -> same.

    >>> np.emath.arctanh(ag.tensor([0.0, 2.0]))
    Tensor([0.        +0.j        , 0.54930614+1.57079633j], dtype=complex128)
    """
    return trigonometric.arctanh(_complex_if_beyond_1(x))


# ---------------------------------------------------------------- back to the real


@function(
    np.real_if_close,
    samples=[
        sample(complexes(3)),
        sample(np.array([1.0 + 1e-15j, 2.0])),
        sample(np.array([1.0 + 0.5j, 2.0]), 0.75),
        sample(reals(3)),
    ],
)
def real_if_close(x: Any, /, tol: float = 100) -> Any:
    """The real part, if all imaginary parts are nearly 0, and else ``x`` itself; derivative 1.

    Args:
        x: the input.
        tol: what counts as 0: an imaginary part below ``tol`` times the machine epsilon, or below ``tol`` if it is at most 1.

    Shapes: any -> same.

    >>> ag.real_if_close(np.array([2.1 + 4e-15j, 5.2]))
    array([2.1, 5.2])
    """
    x = as_array(x)
    if x.dtype.kind != "c":
        return x
    if tol > 1:
        tol = float(np.finfo(x.dtype).eps) * tol
    return real(x) if np.all(np.abs(memory_of(x).imag) < tol) else x
