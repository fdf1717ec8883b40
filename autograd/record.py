"""The record of an op: its forward function, its gradient rules, and what it says about itself.

Read ``Op`` first: one object an op, made by the decorator ``op`` (in ``gate``). ``Op.vjp`` takes the gradient rules::

    tanh.vjp(x=lambda g, out: g * (1 - out * out))

A rule is given per input, and **the names of its parameters say what it needs**:

=====================  ===========================================================================================
``g``                  the cotangent of the output, always first
``out``                the output (a tuple, where the op has several)
an input's name        that input; for a variadic input the tuple of all of them
``x_shape, x_dtype``   shape or dtype of the input ``x``, which saves no array; tuples for a variadic input
``out_shape``          shape of the output
a static's name        that static
``index``              in the rule of a variadic input: called once per needed input, with its place among them
``needed``             in a joint rule: for each input, whether its gradient is asked for
=====================  ===========================================================================================

The names are read once, here; what no needed rule names is not saved. ``Plan`` is the outcome, made once for each op
and each set of inputs that need a gradient: what to save, and which rules to call with it.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from autograd.samples import Sample

LITERALS = frozenset({float, int, bool, complex, type(None)})
BatchRule = Callable[["Op", Sequence[Any], Sequence[bool], dict[str, Any], Any], Any]

RESERVED = frozenset({"g", "out", "statics", "index", "needed", "out_shape"})


class Source(NamedTuple):
    """What an element of a node's saved tuple is: ``out``, ``input`` or ``variadic`` from a position on, ``constant``."""

    kind: str
    position: int = 0


CONSTANT = Source("constant")


class Call(NamedTuple):
    """One gradient rule as the walk calls it: ``rule(g, *saved[where])``.

    The result belongs to the input at ``position``; that of a ``joint`` rule is a sequence, for the inputs from there on.
    """

    position: int
    rule: Callable[..., Any]
    where: slice
    joint: bool


@dataclass(slots=True)
class Plan:
    """What one op does when a given set of its inputs needs a gradient.

    ``save(out, statics, *inputs)`` makes the tuple that a node keeps (``None``: nothing is kept); ``sources`` says for each
    of its elements whether it is the output, an input or a constant, so that a walk that records can give the rules
    tensors in place of arrays.
    """

    calls: tuple[Call, ...]
    save: Callable[..., tuple[Any, ...]] | None
    sources: tuple[Source, ...]


@dataclass(slots=True, eq=False)
class Op:
    """One op: what it computes, how it differentiates, and what it says about itself.

    ``elementwise``: it broadcasts its inputs, and the engine undoes that on the way back. ``linear``: linear in its
    differentiable inputs. ``view``: the result may share memory with the first input. ``random``: draws from a generator.
    ``multiple``: returns a tuple. ``dynamic_shape``: the shape of the result depends on values. ``differentiable=False``: the
    result never needs a gradient. ``numpy``: the NumPy function that it answers for, or the name of one in ``scipy.special``,
    which is not imported for it. ``samples``: recipes for its inputs. ``errors``: recipes of calls that it must refuse, with
    the exception's class. ``library``: whether it is one of the library's own. ``batch_rule``: how it computes all examples of
    a ``vmap`` at once; without one they are computed one by one (see ``batch_rules``). ``call``: its callable, which the gate
    made. ``signature``: how that is called, with inputs by position.
    """

    name: str
    forward: Callable[..., Any]
    elementwise: bool = False
    linear: bool = False
    view: bool = False
    random: bool = False
    multiple: bool = False
    dynamic_shape: bool = False
    differentiable: bool = True
    numpy: Callable[..., Any] | str | None = None
    samples: Sequence[Sample] = ()
    errors: Sequence[tuple[Sample, type[Exception]]] = ()
    library: bool = True
    batch_rule: BatchRule | None = None
    call: Callable[..., Any] = field(init=False)
    inputs: tuple[str, ...] = field(init=False)
    variadic: str | None = field(init=False)
    statics: tuple[str, ...] = field(init=False)
    defaults: dict[str, Any] = field(init=False)
    signature: inspect.Signature = field(init=False)
    rules: dict[str, Callable[..., Any] | None] = field(init=False, default_factory=dict)
    joint_rule: Callable[..., Any] | None = field(init=False, default=None)
    plans: dict[tuple[int, ...], Plan | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        signature = inspect.signature(self.forward)
        parameters = signature.parameters.values()
        self.inputs = tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD))
        self.variadic = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), None)
        self.statics = tuple(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)
        self.defaults = {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is not p.empty}
        self.signature = signature.replace(
            parameters=[p.replace(kind=p.POSITIONAL_ONLY) if p.name in self.inputs else p for p in parameters]
        )
        names = [*self.inputs, *self.statics, *([self.variadic] if self.variadic else [])]
        if taken := RESERVED.intersection(names):
            raise TypeError(
                f"op {self.name!r}: the parameter name {sorted(taken)[0]!r} has a meaning of its own in gradient rules; "
                "choose another"
            )
        if any(p.kind is p.VAR_KEYWORD for p in parameters):
            raise TypeError(f"op {self.name!r}: a forward function names its keyword arguments; received **kwargs")
        if optional := [p.name for p in parameters if p.name not in self.statics and p.default is not p.empty]:
            raise TypeError(
                f"op {self.name!r}: the input {optional[0]!r} has a default, but inputs are always given; for a static, which "
                f"may have one, write (..., *, {optional[0]}=...)"
            )

    def input_name(self, position: int) -> str:
        """The name of the input at ``position``; a variadic one carries its place, as in ``arrays[2]``."""
        if position < len(self.inputs):
            return self.inputs[position]
        return f"{self.variadic}[{position - len(self.inputs)}]"

    def vjp(self, **rules: Callable[..., Any] | None) -> None:
        """Give the gradient rule of each input by its name.

        ``None`` in place of a rule says that nothing flows to this input (the condition of ``where``).
        """
        for name, rule in rules.items():
            if name not in self.inputs and name != self.variadic:
                raise TypeError(
                    f"op {self.name!r}: received a gradient rule for {name!r}, "
                    f"but its inputs are {', '.join(self._array_names())}"
                )
            if rule is not None:
                self._needs(rule)
            self.rules[name] = rule
        self.plans.clear()

    def joint_vjp(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Give one rule that returns a sequence with the gradient of every input (``None`` where ``needed`` says so)."""
        self._needs(rule)
        self.joint_rule = rule
        self.plans.clear()
        return rule

    def batch(self, rule: BatchRule) -> None:
        """Give the batching rule: see ``batch_rules``."""
        self.batch_rule = rule

    def plan(self, needed: tuple[int, ...], count: int) -> Plan | None:
        """The plan for the inputs at the positions ``needed``, out of ``count``; ``None`` where nothing flows."""
        key = (*needed, count) if self.variadic else needed
        try:
            return self.plans[key]
        except KeyError:
            plan = self.plans[key] = self._make_plan(needed, count)
            return plan

    def _array_names(self) -> tuple[str, ...]:
        return (*self.inputs, *((self.variadic,) if self.variadic else ()))

    def _needs(self, rule: Callable[..., Any]) -> list[str]:
        """The names of what a rule needs besides ``g``."""
        names = list(inspect.signature(rule).parameters)
        if not names or names[0] != "g":
            raise TypeError(f"op {self.name!r}: a gradient rule's first parameter is 'g'; received {names}")
        for name in names[1:]:
            if name not in ("index", "needed"):
                self._source(name)
        return names[1:]

    def _source(self, name: str) -> tuple[Source, str]:
        """What kind of thing a rule's parameter asks for, and the expression that yields it when the op has run."""
        if name == "out":
            return Source("out"), "out"
        if name == "out_shape":
            return CONSTANT, "out.shape"
        if name in self.inputs:
            return Source("input", self.inputs.index(name)), name
        if name == self.variadic:
            return Source("variadic", len(self.inputs)), name
        if name in self.statics:
            return CONSTANT, f"statics[{name!r}]"
        base, _, what = name.rpartition("_")
        if what in ("shape", "dtype"):
            if base in self.inputs:
                return CONSTANT, f"_{what}({base})"
            if base == self.variadic:
                return CONSTANT, f"_{what}s({base})"
        raise TypeError(
            f"op {self.name!r}: a gradient rule asks for {name!r}, which is none of g, out, out_shape, its inputs "
            f"({', '.join(self._array_names())}) with _shape or _dtype, its statics ({', '.join(self.statics) or 'none'}), "
            "index, needed"
        )

    def _make_plan(self, needed: tuple[int, ...], count: int) -> Plan | None:
        calls: list[Call] = []
        sources: list[Source] = []
        expressions: list[str] = []
        for position, rule, constants in self._rules_for(needed, count):
            start = len(sources)
            for name in self._needs(rule):
                source, expression = (CONSTANT, constants[name]) if name in constants else self._source(name)
                sources.append(source)
                expressions.append(expression)
            joint = "index" not in constants and (rule is self.joint_rule or position >= len(self.inputs))
            calls.append(Call(position, rule, slice(start, len(sources)), joint))
        if not calls:
            return None
        # Note [generated save]: a tuple display is the fastest way to keep values, so its text is put together from the
        # rules' parameter names (identifiers, all checked above) and evaluated once for each plan.
        parameters = ["out", "statics", *self.inputs, *([f"*{self.variadic}"] if self.variadic else [])]
        text = f"lambda {', '.join(parameters)}: ({''.join(f'{each}, ' for each in expressions)})"
        save = eval(text, _IN_SAVE) if expressions else None
        return Plan(tuple(calls), save, tuple(sources))

    def _rules_for(self, needed: tuple[int, ...], count: int) -> Iterator[tuple[int, Callable[..., Any], dict[str, str]]]:
        """For each rule to call: the position of its (first) input, the rule, and the text of its known arguments."""
        if not self.differentiable:
            return
        if self.joint_rule is not None:
            yield 0, self.joint_rule, {"needed": repr(tuple(position in needed for position in range(count)))}
            return
        fixed = len(self.inputs)
        for position in needed:
            name = self.inputs[position] if position < fixed else self.variadic
            assert name is not None
            if name not in self.rules:
                raise TypeError(
                    f"op {self.name!r} has no gradient rule for its input {name!r}, which requires a gradient. "
                    f"Give one with {self.name}.vjp({name}=...), or pass this input as .detach()ed."
                )
            rule = self.rules[name]
            if rule is None:
                continue
            if position < fixed:
                yield position, rule, {}
            elif "index" in inspect.signature(rule).parameters:
                yield position, rule, {"index": str(position - fixed)}
            else:  # one call for all of them
                yield fixed, rule, {}
                return


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of an array, a NumPy scalar, a value inside ``vmap`` or a literal."""
    return () if x.__class__ in LITERALS else x.shape


def dtype_of(x: Any) -> "np.dtype[Any]":
    """The dtype of an array, a NumPy scalar, a value inside ``vmap`` or a literal."""
    return np.asarray(x).dtype if x.__class__ in LITERALS else x.dtype


_IN_SAVE = {
    "_shape": shape_of,
    "_dtype": dtype_of,
    "_shapes": lambda arrays: tuple(map(shape_of, arrays)),
    "_dtypes": lambda arrays: tuple(map(dtype_of, arrays)),
}


@dataclass(frozen=True, slots=True)
class Function:
    """A public function: an op, or a function that brings its arguments into an op's form, or a composition of ops."""

    name: str
    call: Callable[..., Any]
    numpy: Callable[..., Any] | str | None = None
    samples: Sequence[Sample] = ()
    errors: Sequence[tuple[Sample, type[Exception]]] = ()


OPS: dict[str, Op] = {}
FUNCTIONS: dict[str, Function] = {}
BY_NUMPY: dict[Callable[..., Any], Callable[..., Any]] = {}  # what answers for a NumPy function that receives a tensor
BY_SCIPY: dict[str, Callable[..., Any]] = {}  # what answers for a function of scipy.special, by its name
