"""The gradient of a fast kernel by way of a plain text of the same function: ``gradient_of``, ``differentiated_as``.

Note [kernels and texts]: the gradient of a kernel such as a layer norm is a kernel itself, written for speed, with loops and
writes that cannot be recorded. For its own gradient, which second derivatives need and which hurry less, there is a *text*: the
same function written with operators and NumPy functions, which differentiates by itself to any order. So a family of ops is

- ``f``, a kernel, whose rule calls ``f_gradient``;
- ``f_gradient``, a kernel, whose rule differentiates ``text_of_f_gradient``.

Where ``f`` has outputs that only its gradient uses, such as means and deviations, second derivatives flow into them; then its
rule differentiates ``text_of_f``. Gradient checks to the second order compare kernels and texts.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import autograd as ag


def gradient_of(text: Callable[..., Any], g: Any, inputs: Sequence[Any], needed: Sequence[bool], **statics: Any) -> list[Any]:
    """The gradients of ``text(*inputs, **statics)`` with respect to the ``needed`` inputs, ``None`` for the others.

    ``g`` is the cotangent of the result; of several results a tuple, with ``None`` for those that nothing flows to.
    """
    chosen = [i for i, each in enumerate(needed) if each]

    def of_chosen(*arrays: Any) -> Any:
        filled = list(inputs)
        for i, each in zip(chosen, arrays, strict=True):
            filled[i] = each
        return text(*filled, **statics)

    outputs, pull = ag.vjp(of_chosen, *[inputs[i] for i in chosen])
    if isinstance(g, tuple):
        g = tuple([np.zeros_like(x) if each is None else each for each, x in zip(g, outputs, strict=True)])
    gradients: list[Any] = [None] * len(inputs)
    for i, each in zip(chosen, pull(g), strict=True):
        gradients[i] = each
    return gradients


def differentiated_as(kernel: Any, text: Callable[..., Any]) -> None:
    """Give the op ``kernel`` the gradient of ``text``, a function with the same inputs, statics and results."""
    record = kernel.op
    count = len(record.inputs)

    def rule(g: Any, needed: Any, *values: Any) -> list[Any]:
        return gradient_of(text, g, values[:count], needed, **dict(zip(record.statics, values[count:], strict=True)))

    names = ["g", "needed", *record.inputs, *record.statics]
    rule.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # whose names say what is saved
        [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in names]
    )
    record.joint_vjp(rule)
