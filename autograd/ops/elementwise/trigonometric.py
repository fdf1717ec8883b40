"""Trigonometric and hyperbolic functions and their inverses, elementwise; angles are in radians.

They read like the formula sheet that ``arithmetic`` begins. ``hypot`` and ``arctan2`` have derivative 0 at the origin. The
slopes of the inverse functions at the ends of their domains are infinite: see Note [guarded rules] in ``guarded``.

Note [signed zeros]: on a branch cut of a complex function NumPy's value is that of one side, and the sign of a zero part of the
input says which: ``arcsin(2 + 0j)`` is the conjugate of ``arcsin(2 - 0j)``. The derivative has to be of the same side, so its
formula must not lose that sign. A sum does, as ``-0.0 + 0.0`` is 0.0, and a difference ``x - c`` with a real number c does not:
for ``1 + x`` the rules below say ``x - -1``, and for ``1 - x`` they say ``-(x - 1)``.
"""

from typing import Any

import numpy as np

from autograd.gate import op
from autograd.ops.elementwise.guarded import or_infinite, over, times
from autograd.samples import ANY, complexes, positives, reals, sample

_COMPLEX_PAIR = ((sample(complexes(3), complexes(3)), TypeError),)
_WITHIN_1 = (sample(reals(3, 4, low=-0.9, high=0.9)), sample(reals(low=-0.9, high=0.9)), sample(complexes(3)))

# ---------------------------------------------------------------- trigonometric functions


@op(elementwise=True, numpy=np.sin, samples=ANY)
def sin(x: Any) -> Any:
    """The sine; derivative ``cos(x)``.

    Shapes: any -> same.

    >>> ag.sin(np.array([0.0, np.pi / 2]))
    array([0., 1.])
    """
    return np.sin(x)


sin.vjp(x=lambda g, x: g * np.cos(x))


@op(elementwise=True, numpy=np.cos, samples=ANY)
def cos(x: Any) -> Any:
    """The cosine; derivative ``-sin(x)``.

    Shapes: any -> same.

    >>> ag.cos(np.array([0.0, np.pi]))
    array([ 1., -1.])
    """
    return np.cos(x)


cos.vjp(x=lambda g, x: -g * np.sin(x))


@op(elementwise=True, numpy=np.tan, samples=(sample(reals(3, 4, low=-1.2, high=1.2)), sample(reals()), sample(complexes(3))))
def tan(x: Any) -> Any:
    """The tangent; derivative ``1 + tan(x)**2``.

    Shapes: any -> same.

    >>> ag.tan(np.array([0.0, np.pi / 4]))
    array([0., 1.])
    """
    return np.tan(x)


tan.vjp(x=lambda g, out: g * (1 + out * out))


def _cosine_of_arcsine(x: Any) -> Any:
    """``sqrt(1 - x**2)``, of complex ``x`` on the side of a branch cut on which it lies: Note [signed zeros]."""
    if x.dtype.kind == "c":
        return np.sqrt(-(x - 1)) * np.sqrt(x - -1)
    return np.sqrt((1 - x) * (1 + x))


@op(elementwise=True, numpy=np.arcsin, samples=_WITHIN_1)
def arcsin(x: Any) -> Any:
    """The inverse sine, in ``[-pi/2, pi/2]``; derivative ``1 / sqrt(1 - x**2)``, infinite at 1 and -1.

    Shapes: any -> same.

    >>> ag.arcsin(np.array([0.0, 1.0]))
    array([0.        , 1.57079633])
    """
    return np.arcsin(x)


arcsin.vjp(x=lambda g, x: over(g, _cosine_of_arcsine(x)))


@op(elementwise=True, numpy=np.arccos, samples=_WITHIN_1)
def arccos(x: Any) -> Any:
    """The inverse cosine, in ``[0, pi]``; derivative ``-1 / sqrt(1 - x**2)``, infinite at 1 and -1.

    Shapes: any -> same.

    >>> ag.arccos(np.array([0.0, 1.0]))
    array([1.57079633, 0.        ])
    """
    return np.arccos(x)


arccos.vjp(x=lambda g, x: -over(g, _cosine_of_arcsine(x)))


@op(elementwise=True, numpy=np.arctan, samples=ANY)
def arctan(x: Any) -> Any:
    """The inverse tangent, in ``(-pi/2, pi/2)``; derivative ``1 / (1 + x**2)``.

    Shapes: any -> same.

    >>> ag.arctan(np.array([0.0, 1.0]))
    array([0.        , 0.78539816])
    """
    return np.arctan(x)


arctan.vjp(x=lambda g, x: g / (1 + x * x))


@op(
    elementwise=True,
    numpy=np.arctan2,
    samples=(sample(positives(3, 4), reals(4)), sample(positives(3), -0.5), sample(0.0, positives(3))),
    errors=_COMPLEX_PAIR,
)
def arctan2(x1: Any, x2: Any) -> Any:
    """The angle of the point ``(x2, x1)``, in ``[-pi, pi]``; derivatives ``x2 / r**2`` and ``-x1 / r**2``.

    Here ``r**2 = x1**2 + x2**2``; at the origin both derivatives are 0.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for complex numbers; ``ag.angle`` takes the angle of one.

    >>> ag.arctan2(np.array([1.0, 1.0]), np.array([1.0, -1.0]))
    array([0.78539816, 2.35619449])
    """
    return np.arctan2(x1, x2)


def _over_squared_distance(x: Any, x1: Any, x2: Any) -> Any:
    r = or_infinite(np.hypot(x1, x2))
    return x / r / r  # r * r might overflow


arctan2.vjp(
    x1=lambda g, x1, x2: g * _over_squared_distance(x2, x1, x2),
    x2=lambda g, x1, x2: -g * _over_squared_distance(x1, x1, x2),
)


@op(
    elementwise=True,
    numpy=np.hypot,
    samples=(sample(positives(3, 4), reals(4)), sample(positives(3), 1.5)),
    errors=_COMPLEX_PAIR,
)
def hypot(x1: Any, x2: Any) -> Any:
    """``sqrt(x1**2 + x2**2)`` without overflow; derivatives ``x1 / out`` and ``x2 / out``, 0 at the origin.

    Shapes: any two that broadcast -> their broadcast.

    Raises:
        TypeError: for complex numbers.

    >>> ag.hypot(np.array([3.0, 0.0]), np.array([4.0, 0.0]))
    array([5., 0.])
    """
    return np.hypot(x1, x2)


hypot.vjp(x1=lambda g, out, x1: g * (x1 / or_infinite(out)), x2=lambda g, out, x2: g * (x2 / or_infinite(out)))


# ---------------------------------------------------------------- hyperbolic functions


@op(elementwise=True, numpy=np.sinh, samples=ANY)
def sinh(x: Any) -> Any:
    """``(e**x - e**-x) / 2``; derivative ``cosh(x)``.

    Shapes: any -> same.

    >>> ag.sinh(np.array([0.0, 1.0]))
    array([0.        , 1.17520119])
    """
    return np.sinh(x)


sinh.vjp(x=lambda g, x: times(g, np.cosh(x)))


@op(elementwise=True, numpy=np.cosh, samples=ANY)
def cosh(x: Any) -> Any:
    """``(e**x + e**-x) / 2``; derivative ``sinh(x)``.

    Shapes: any -> same.

    >>> ag.cosh(np.array([0.0, 1.0]))
    array([1.        , 1.54308063])
    """
    return np.cosh(x)


cosh.vjp(x=lambda g, x: times(g, np.sinh(x)))


@op(elementwise=True, numpy=np.tanh, samples=ANY)
def tanh(x: Any) -> Any:
    """``sinh(x) / cosh(x)``; derivative ``1 - tanh(x)**2``.

    Shapes: any -> same.

    >>> ag.tanh(np.array([0.0, 1.0]))
    array([0.        , 0.76159416])
    """
    return np.tanh(x)


tanh.vjp(x=lambda g, out: g * (1 - out * out))


@op(elementwise=True, numpy=np.arcsinh, samples=ANY)
def arcsinh(x: Any) -> Any:
    """The inverse of ``sinh``; derivative ``1 / sqrt(1 + x**2)``.

    Shapes: any -> same.

    >>> ag.arcsinh(np.array([0.0, 1.0]))
    array([0.        , 0.88137359])
    """
    return np.arcsinh(x)


# In the complex case Note [signed zeros]; in the real one the square might overflow.
arcsinh.vjp(x=lambda g, x: g / (np.sqrt(x * x - -1) if x.dtype.kind == "c" else np.hypot(x, 1)))


@op(
    elementwise=True,
    numpy=np.arccosh,
    samples=(sample(reals(3, 4, low=1.2, high=3.0)), sample(reals(low=1.2, high=3.0)), sample(complexes(3))),
)
def arccosh(x: Any) -> Any:
    """The inverse of ``cosh`` on ``x >= 1``; derivative ``1 / sqrt(x**2 - 1)``, infinite at 1.

    Shapes: any -> same.

    >>> ag.arccosh(np.array([1.0, 2.0]))
    array([0.        , 1.3169579])
    """
    return np.arccosh(x)


arccosh.vjp(x=lambda g, x: over(g, np.sqrt(x - 1) * np.sqrt(x - -1)))  # x - -1: Note [signed zeros]


@op(elementwise=True, numpy=np.arctanh, samples=_WITHIN_1)
def arctanh(x: Any) -> Any:
    """The inverse of ``tanh`` on ``(-1, 1)``; derivative ``1 / (1 - x**2)``, infinite at the ends.

    Shapes: any -> same.

    >>> ag.arctanh(np.array([0.0, 0.5]))
    array([0.        , 0.54930614])
    """
    return np.arctanh(x)


arctanh.vjp(x=lambda g, x: over(g, (1 - x) * (1 + x)))
