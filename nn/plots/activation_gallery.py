"""Activation functions as pictures, each with its derivative, its formula, and the values that it takes."""

from __future__ import annotations  # matplotlib is imported when something is drawn

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import autograd as ag
from nn import layers
from nn.inputs import check_number
from nn.module import Module
from nn.pictures import COLORS, MUTED, finished, one_legend, panels, shortened

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FUNCTION, _DERIVATIVE = COLORS[1], COLORS[0]
_POINTS = 801


class _Known(NamedTuple):
    """What is said of an activation of ``nn``, from its settings."""

    formula: Callable[[Any], str]
    values: Callable[[Any], str]


def _number(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _slope(a: str) -> str:
    return rf"$\max(0, x) + {a}\,\min(0, x)$"


def _exponential(alpha: float, rate: str = "x", scale: str = "") -> str:
    """A line, and below 0 an exponential; factors of 1 are left out."""
    below = f"e^{{{rate}}} - 1"
    scaled = below if alpha == 1 else rf"{alpha:.4g}\,({below})"
    return f"${scale}x$ if $x > 0$, else ${scaled}$"


_KNOWN: dict[type[Module], _Known] = {
    layers.ReLU: _Known(lambda m: r"$\max(0, x)$", lambda m: "[0, ∞)"),
    layers.LeakyReLU: _Known(lambda m: _slope(f"{m.negative_slope:g}"), lambda m: "(−∞, ∞)"),
    layers.PReLU: _Known(lambda m: _slope(f"{m.weight.numpy()[0]:.3g}") + ", learnt", lambda m: "(−∞, ∞)"),
    layers.RReLU: _Known(lambda m: _slope(f"{(m.lower + m.upper) / 2:.3g}") + " in use", lambda m: "(−∞, ∞)"),
    layers.ReLU6: _Known(lambda m: r"$\min(\max(0, x), 6)$", lambda m: "[0, 6]"),
    layers.ELU: _Known(lambda m: _exponential(m.alpha), lambda m: f"({_number(-m.alpha)}, ∞)"),
    layers.CELU: _Known(
        lambda m: _exponential(m.alpha, "x" if m.alpha == 1 else f"x/{m.alpha:g}"), lambda m: f"({_number(-m.alpha)}, ∞)"
    ),
    layers.SELU: _Known(lambda m: _exponential(1.758, scale="1.051"), lambda m: "(−1.758, ∞)"),
    layers.GELU: _Known(lambda m: r"$x\,\Phi(x)$" + (", with tanh" if m.approximate == "tanh" else ""), lambda m: "[−0.17, ∞)"),
    layers.SiLU: _Known(lambda m: r"$x\,\sigma(x)$", lambda m: "[−0.2785, ∞)"),
    layers.Mish: _Known(lambda m: r"$x\,\tanh(\ln(1 + e^x))$", lambda m: "[−0.3088, ∞)"),
    layers.Hardswish: _Known(lambda m: r"$x\,\min(\max(0, x + 3), 6)\,/\,6$", lambda m: "[−0.375, ∞)"),
    layers.Softplus: _Known(
        lambda m: r"$\ln(1 + e^x)$" if m.beta == 1 else rf"$\ln(1 + e^{{{m.beta:g}x}})\,/\,{m.beta:g}$", lambda m: "(0, ∞)"
    ),
    layers.Sigmoid: _Known(lambda m: r"$\sigma(x) = 1\,/\,(1 + e^{-x})$", lambda m: "(0, 1)"),
    layers.Hardsigmoid: _Known(lambda m: r"$\min(\max(0, x + 3), 6)\,/\,6$", lambda m: "[0, 1]"),
    layers.LogSigmoid: _Known(lambda m: r"$-\ln(1 + e^{-x})$", lambda m: "(−∞, 0)"),
    layers.Tanh: _Known(lambda m: r"$\tanh(x)$", lambda m: "(−1, 1)"),
    layers.Hardtanh: _Known(
        lambda m: rf"$\min(\max({m.min_val:g}, x), {m.max_val:g})$",
        lambda m: f"[{_number(m.min_val)}, {_number(m.max_val)}]",
    ),
    layers.Softsign: _Known(lambda m: r"$x\,/\,(1 + |x|)$", lambda m: "(−1, 1)"),
    layers.Tanhshrink: _Known(lambda m: r"$x - \tanh(x)$", lambda m: "(−∞, ∞)"),
    layers.Softshrink: _Known(lambda m: rf"$\mathrm{{sign}}(x)\,\max(0, |x| - {m.lambd:g})$", lambda m: "(−∞, ∞)"),
    layers.Hardshrink: _Known(lambda m: rf"$x$ if $|x| > {m.lambd:g}$, else $0$", lambda m: "(−∞, ∞)"),
}


def activations(names: Any = None, low: float = -5.0, high: float = 7.0, axes: Any = None) -> Figure:
    """Draw activation functions with their derivatives, which ``autograd`` computes, a panel for each.

    Under the name stands the formula, beside it the bounds of the values.

    Args:
        names: names of activations (``"ReLU"``, ``"leaky_relu"``), modules, functions of an array, or a mapping from labels to
            any of these. One or several. By default all elementwise activations of ``nn``.
        low: where the horizontal axis begins.
        high: where it ends.
        axes: where to draw, one for each panel; by default in a figure of its own.

    Raises:
        TypeError: for what is neither a name nor can be called.
        ValueError: for unknown names, functions that are not elementwise, and ``low`` not below ``high``.
        ImportError: without Matplotlib.

    >>> figure = nn.plots.activations(["ReLU", nn.LeakyReLU(0.2), np.tanh])
    >>> [panel.get_title("left") for panel in figure.axes]
    ['ReLU', 'LeakyReLU', 'tanh']
    """
    check_number("activations", "low", low)
    check_number("activations", "high", high)
    if low >= high:
        raise ValueError(f"activations: expected low below high; received {low} and {high}")
    chosen = _chosen(names)
    x = np.linspace(low, high, _POINTS)
    curves = [_curves(label, function, x) for label, function in chosen]

    columns = 3 if len(chosen) in (5, 6, 9) else min(len(chosen), 4)
    figure, found = panels("activations", len(chosen), axes, (2.7, 2.15), columns=columns, sharex=axes is None)
    for panel, (label, function), (value, slope) in zip(found, chosen, curves, strict=True):
        panel.axhline(0.0, color=MUTED, linewidth=0.8)
        panel.axvline(0.0, color=MUTED, linewidth=0.8)
        panel.plot(*_broken_at_jumps(x, value), color=_FUNCTION, linewidth=2.0, label="function")
        panel.plot(*_broken_at_jumps(x, slope), color=_DERIVATIVE, linewidth=1.6, linestyle="--", label="derivative")
        panel.set_xlim(low, high)
        known = _KNOWN.get(type(function)) if isinstance(function, Module) else None
        if known is None:
            finished(panel, shortened(label, 24))
        else:
            finished(panel, shortened(label, 14), beside=f"values {known.values(function)}", above=known.formula(function))
        panel.tick_params(labelbottom=True)
    for panel in found[(len(found) - 1) // columns * columns :]:  # of the last row only: its label would tear other rows apart
        finished(panel, x="x")
    one_legend(figure, found, own=axes is None)
    return figure


def _chosen(names: Any) -> list[tuple[str, Callable[[Any], Any]]]:
    """Labels and functions of what was asked for."""
    if names is None:
        names = [kind.__name__ for kind in _KNOWN]
    if isinstance(names, Mapping):
        found = [(str(label), _function(each)) for label, each in names.items()]
    else:
        asked = [names] if isinstance(names, str) or callable(names) else list(names)
        found = [(_label(each, function), function) for each, function in zip(asked, map(_function, asked), strict=True)]
    if not found:
        raise ValueError("activations: expected names, modules or functions; received none; leave names out for all")
    return found


def _function(each: Any) -> Callable[[Any], Any]:
    if isinstance(each, str):
        by_name = {kind.__name__.lower(): kind for kind in _KNOWN}
        if each.replace("_", "").lower() not in by_name:
            listed = ", ".join([kind.__name__ for kind in _KNOWN])
            raise ValueError(f"activations: expected one of {listed}, or a module or function; received {each!r}")
        return by_name[each.replace("_", "").lower()]().eval()
    if isinstance(each, type) and issubclass(each, Module):
        return each().eval()
    if not callable(each):
        raise TypeError(f"activations: expected names, modules or functions; received {each!r}")
    return each


def _label(each: Any, function: Any) -> str:
    if isinstance(each, str) or isinstance(function, Module):
        return type(function).__name__
    inner = function.func if isinstance(function, partial) else function
    return getattr(inner, "__name__", type(inner).__name__).strip("<>")


def _curves(label: str, function: Callable[[Any], Any], x: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], ...]:
    """Values and derivatives at ``x``; a function of other numbers than its own argument is refused."""
    dtypes = [each.dtype for each in function.parameters()] if isinstance(function, Module) else []
    point = ag.tensor(x.astype(dtypes[0] if dtypes else float), requires_grad=True)
    value = ag.asarray(function(point))
    halves = ag.asarray(function(point.detach()[::2])).numpy() if value.shape == x.shape else None
    if halves is None or not np.allclose(halves, value.numpy()[::2], equal_nan=True):
        raise ValueError(
            f"activations: expected elementwise functions; {label} gives shape {value.shape} for shape {x.shape}, or other "
            "numbers for the same input: because of its neighbours, or by chance (module.eval() ends that)"
        )
    slope = ag.grad_of(np.sum(value), point) if value.requires_grad else np.zeros_like(x)
    return value.numpy(), ag.asarray(slope).numpy()


def _broken_at_jumps(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The curve with a gap where it jumps: no line is drawn where there is no value."""
    steps = np.abs(np.diff(y))
    around = np.maximum(np.append(steps[1:], 0.0), np.append(0.0, steps[:-1]))
    jumps = np.flatnonzero((steps > 10 * around) & (steps > 0.01 * np.ptp(y))) + 1
    return np.insert(x, jumps, np.nan), np.insert(y, jumps, np.nan)
