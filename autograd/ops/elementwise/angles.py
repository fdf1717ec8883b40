"""Angles: of complex numbers, and in degrees and radians. ``angle`` has derivative 0 at 0, where it has no direction."""

import math
from typing import Any

import numpy as np

from autograd.gate import answer_for, function, op
from autograd.ops.arguments import as_array
from autograd.ops.casting import imag, real
from autograd.ops.elementwise.trigonometric import arctan2
from autograd.samples import NONZERO, REAL, complexes, sample

_COMPLEX = ((sample(complexes(3)), TypeError),)


@op(elementwise=True, linear=True, numpy=np.deg2rad, samples=REAL, errors=_COMPLEX)
def deg2rad(x: Any) -> Any:
    """Degrees as radians, ``x pi / 180``; derivative ``pi / 180``.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.deg2rad(np.array([0.0, 180.0]))
    array([0.        , 3.14159265])
    """
    return np.deg2rad(x)


deg2rad.vjp(x=lambda g: np.deg2rad(g))
answer_for(np.radians, deg2rad)


@op(elementwise=True, linear=True, numpy=np.rad2deg, samples=REAL, errors=_COMPLEX)
def rad2deg(x: Any) -> Any:
    """Radians as degrees, ``x 180 / pi``; derivative ``180 / pi``.

    Shapes: any -> same.

    Raises:
        TypeError: for complex ``x``.

    >>> ag.rad2deg(np.array([0.0, np.pi]))
    array([  0., 180.])
    """
    return np.rad2deg(x)


rad2deg.vjp(x=lambda g: np.rad2deg(g))
answer_for(np.degrees, rad2deg)


@function(np.angle, samples=(*NONZERO, sample(complexes(2, 3), deg=True)))
def angle(x: Any, /, deg: bool = False) -> Any:
    """The angle of a complex number in the plane, ``arctan2(imag(x), real(x))``, in ``[-pi, pi]``; 0 or pi for real ``x``.

    The gradient is ``i x / |x|**2``, across the direction of ``x``; it is 0 at 0, and for real ``x``.

    Args:
        x: the input.
        deg: in degrees and not in radians.

    Shapes: any -> same, in the real dtype.

    >>> ag.angle(np.array([1.0, 1j, -1 - 1j]), deg=True)
    array([   0.,   90., -135.])
    """
    x = as_array(x)
    a = arctan2(imag(x), real(x)) if x.dtype.kind == "c" else arctan2(0, x)
    return a * (180 / math.pi) if deg else a
