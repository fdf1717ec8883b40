"""Ops that change how a value is stored and not what it is: dtypes, real and imaginary parts, copies."""

from typing import Any

import numpy as np

from autograd.gate import function, op
from autograd.samples import complexes, reals, sample


@op(elementwise=True, linear=True, view=True, public=False, samples=[sample(reals(3, 4), dtype=np.dtype("complex128"))])
def astype(x: Any, *, dtype: Any) -> Any:
    """``x`` in a floating or complex ``dtype``; the engine casts gradients back."""
    return x.astype(dtype, copy=False)


astype.vjp(x=lambda g: g)


@op(elementwise=True, view=True, differentiable=False, public=False, samples=[sample(reals(3, 4), dtype=np.dtype("int64"))])
def discretize(x: Any, *, dtype: Any) -> Any:
    """``x`` in an integer or boolean ``dtype``, where no gradient flows."""
    return x.astype(dtype, copy=False)


def cast(x: Any, dtype: Any, copy: bool = True) -> Any:
    """``x`` in another dtype: the method ``Tensor.astype``. Integer and boolean results need no gradient.

    Shapes: any -> same.

    >>> ag.tensor([1.5, 2.5]).astype(np.float32)
    Tensor([1.5, 2.5], dtype=float32)
    """
    dtype = np.dtype(dtype)
    if dtype == x.dtype:
        return copy_of(x) if copy else x
    return astype(x, dtype=dtype) if dtype.kind in "fc" else discretize(x, dtype=dtype)


@op(
    elementwise=True,
    linear=True,
    name="copy",
    public=False,
    samples=[sample(reals(3, 4)), sample(reals()), sample(complexes(3))],
)
def copy_of(x: Any) -> Any:
    """A copy of ``x``."""
    return x.copy()


copy_of.vjp(x=lambda g: g)


@function(np.copy, samples=[sample(reals(3, 4)), sample(complexes(3))])
def copy(x: Any, /) -> Any:
    """A copy of ``x``, recorded like any op; derivative 1.

    Shapes: any -> same.

    >>> ag.copy(np.array([1.0, 2.0]))
    array([1., 2.])
    """
    return copy_of(x)


@op(elementwise=True, linear=True, view=True, public=False, samples=[sample(reals(3, 4))])
def alias(x: Any) -> Any:
    """``x`` itself under a node of its own."""
    return x


alias.vjp(x=lambda g: g)


@op(elementwise=True, numpy=np.conjugate, samples=[sample(complexes(3, 4)), sample(reals(3))])
def conj(x: Any) -> Any:
    """The complex conjugate ``re - i im``; a copy for real ``x``.

    Shapes: any -> same.

    >>> ag.conj(np.array([1 + 2j]))
    array([1.-2.j])
    """
    return np.conjugate(x)


conj.vjp(x=lambda g: np.conjugate(g))


def conjugated(x: Any) -> Any:
    """The complex conjugate; real ``x`` itself, not a copy."""
    return np.conjugate(x) if x.dtype.kind == "c" else x


@op(elementwise=True, view=True, numpy=np.real, samples=[sample(complexes(3, 4)), sample(reals(3))])
def real(x: Any) -> Any:
    """The real part.

    Shapes: any -> same, in the real dtype.

    >>> ag.real(np.array([1 + 2j]))
    array([1.])
    """
    return x.real


real.vjp(x=lambda g: g)


@op(elementwise=True, view=True, numpy=np.imag, samples=[sample(complexes(3, 4)), sample(reals(3))])
def imag(x: Any) -> Any:
    """The imaginary part; 0 for real ``x``.

    Shapes: any -> same, in the real dtype.

    >>> ag.imag(np.array([1 + 2j]))
    array([2.])
    """
    return x.imag


imag.vjp(x=lambda g: g * -1j)
