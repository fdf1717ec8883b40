"""The gate: it makes every op's callable, and nothing else in the library creates a node.

Read ``record_node``, then ``_general``, which does in plain words what happens when an op is called:

1. take the arrays out of the tensors (``operand`` accepts the rest: numbers stay literals, lists become arrays);
2. run the forward function on them;
3. where recording is on and an input requires a gradient, make a node.

``_unary`` and ``_binary`` do the same for the most frequent shapes of call with nothing left to loop over, because here
every tenth of a microsecond counts. ``op`` is the decorator; users make their own ops with it too.
"""

import inspect
import sys
from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import Any, Protocol, cast

import numpy as np

from autograd.batch_rules import aligned
from autograd.batched import Batched, is_tensor, level_of, lifted, run
from autograd.errors import ConversionError
from autograd.modes import Mode, thread
from autograd.node import Leaf, Node, next_tick, notes_of
from autograd.record import BY_NUMPY, BY_SCIPY, FUNCTIONS, LITERALS, OPS, Function, Op, Plan, shape_of
from autograd.samples import Sample
from autograd.tensors import Tensor, as_value, leaf_of, wrap
from autograd.views import bind

_REALS = frozenset({float, int, bool})
_NUMBERS = _REALS | {complex}
_new = object.__new__


class OpFunction(Protocol):
    """An op's callable: calls pass the gate; ``vjp`` and ``joint_vjp`` give its gradient rules, ``batch`` its batching rule;
    ``op`` is its record.

    An op of two inputs also has ``operator``: the same callable, which gives ``NotImplemented`` for an operand of a foreign
    kind, so that Python asks the other side.
    """

    op: Op
    operator: Callable[[Any, Any], Any]
    vjp: Callable[..., None]
    joint_vjp: Callable[..., Any]
    __name__: str
    __doc__: str | None
    __signature__: inspect.Signature

    batch: Callable[..., None]

    def __call__(self, *inputs: Any, **statics: Any) -> Any: ...


def op(
    forward: Callable[..., Any] | None = None,
    /,
    *,
    name: str | None = None,
    numpy: Callable[..., Any] | str | None = None,
    public: bool = True,
    samples: Sequence[Sample] = (),
    errors: Sequence[tuple[Sample, type[Exception]]] = (),
    **properties: Any,
) -> Any:
    """Make an op of a forward function written in NumPy.

    Positional parameters of the function are its inputs (``*name`` for any number of them), keyword-only ones its
    statics, which must be hashable. Gradient rules are given right below, one per input, by ``vjp``; the names of a rule's
    parameters say what it needs (see ``autograd.record``).

    Args:
        name: the op's name; by default the function's, without leading underscores.
        numpy: the NumPy function that it answers for when it receives tensors, or the name of one in ``scipy.special``.
        public: whether the op is a public function itself; ``False`` where a public function brings arguments into its form.
        samples: recipes for its inputs, from ``autograd.samples``; tests, gradient checks and benchmarks use them.
        errors: calls that it must refuse: pairs of a recipe and the exception's class.
        **properties: ``elementwise``, ``linear``, ``view``, ``random``, ``multiple``, ``dynamic_shape``,
            ``differentiable``: see ``autograd.record.Op``.

    Raises:
        TypeError: when a rule asks for something that the op does not have.

    >>> import autograd as ag
    >>> import numpy as np
    >>> @ag.op(elementwise=True)
    ... def softplus(x):
    ...     return np.logaddexp(x, 0)
    >>> softplus.vjp(x=lambda g, x: g / (1 + np.exp(-x)))
    >>> x = ag.tensor(0.0, requires_grad=True)
    >>> softplus(x).backward()
    >>> x.grad
    Tensor(0.5, dtype=float64)
    """
    if forward is None:
        return lambda function: op(
            function, name=name, numpy=numpy, public=public, samples=samples, errors=errors, **properties
        )
    name = name or forward.__name__.lstrip("_")
    library = str(forward.__module__).startswith(("autograd.ops.", "nn."))
    record = Op(name, forward, numpy=numpy, samples=samples, errors=errors, library=library, **properties)
    if not library:
        record.forward = _checked(record)
    if record.elementwise:
        record.batch(aligned)
    if record.variadic or record.multiple or len(record.inputs) > 2 or (len(record.inputs) == 2 and record.statics):
        call = _general(record)
    else:
        call = _unary(record) if len(record.inputs) == 1 else _binary(record, _number_or_array)
    if record.view:
        call = _binding(record, call)
    function = record.call = cast(OpFunction, update_wrapper(call, forward))
    function.__signature__ = record.signature
    if len(record.inputs) == 2 and not (record.variadic or record.statics):
        function.operator = _binary(record, _operand_or_not_implemented)
    function.op, function.vjp, function.joint_vjp, function.batch = record, record.vjp, record.joint_vjp, record.batch
    answer_for(numpy, function)
    if library:  # a user's op is the user's own: it enters no table of the library
        if record.name in OPS:
            raise TypeError(f"op {record.name!r}: there is an op of this name already; choose another")
        OPS[record.name] = record
        if public:
            FUNCTIONS[record.name] = Function(record.name, function, numpy, samples, errors)
    return function


def _checked(record: Op) -> Callable[..., Any]:
    """A user's forward function, which has to return an array (several outputs: a tuple of them)."""
    forward = record.forward

    def checked(*values: Any, **statics: Any) -> Any:
        out = forward(*values, **statics)
        if record.multiple and isinstance(out, tuple):
            return tuple([_array(each) for each in out])
        return _array(out)

    def _array(out: Any) -> Any:
        if type(out) in _NUMBERS:
            return np.asarray(out)[()]
        if not isinstance(out, np.ndarray | np.generic):
            expected = "a tuple of arrays" if record.multiple else "an array"
            raise TypeError(f"the forward function has to return {expected}, and returned {type(out).__name__}")
        return out

    return checked


def function(
    numpy: Callable[..., Any] | str | None = None,
    *,
    name: str | None = None,
    samples: Sequence[Sample] = (),
    errors: Sequence[tuple[Sample, type[Exception]]] = (),
) -> Callable[[Any], Any]:
    """Register a public function that is made of ops: the NumPy function it answers for, and recipes for its arguments.

    ``name`` is where it stands in the namespace, as in ``linalg.trace``; by default the function's own.
    """

    def register(call: Any) -> Any:
        registered = name or call.__name__
        if registered in FUNCTIONS:
            raise TypeError(f"function {registered!r}: there is one of this name already; choose another")
        FUNCTIONS[registered] = Function(registered, call, numpy, samples, errors)
        answer_for(numpy, call)
        return call

    return register


def answer_for(numpy: Callable[..., Any] | str | None, call: Callable[..., Any]) -> None:
    """Have ``call`` answer for a NumPy function (by its name: for one of ``scipy.special``) that receives a tensor."""
    if isinstance(numpy, str):
        BY_SCIPY[numpy] = call
    elif numpy is not None:
        BY_NUMPY[numpy] = call


# ---------------------------------------------------------------- the three shapes of an op's callable


def _general(record: Op) -> Callable[..., Any]:
    forward, defaults, fixed, variadic = record.forward, record.defaults, len(record.inputs), record.variadic is not None

    def call(*inputs: Any, **statics: Any) -> Any:
        if len(inputs) != fixed and (len(inputs) < fixed or not variadic):
            raise TypeError(f"{record.name}: expected {fixed} inputs, received {len(inputs)}")
        if defaults:
            statics = defaults | statics
        for each in inputs:
            if isinstance(each, Tensor):
                break
        else:
            return _plain(record, inputs, statics)
        values: list[Any] = []
        edges: list[Any] = []  # nodes, where an input has one; else None
        needed: list[int] = []
        batched = False
        for each in inputs:
            node = None
            if isinstance(each, Tensor):
                value, node = each._value, each._node
                if node is not None:
                    needed.append(len(values))
                if value.__class__ is Batched:
                    batched = True
            else:
                value = each if each is None else operand(each, record)
            values.append(value)
            edges.append(node)
        if batched:
            return _at_a_level(record, inputs, values, statics)
        try:
            out = forward(*values, **statics)
        except Exception as error:
            raise explained(error, record, values, statics)
        if needed:
            mode = thread.mode
            plan = record.plan(tuple(needed), len(values)) if mode.grad else None
            if plan is not None:
                if len(needed) < len(values):
                    for i, node in enumerate(edges):
                        if node is None:
                            edges[i] = edge(inputs[i], values[i])
                return record_node(record, plan, tuple(edges), values, statics, out, mode)
        return tuple([wrap(each) for each in out]) if record.multiple else wrap(out)

    return call


def _unary(record: Op) -> Callable[..., Any]:
    forward, defaults = record.forward, record.defaults

    def call(x: Any, /, **statics: Any) -> Any:
        if not isinstance(x, Tensor):
            return _plain(record, (x,), statics)
        if defaults:
            statics = defaults | statics
        value = x._value
        if value.__class__ is Batched:
            return _at_a_level(record, (x,), (value,), statics)
        try:
            out = forward(value, **statics)
        except Exception as error:
            raise explained(error, record, (value,), statics)
        source = x._node
        if source is None:
            return wrap(out)
        mode = thread.mode
        if not mode.grad:
            return wrap(out)
        plan = plans.get(_FIRST, unmade)
        if plan is unmade:
            plan = record.plan(_FIRST, 1)
        if plan is None:
            return wrap(out)
        if not mode.fast:
            return record_node(record, plan, (source,), (value,), statics, out, mode)
        node = _new(Node)
        node.op = record
        node.plan = plan
        node.inputs = (source,)
        node.statics = statics
        node.saved = () if plan.save is None else plan.save(out, statics, value)
        node.shape = out.shape
        node.dtype = out.dtype
        node.tick = next_tick()
        node.scope = mode.scope
        node.notes = None
        tensor = _new(Tensor)
        tensor._value = out
        tensor._node = node
        tensor._grad = tensor._constant = tensor._bond = None
        return tensor

    plans, unmade = record.plans, cast(Plan, ...)
    return call


def _binary(record: Op, accept: Callable[[Any, Op], Any]) -> Callable[..., Any]:
    forward = record.forward

    def call(x1: Any, x2: Any, /) -> Any:
        source1 = source2 = None
        if isinstance(x1, Tensor):
            value1, source1 = x1._value, x1._node
            if isinstance(x2, Tensor):
                value2, source2 = x2._value, x2._node
            else:
                value2 = x2 if x2.__class__ in _NUMBERS else accept(x2, record)
                if value2 is NotImplemented:
                    return value2
        elif isinstance(x2, Tensor):
            value2, source2 = x2._value, x2._node
            kind = x1.__class__
            if kind in _REALS:
                value1 = x1
            elif kind is complex:  # times np.float64, which is a float, it would give a number of Python's
                value1 = np.complex128(x1) if value2.__class__ is np.float64 else x1
            else:
                value1 = accept(x1, record)
                if value1 is NotImplemented:
                    return value1
        else:
            return _plain(record, (x1, x2), {})
        if value1.__class__ is Batched or value2.__class__ is Batched:
            return _at_a_level(record, (x1, x2), (value1, value2), {})
        try:
            out = forward(value1, value2)
        except Exception as error:
            raise explained(error, record, (value1, value2), {})
        if source1 is None:
            if source2 is None:
                return wrap(out)
            key = _SECOND
        else:
            key = _FIRST if source2 is None else _BOTH
        mode = thread.mode
        if not mode.grad:
            return wrap(out)
        plan = plans.get(key, unmade)
        if plan is unmade:
            plan = record.plan(key, 2)
        if plan is None:
            return wrap(out)
        inputs = (
            edge(x1, value1) if source1 is None else source1,
            edge(x2, value2) if source2 is None else source2,
        )
        if not mode.fast:
            return record_node(record, plan, inputs, (value1, value2), {}, out, mode)
        node = _new(Node)
        node.op = record
        node.plan = plan
        node.inputs = inputs
        node.statics = _NO_STATICS
        node.saved = () if plan.save is None else plan.save(out, _NO_STATICS, value1, value2)
        node.shape = out.shape
        node.dtype = out.dtype
        node.tick = next_tick()
        node.scope = mode.scope
        node.notes = None
        tensor = _new(Tensor)
        tensor._value = out
        tensor._node = node
        tensor._grad = tensor._constant = tensor._bond = None
        return tensor

    plans, unmade = record.plans, cast(Plan, ...)
    return call


def _at_a_level(record: Op, inputs: Sequence[Any], values: Sequence[Any], statics: dict[str, Any]) -> Any:
    """An op inside ``vmap``: at the innermost level among its inputs, as Note [levels] in ``batched`` says."""
    mode = thread.mode
    level, depth = level_of(values, mode)
    own: list[Any] = []
    edges: list[Any] = []
    needed: list[int] = []
    for i, (each, value) in enumerate(zip(inputs, values, strict=True)):
        here = value.__class__ is Batched and value._level is level
        if not here and isinstance(each, Tensor) and (each._node is not None or value.__class__ is Batched):
            value = lifted(each, level)
            each = value
        own.append(value)
        edges.append(Leaf(value.shape, value.dtype) if each.__class__ is Batched else edge(each, value))
        if here and each._node is not None:
            needed.append(i)
    try:
        out = run(record, level, depth, own, statics, mode)
    except Exception as error:
        raise explained(error, record, own, statics)
    if needed and mode.records_at(depth):
        plan = record.plan(tuple(needed), len(inputs))
        if plan is not None:
            return record_node(record, plan, tuple(edges), own, statics, out, mode)
    if not any([is_tensor(each) for each in inputs]):
        return out  # raw values in, raw values out
    return tuple([wrap(each) for each in out]) if record.multiple else wrap(out)


def _binding(record: Op, call: Callable[..., Any]) -> Callable[..., Any]:
    """A view op's callable: what it makes of a tensor is bound to it (see ``views``)."""

    def bound(x: Any, /, *rest: Any, **statics: Any) -> Any:
        made = call(x, *rest, **statics)
        if is_tensor(x):
            bind(made, x, record, rest, statics)
        return made

    return bound


_FIRST: tuple[int, ...] = (0,)
_SECOND: tuple[int, ...] = (1,)
_BOTH: tuple[int, ...] = (0, 1)
_NO_STATICS: dict[str, Any] = {}


def _plain(record: Op, inputs: Sequence[Any], statics: dict[str, Any]) -> Any:
    """An op called without a tensor: plain NumPy in, plain NumPy out."""
    values: Sequence[Any] = inputs
    for each in inputs:
        if each.__class__ is not np.ndarray or each.dtype.kind not in "biufc":
            values = [operand(each, record) for each in inputs]
            if all([each.__class__ in LITERALS for each in values]):  # not weak, as there is no array to yield to
                values = [each if each is None else np.asarray(each)[()] for each in values]
            break
    try:
        return record.forward(*values, **statics)
    except Exception as error:
        raise explained(error, record, values, statics)


# ---------------------------------------------------------------- what goes in, what is recorded


def operand(x: Any, record: Op) -> Any:
    """What is no tensor, as a forward function takes it: a literal, a NumPy scalar or an array."""
    kind = x.__class__
    if kind in LITERALS or ((kind is np.ndarray or isinstance(x, np.generic)) and x.dtype.kind in "biufc"):
        return x
    try:
        return as_value(x)
    except TypeError as error:
        raise type(error)(f"{record.name}: {error}; received {type(x).__name__}") from None


def _number_or_array(x: Any, record: Op) -> Any:
    """What is no tensor, as an op of two inputs takes it: neither may be left out."""
    if x is None:
        raise TypeError(f"{record.name}: expected numbers, an array or a tensor, received NoneType")
    return operand(x, record)


def _operand_or_not_implemented(x: Any, record: Op) -> Any:
    """What is no tensor, as an operator takes it: see ``OpFunction.operator``."""
    kind = type(x)
    if x is None or isinstance(x, str | bytes) or getattr(kind, "__array_ufunc__", kind) is None:
        return NotImplemented
    try:
        return operand(x, record)
    except ConversionError:
        raise
    except TypeError:
        return NotImplemented


def edge(x: Any, value: Any) -> Any:
    """What a node keeps of an input: its node, a fresh leaf for a plain array, a literal itself."""
    if isinstance(x, Tensor):
        return leaf_of(x)
    if value.__class__ in LITERALS:
        return value
    return Leaf(value.shape, value.dtype)


def record_node(
    record: Op, plan: Plan, inputs: tuple[Any, ...], values: Sequence[Any], statics: dict[str, Any], out: Any, mode: Mode
) -> Any:
    """Make the node of an op that ran, and the tensor (for several outputs: the tensors) on it."""
    node = _new(Node)
    node.op = record
    node.plan = plan
    node.inputs = inputs
    node.statics = statics
    node.saved = () if plan.save is None else plan.save(out, statics, *values)
    if record.multiple:
        node.shape = tuple([each.shape for each in out])
        node.dtype = tuple([each.dtype for each in out])
    else:
        node.shape = out.shape
        node.dtype = out.dtype
    node.tick = next_tick()
    node.scope = mode.scope
    node.notes = None
    if mode.region is not None:
        node.saved = mode.region.kept(node, node.saved, inputs, values)
    if mode.keep_values:
        notes = notes_of(node)
        notes.value = out
        notes.source = users_line()
        for source, value in zip(inputs, values, strict=True):
            if isinstance(source, Leaf):
                notes_of(source).value = value
    if record.multiple:
        return tuple([output(node, index, each) for index, each in enumerate(out)])
    return wrap(out, node)


@op(name="output", public=False)
def _output(x: Any, *, place: int) -> Any:
    return x[place]


OUTPUT: Op = _output.op
_OUTPUT_PLAN = Plan((), None, ())  # the walk itself puts the cotangent in its place


def output(parent: Node, index: int, value: Any) -> Tensor:
    """The tensor of one output of an op that has several."""
    if value.dtype.kind not in "fc":
        return wrap(value)
    node = _new(Node)
    node.op = OUTPUT
    node.plan = _OUTPUT_PLAN
    node.inputs = (parent,)
    node.statics = {"place": index}
    node.saved = ()
    node.shape = value.shape
    node.dtype = value.dtype
    node.tick = next_tick()
    node.scope = parent.scope
    node.notes = None
    if parent.notes is not None:
        notes_of(node).value = value
        notes_of(node).source = parent.notes.source
    return wrap(value, node)


# ---------------------------------------------------------------- where things went wrong

_NOT_THE_USERS = frozenset({"autograd", "nn", "numpy"})


def users_line() -> tuple[str, int]:
    """File and line of the innermost frame that is neither this library's nor NumPy's."""
    frame = sys._getframe(1)
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).partition(".")[0] in _NOT_THE_USERS:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def explained(error: Exception, record: Op, values: Sequence[Any], statics: dict[str, Any]) -> Exception:
    """The error that NumPy raised in a forward function, with the op's name and what it received."""
    if not isinstance(error, TypeError | ValueError | IndexError):
        return error
    said = _said(error, record, values, statics)
    if said is not error:  # what NumPy said is said again; where it went wrong in a user's forward function is not
        said.__cause__ = None if record.library else error
    return said


def _said(error: Exception, record: Op, values: Sequence[Any], statics: dict[str, Any]) -> Exception:
    received = ", ".join(_described(record.input_name(i), each) for i, each in enumerate(values))
    scope = thread.mode.scope
    where = f" (in module {scope})" if scope else ""
    if record.elementwise:
        shapes = [shape_of(each) for each in values if each is not None]
        try:
            np.broadcast_shapes(*shapes)
        except ValueError:
            listed = " and ".join(map(str, shapes))
            return ValueError(
                f"{record.name}: shapes {listed} do not broadcast{where}. From the last axis backwards, two lengths must be "
                "equal or one of them 1; reshape one input, or give it an axis with ag.expand_dims"
            )
    message = f"{record.name}({received}{''.join(f', {k}={v!r}' for k, v in statics.items())}): {error}{where}"
    if type(error) in (TypeError, ValueError, IndexError):
        return type(error)(message)
    error.add_note(message)
    return error


def _described(name: str, value: Any) -> str:
    if value.__class__ in LITERALS:
        return f"{name}={value!r}"
    return f"{name}: {value.dtype} {value.shape}"
