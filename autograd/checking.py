"""``gradcheck``: compare the gradients that the engine computes with finite differences.

Each element of each input is moved a little to both sides, and the slope of the outputs between is what the gradient has to
be. The steps get smaller until two estimates agree (Note [differences]), so the comparison is good to about nine digits.

Note [differences]: a central difference with step h has an error in even powers of h, so differences with h, h/2, h/4, ...
can be combined into estimates from which the leading powers are gone (Richardson's extrapolation, arranged in Neville's
table), and the distance between neighbours in the table says how far they are to be trusted. The table grows until
that distance is a thousandth of what is allowed (C. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)",
Advances in Engineering Software 4, 1982).

Note [projection]: the outputs y are weighted with a fixed random cotangent v and added up, L = Re sum(conj(v) y), so one
backward pass gives the whole gradient of L, and an error in any output shows in it. The gradient with respect to a complex
element x + iy is dL/dx + i dL/dy (Note [conjugation] in ``cotangents``).

Note [higher orders]: the gradient of L is a function of the inputs and of v. The second order checks that function like any
other, v among its inputs: where an op stands in the middle of a longer chain, the gradient flows through v too.
"""

from __future__ import annotations  # np.random would be imported to annotate with it

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from autograd.engine import grad_of
from autograd.errors import GradientError
from autograd.modes import enable_grad
from autograd.tensors import Tensor, wrap

_STEP = 2.0**-7
_LEVELS = 14  # with the default step the last one is 1e-6


@dataclass(frozen=True)
class GradcheckRow:
    """What was found for one input at one order.

    ``order``: 1 for the gradient, 2 for its derivative, ... ``name``: what the input is called. ``checked``: how many of its
    elements were looked at. ``index``: the worst of them, with its ``analytic`` and ``numeric`` derivative. ``error``: their
    distance, relative to the gradient's largest element. ``uncertainty``: how far off the finite difference may be, in the same
    measure.
    """

    order: int
    name: str
    shape: tuple[int, ...]
    checked: int
    index: tuple[int, ...]
    analytic: Any
    numeric: Any
    error: float
    uncertainty: float
    passed: bool

    @property
    def size(self) -> int:
        """How many elements the input has."""
        return int(np.prod(self.shape))


@dataclass(frozen=True, repr=False)
class GradcheckReport:
    """The outcome of ``gradcheck``: true if all gradients agree; prints as a table with one row per input and order."""

    rows: tuple[GradcheckRow, ...]
    rtol: float

    @property
    def passed(self) -> bool:
        """Whether every row passed."""
        return all(row.passed for row in self.rows)

    @property
    def worst(self) -> GradcheckRow:
        """The row with the largest error, one that failed first."""
        return max(self.rows, key=lambda row: (not row.passed, row.error))

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        worst = self.worst
        verdict = "passed" if self.passed else "FAILED"
        lines = [f"gradcheck {verdict}: worst error {worst.error:.1e} at {_place(worst)}, allowed {self.rtol:.0e}"]
        cells = [("order", "input", "shape", "checked", "worst at", "analytic", "numeric", "error", "")]
        cells += [
            (
                str(row.order),
                row.name,
                str(row.shape),
                f"{row.checked} of {row.size}",
                str(row.index) if row.checked else "-",
                f"{row.analytic:.8g}",
                f"{row.numeric:.8g}",
                f"{row.error:.1e}",
                "ok" if row.passed else "WRONG",
            )
            for row in self.rows
        ]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
        if not self.passed:
            ratio = f"; analytic / numeric = {worst.analytic / worst.numeric:.4g} there" if worst.numeric else ""
            lines.append(
                "Analytic is what the gradient rules give, numeric what finite differences give, for sum(v * f(...)) with a "
                f"random cotangent v (at order 2 v is an input itself: cotangent){ratio}."
            )
        if not self.passed and not worst.uncertainty <= self.rtol:
            lines.append(
                f"The finite differences do not settle at {_place(worst)} (uncertainty {worst.uncertainty:.1e}): a kink, a "
                "jump or a pole is near, or the function is noisy. Move the input away from it."
            )
        return "\n".join(lines)


def gradcheck(
    f: Callable[..., Any],
    inputs: Any,
    order: int = 1,
    *,
    step: float | None = None,
    rtol: float = 1e-6,
    atol: float | None = None,
    max_elements: int | None = None,
    seed: int = 0,
    raise_on_failure: bool = False,
) -> GradcheckReport:
    """Compare the gradient of ``f`` with finite differences, element by element.

    For outputs y = f(x) and a random cotangent v, the gradient of Re sum(conj(v) y) with respect to each x is compared with
    its central differences, extrapolated to step 0. An element passes if ``|analytic - numeric|`` is at most ``rtol`` times the
    gradient's largest element, or at most ``atol``.

    Inputs must keep away from points where ``f`` has no derivative (``abs`` and ``relu`` at 0, ties of ``max``): there
    a finite difference has nothing to agree with. The report says so if the differences do not settle.

    Args:
        f: takes tensors, one per input, and returns a tensor or several. Integer outputs are not looked at.
        inputs: a tensor, array or number, or a sequence of them. Floating and complex ones are checked, the others passed on.
            They need not require a gradient; they are copied, and neither their values nor their ``.grad`` change.
        order: check all derivatives up to this order. For the second, the gradient itself is differentiated, with respect to
            the inputs and to the cotangent.
        step: the first step of the differences, times ``max(1, |x|)``; by default 1/128. It is halved until they settle.
        rtol: the error allowed, relative to the largest element of the same gradient.
        atol: the error allowed in any case; by default 1e-11 times the size of the outputs (their rounding errors).
        max_elements: check a random choice of this many elements of an input that has more; the report says how many.
        seed: of the cotangent and of that choice.
        raise_on_failure: raise a ``GradientError`` that shows the report, instead of returning it.

    Shapes: any.

    Raises:
        TypeError: for an input or output in single precision, for inputs none of which is floating, and for an output that
            is no tensor.
        ValueError: for no inputs, for an order below 1, an ``rtol`` not above 0 or ``max_elements`` below 1, and for an ``f``
            that gives different values for the same inputs.
        GradientError: with ``raise_on_failure``, when a gradient is wrong.

    Source: see Note [differences] in ``autograd.checking``.

    >>> report = ag.gradcheck(lambda a, b: np.tanh(a) * b, [np.array([0.5, 1.0]), np.array(2.0)], order=2)
    >>> bool(report), len(report.rows), report.worst.error < 1e-8
    (True, 5, True)
    >>> wrong = ag.gradcheck(lambda x: x.detach() * x, 3.0)
    >>> bool(wrong), round(float(wrong.worst.numeric / wrong.worst.analytic), 6)
    (False, 2.0)
    """
    if order < 1:
        raise ValueError(f"gradcheck: expected order 1 or higher, received {order}")
    if max_elements is not None and max_elements < 1:
        raise ValueError(f"gradcheck: expected max_elements of 1 or more, or None for all; received {max_elements}")
    if rtol <= 0:
        raise ValueError(f"gradcheck: expected rtol above 0, received {rtol}; finite differences are never exact")
    inputs = list(inputs) if isinstance(inputs, Iterable) and not isinstance(inputs, Tensor | np.ndarray) else [inputs]
    if isinstance(f, np.ufunc) and len(inputs) > f.nin:
        raise ValueError(
            f"gradcheck: np.{f.__name__} takes {f.nin} input(s), received a sequence of {len(inputs)}; each element of a "
            "sequence is an input of its own: for one vector, pass np.array([...])"
        )
    arrays = _as_arrays(inputs)
    names = _names(f, inputs)
    rng = np.random.default_rng(seed)
    function = _checked_outputs(f)
    rows: list[GradcheckRow] = []
    with enable_grad():
        for this_order in range(1, order + 1):
            checked = [i for i, array in enumerate(arrays) if array.dtype.kind in "fc"]
            values = _evaluate(function, arrays)
            if this_order == 1:
                _must_repeat(values, _evaluate(function, arrays))
            cotangents = [_cotangent(each, rng) for each in values]
            if this_order == 1 and [each.shape for each in values] == [()] and values[0].dtype.kind == "f":
                cotangents = [np.ones(())]  # of one number, the gradient itself is shown
            size = sum(float(np.sum(np.abs(v * y))) for v, y in zip(cotangents, values, strict=True))
            floor = 1e-11 * size if atol is None else atol
            with np.errstate(all="ignore"):  # a step may leave the function's domain; then a smaller one is taken
                gradients = _analytic(function, arrays, checked, cotangents)
                for i, gradient in zip(checked, gradients, strict=True):
                    chosen = _choice(gradient.size, max_elements, rng)
                    slopes = _Slopes(function, arrays, i, cotangents, _STEP if step is None else step)
                    rows.append(_row(this_order, names[i], gradient, chosen, slopes, rtol, floor))
            function = _gradient_of(function, len(arrays), checked)
            arrays = [*arrays, *cotangents]
            suffix = "" if this_order == 1 else f" of order {this_order}"
            names = [*names, *[f"cotangent {k}{suffix}" for k in range(len(cotangents))]]
    report = GradcheckReport(tuple(rows), rtol)
    if raise_on_failure and not report:
        raise GradientError(str(report))
    return report


# ---------------------------------------------------------------- the inputs and the function


def _as_arrays(inputs: list[Any]) -> list[Any]:
    """Copies of the inputs as arrays, of which at least one can be checked."""
    arrays = [np.array(each.numpy() if isinstance(each, Tensor) else each) for each in inputs]
    if not arrays:
        raise ValueError("gradcheck: expected at least one input, received an empty sequence; put what f takes into inputs")
    for i, array in enumerate(arrays):
        if array.dtype.kind not in "biufc":
            raise TypeError(f"gradcheck: input {i} has to be numeric; received dtype {array.dtype}")
        if array.dtype.kind in "fc":
            _must_be_double(array.dtype, f"input {i}")
    if all(array.dtype.kind not in "fc" for array in arrays):
        received = ", ".join(str(array.dtype) for array in arrays)
        raise TypeError(
            f"gradcheck: expected a floating or complex input, received {received}; a gradient needs a continuous variable: "
            "convert with .astype(float)"
        )
    return arrays


def _must_be_double(dtype: Any, what: str) -> None:
    if dtype not in (np.float64, np.complex128):
        raise TypeError(
            f"gradcheck: expected float64 or complex128, received {dtype} as {what}. Finite differences lose half of the "
            "digits, and single precision has only seven: convert with .astype(np.float64) (a module's parameters too)"
        )


def _names(f: Callable[..., Any], inputs: list[Any]) -> list[str]:
    """What the report calls each input: the tensor's name, else that of the function's parameter, else its number."""
    names = [f"input {i}" for i in range(len(inputs))]
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):  # ufuncs and some built-in functions have no signature to read
        parameters = []
    for i, parameter in enumerate(parameters[: len(inputs)]):
        if parameter.kind not in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            break
        names[i] = parameter.name
    for i, each in enumerate(inputs):
        if isinstance(each, Tensor) and each.name is not None:
            names[i] = each.name
    return names


def _checked_outputs(f: Callable[..., Any]) -> Callable[..., list[Tensor]]:
    """``f`` with its floating and complex outputs as a list."""

    def function(*tensors: Tensor) -> list[Tensor]:
        result = f(*tensors)
        outputs = list(result) if isinstance(result, tuple | list) else [result]
        for k, each in enumerate(outputs):
            what = f"output {k}" if isinstance(result, tuple | list) else "the output"
            if not isinstance(each, Tensor):
                raise TypeError(
                    f"gradcheck: expected f to return a tensor or several, received {type(each).__name__} as {what}. A plain "
                    "array or number has lost its graph: compute with the tensors that f receives"
                )
            if each.dtype.kind in "fc":
                _must_be_double(each.dtype, what)
        outputs = [each for each in outputs if each.dtype.kind in "fc"]
        if not outputs:
            raise TypeError("gradcheck: expected f to return a floating or complex tensor, received none; there is no gradient")
        return outputs

    return function


def _leaves(arrays: list[Any]) -> list[Tensor]:
    return [Tensor(array, requires_grad=array.dtype.kind in "fc") for array in arrays]


def _evaluate(function: Callable[..., list[Tensor]], arrays: list[Any]) -> list[Any]:
    return [each._value for each in function(*_leaves(arrays))]


def _must_repeat(first: list[Any], second: list[Any]) -> None:
    same = len(first) == len(second) and all(
        a.shape == b.shape and np.array_equal(a, b, equal_nan=True) for a, b in zip(first, second, strict=True)
    )
    if not same:
        raise ValueError(
            "gradcheck: f gave two different values for the same inputs, so differences between its values say nothing. Give "
            "its random draws a generator of their own with a fixed seed, made inside f (and switch dropout off)"
        )


def _cotangent(value: Any, rng: np.random.Generator) -> Any:
    """Random weights of sizes between 0.5 and 1.5, so that no output counts for nothing."""
    v = rng.uniform(0.5, 1.5, value.shape) * rng.choice([-1.0, 1.0], value.shape)
    if value.dtype.kind == "c":
        v = v * np.exp(2j * np.pi * rng.uniform(size=value.shape))
    return np.asarray(v)


def _choice(size: int, most: int | None, rng: np.random.Generator) -> Any:
    if most is None or size <= most:
        return np.arange(size)
    return np.sort(rng.choice(size, most, replace=False))


# ---------------------------------------------------------------- both sides of the comparison


def _gradients(
    outputs: list[Tensor], inputs: list[Tensor], cotangents: Sequence[Any], create_graph: bool = False
) -> list[Tensor]:
    """One gradient per input; zeros where the outputs do not depend on it."""
    recorded = [(y, v) for y, v in zip(outputs, cotangents, strict=True) if y.requires_grad]
    found: Sequence[Tensor | None] = [None] * len(inputs)
    if recorded:
        ys, vs = zip(*recorded, strict=True)
        found = grad_of(ys, inputs, vs, create_graph=create_graph, allow_unused=True)
    return [wrap(np.zeros(x.shape, x.dtype)[()]) if g is None else g for x, g in zip(inputs, found, strict=True)]


def _analytic(function: Callable[..., list[Tensor]], arrays: list[Any], checked: list[int], cotangents: list[Any]) -> list[Any]:
    leaves = _leaves(arrays)
    return [np.asarray(g._value) for g in _gradients(function(*leaves), [leaves[i] for i in checked], cotangents)]


def _gradient_of(function: Callable[..., list[Tensor]], inputs: int, checked: list[int]) -> Callable[..., list[Tensor]]:
    """The gradient as a function of the inputs and the cotangents: Note [higher orders]."""

    def gradient(*tensors: Tensor) -> list[Tensor]:
        xs, cotangents = tensors[:inputs], tensors[inputs:]
        return _gradients(function(*xs), [xs[i] for i in checked], cotangents, create_graph=True)

    return gradient


class _Slopes:
    """Finite differences of the projected outputs with respect to the elements of one input."""

    def __init__(
        self, function: Callable[..., list[Tensor]], arrays: list[Any], input_: int, cotangents: list[Any], step: float
    ) -> None:
        self._function = function
        self._arrays = arrays
        self._input = input_
        self._cotangents = cotangents
        self._step = step

    def at(self, element: int, target: float) -> tuple[Any, float]:
        """The derivative at an element, and its uncertainty; differences go on until that is below ``target``."""
        slope, uncertainty = self._along(element, 1.0, target)
        if self._arrays[self._input].dtype.kind != "c":
            return slope, uncertainty
        imaginary, other = self._along(element, 1j, target)
        return complex(slope, imaginary), max(uncertainty, other)

    def _along(self, element: int, direction: complex, target: float) -> tuple[float, float]:
        """Neville's table over halved steps: Note [differences]."""
        step = self._step * max(1.0, abs(self._arrays[self._input].flat[element]))
        best, uncertainty = np.nan, np.inf
        above: list[float] = []
        for level in range(_LEVELS):
            row = [self._difference(element, direction, step / 2**level, -step / 2**level)]
            for j, estimate in zip(count(1), above):
                row.append(row[-1] + (row[-1] - estimate) / (4**j - 1))
                distance = max(abs(row[-1] - row[-2]), abs(row[-1] - estimate))
                if distance < uncertainty:
                    best, uncertainty = row[-1], distance
            if uncertainty <= target:
                break
            above = row if np.isfinite(row[0]) else []
        return best, uncertainty

    def kink(self, element: int) -> float:
        """How far the slopes to the right and to the left of an element are apart."""
        step = self._step / 2**_LEVELS * max(1.0, abs(self._arrays[self._input].flat[element]))
        directions = (1.0, 1j) if self._arrays[self._input].dtype.kind == "c" else (1.0,)
        sides = [(self._difference(element, d, step, 0.0), self._difference(element, d, 0.0, -step)) for d in directions]
        return max(abs(right - left) for right, left in sides)

    def _difference(self, element: int, direction: complex, right: float, left: float) -> float:
        """The slope between two steps; outputs are subtracted before they are added up, which keeps the most digits."""
        array = self._arrays[self._input]
        sides, places = [], []
        for signed in (right, left):
            moved = array.copy()
            moved.flat[element] += signed * direction if array.dtype.kind == "c" else signed
            arrays = [*self._arrays]
            arrays[self._input] = moved
            sides.append(_evaluate(self._function, arrays))
            places.append(moved.flat[element])
        total = 0.0
        for up, down, v in zip(*sides, self._cotangents, strict=True):
            if up.shape != v.shape or down.shape != v.shape:
                raise ValueError(
                    f"gradcheck: the shape of f's output changes with the inputs' values ({v.shape}, then {up.shape} and "
                    f"{down.shape}); fix what selects its elements"
                )
            total += float(np.sum(np.real(np.conjugate(v) * (up - down))))
        return total / abs(places[0] - places[1])


def _row(order: int, name: str, gradient: Any, chosen: Any, slopes: _Slopes, rtol: float, atol: float) -> GradcheckRow:
    """Compare one input's gradient at the chosen elements, and find the worst."""
    if not chosen.size:
        return GradcheckRow(order, name, gradient.shape, 0, (), 0.0, 0.0, 0.0, 0.0, True)
    analytic = gradient.reshape(-1)[chosen]
    largest = _largest(gradient)
    found = [slopes.at(int(j), 1e-3 * max(rtol * largest, atol)) for j in chosen]
    numeric = np.array([slope for slope, _ in found])
    # The error is measured so that it is at most rtol exactly if the element passes.
    scale = max(largest, _largest(numeric), atol / rtol, np.finfo(float).tiny)
    errors = np.abs(analytic - numeric) / scale
    errors = np.where(np.isnan(errors), np.inf, errors)
    worst = int(np.argmax(errors))
    passed = bool(errors[worst] <= rtol)
    uncertainty = found[worst][1] / scale
    if not passed and (kink := slopes.kink(int(chosen[worst])) / scale) > 1e-3:  # less may be curvature
        uncertainty = max(uncertainty, kink)
    return GradcheckRow(
        order,
        name,
        gradient.shape,
        len(chosen),
        tuple(int(i) for i in np.unravel_index(chosen[worst], gradient.shape)),
        analytic[worst],
        numeric[worst],
        float(errors[worst]),
        float(uncertainty),
        passed,
    )


def _largest(values: Any) -> float:
    sizes = np.abs(values)
    return float(np.max(sizes, initial=0.0, where=np.isfinite(sizes)))


def _place(row: GradcheckRow) -> str:
    return f"{row.name}{list(row.index) if row.index else ''}"
