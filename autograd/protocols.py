"""NumPy's two dispatch protocols: ``np.NAME(tensor)`` arrives here.

NumPy hands over any of its ufuncs (NEP 13) and functions (NEP 18) that is called with a tensor. What answers is read off
the table that ``op`` and ``function`` fill. Where nothing answers, plain tensors are computed with as arrays, and recorded ones
raise: a result that silently lost its gradient would be a wrong one. Which functions those are, and why, is in ``answers``.

Keyword arguments that our functions do not have are handled here for all of them: ``out=``, which is a write, and for
ufuncs ``where=``, ``dtype=``, ``casting=``, ``axes=`` (``ufuncs`` has the methods and what they are made of).
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from autograd import ufuncs
from autograd.answers import ABOUT_SHAPES_AND_DTYPES, MADE_LIKE_A_TENSOR, MEMORY_ONLY, NOTHING_TO_DIFFERENTIATE, ORDERS, refusal
from autograd.assignment import goes_to_memory, settle, writable
from autograd.batched import Batched, example_of, level_of, side_by_side
from autograd.errors import ConversionError
from autograd.modes import thread
from autograd.ops.arguments import as_array, shape_of_any
from autograd.ops.arrays.shaping import broadcast_to
from autograd.ops.casting import cast
from autograd.record import BY_NUMPY, BY_SCIPY
from autograd.tensors import Tensor, as_value, wrap

# ---------------------------------------------------------------- ufuncs


def array_ufunc(self: Tensor, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
    """``Tensor.__array_ufunc__``."""
    answer = BY_NUMPY.get(ufunc) or _of_scipy(ufunc)
    if answer is not None and method == "__call__" and not keywords:
        try:
            return answer(*inputs)
        except TypeError:
            if any(map(_is_foreign, inputs)):
                return NotImplemented
            raise
    return _ufunc(ufunc, method, answer, inputs, keywords)


def _ufunc(ufunc: np.ufunc, method: str, answer: Any, inputs: Sequence[Any], keywords: dict[str, Any]) -> Any:
    """A ufunc with keyword arguments, one of its methods, or one that nothing answers for."""
    name = _name_of(ufunc) if method == "__call__" else f"{_name_of(ufunc)}.{method}"
    if method == "at":
        return _at(ufunc, answer, name, *inputs)
    out = keywords.pop("out", None)
    if out is not None:
        return _ufunc_into(out, ufunc, method, answer, name, inputs, keywords)
    if ufunc in NOTHING_TO_DIFFERENTIATE or _recorded((inputs, keywords)) is None:
        return _as_tensors(getattr(ufunc, method)(*_as_arrays(inputs), **_as_arrays(keywords)))
    return _ufunc_recorded(ufunc, method, answer, name, inputs, keywords)


def _is_foreign(x: Any) -> bool:
    """Whether an operand has an answer of its own to NumPy's ufuncs."""
    kind = type(x)
    return not isinstance(x, Tensor | np.ndarray | np.generic) and getattr(kind, "__array_ufunc__", None) is not None


def _of_scipy(ufunc: np.ufunc) -> Any:
    """What answers for a ufunc of ``scipy.special``, which is imported if there is such a ufunc to be called."""
    answer = BY_SCIPY.get(ufunc.__name__)
    if answer is None or getattr(sys.modules.get("scipy.special"), ufunc.__name__, None) is not ufunc:
        return None
    BY_NUMPY[ufunc] = answer  # to be found at once the next time
    return answer


def _ufunc_recorded(ufunc: np.ufunc, method: str, answer: Any, name: str, inputs: Any, keywords: dict[str, Any]) -> Any:
    """A ufunc or one of its methods on recorded tensors, put together from ops."""
    if answer is None:
        raise TypeError(refusal(ufunc, name))
    if method == "__call__" and keywords.get("where", True) is not True:
        raise TypeError(
            f"{name}(where=...) without out= leaves the other elements uninitialized, in value and in gradient. Say what they "
            "are, as in out=ag.zeros_like(t), or choose with ag.where(mask, a, b)"
        )
    plain = getattr(ufunc, method)(*_as_examples(inputs), **_as_examples(keywords))
    kinds = {each.dtype.kind for each in (plain if isinstance(plain, tuple) else (plain,))}
    if kinds.isdisjoint("fc") and _batched((inputs, keywords)) is None:
        return _as_tensors(plain)
    apply = partial(_applied, ufunc, answer, keywords if method in ("__call__", "outer") else {})
    if method == "__call__":
        result = apply(*inputs)
    elif method == "outer":
        result = ufuncs.outer(apply, *inputs)
    elif method == "reduceat":
        result = ufuncs.reduceat(ufunc, apply, inputs[0], inputs[1], keywords, plain)
    elif method == "reduce":
        result = ufuncs.reduce(ufunc, apply, inputs[0], keywords, plain)
    else:
        result = ufuncs.accumulate(ufunc, apply, inputs[0], keywords, plain)
    if isinstance(result, tuple):
        return tuple([_in_dtype_of(value, each) for value, each in zip(result, plain, strict=True)])
    return _in_dtype_of(result, plain)


def _in_dtype_of(value: Any, plain: Any) -> Any:
    return value if value.dtype == plain.dtype else cast(value, plain.dtype)


def _applied(ufunc: np.ufunc, answer: Callable[..., Any], keywords: dict[str, Any], *inputs: Any) -> Any:
    """The ufunc with keyword arguments other than ``out=`` and ``where=``."""
    signature = keywords.get("signature", keywords.get("sig"))
    if keywords.get("dtype") is not None:
        signature = (*[None] * ufunc.nin, *[np.dtype(keywords["dtype"])] * ufunc.nout)
    if signature is not None:
        inputs = tuple(ufuncs.in_loop_dtypes(ufunc, inputs, signature, keywords.get("casting", "same_kind")))
    axes, axis, keepdims = keywords.get("axes"), keywords.get("axis"), keywords.get("keepdims", False)
    if axes is None and axis is None and not keepdims:
        return answer(*inputs)
    return ufuncs.call_along(ufunc, answer, inputs, axes, axis, keepdims)


def _at(ufunc: np.ufunc, answer: Any, name: str, target: Any, *rest: Any) -> None:
    recorded = _recorded(rest)
    if not isinstance(target, Tensor):
        if recorded is not None:
            raise ConversionError(_cut_by_a_write(name))
        ufunc.at(target, *_as_arrays(rest))
        return
    if answer is None and (recorded is not None or _recorded(target) is not None):
        raise TypeError(refusal(ufunc, name))
    ufuncs.at(ufunc, answer, target, *rest)


# ---------------------------------------------------------------- functions


def array_function(self: Tensor, function: Any, types: Any, arguments: Any, keywords: Any) -> Any:
    """``Tensor.__array_function__``."""
    return _function(function, arguments, keywords)


def _function(function: Any, arguments: Sequence[Any], keywords: dict[str, Any]) -> Any:
    """A function of NumPy's with the arguments that it was called with."""
    name = _name_of(function)
    if function in MADE_LIKE_A_TENSOR:
        return MADE_LIKE_A_TENSOR[function](*arguments, **keywords)
    answer = BY_NUMPY.get(function)
    if keywords.get("out") is not None:
        keywords = dict(keywords)
        return _into(keywords.pop("out"), function, answer, name, arguments, keywords)
    if answer is not None:
        return _answered(function, answer, name, arguments, keywords)
    if function in ABOUT_SHAPES_AND_DTYPES:
        return function(*_as_examples(arguments), **_as_examples(keywords))
    if function not in NOTHING_TO_DIFFERENTIATE and _recorded((arguments, keywords)) is not None:
        raise TypeError(refusal(function, name))
    if _batched((arguments, keywords)) is not None:
        return _one_by_one(function, arguments, keywords)
    return _as_tensors(function(*_as_arrays(arguments), **_as_arrays(keywords)))


def _answered(function: Any, answer: Callable[..., Any], name: str, arguments: Any, keywords: dict[str, Any]) -> Any:
    """What our function gives for arguments in NumPy's form."""
    if keywords.get("out", 0) is None:
        keywords = {key: value for key, value in keywords.items() if key != "out"}
    try:
        return answer(*arguments, **keywords)
    except TypeError:
        if _binds(answer, arguments, keywords):
            raise
    given = _bound(function, arguments, keywords)
    out = given.pop("out", None)
    ours = _parameters(answer)
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for place, (key, parameter) in enumerate(_parameters(function).items()):
        if key not in given:
            continue
        own = ours.get(key)
        if parameter.kind is parameter.VAR_POSITIONAL:
            positional.extend(given[key])
        elif parameter.kind is parameter.VAR_KEYWORD:
            named.update({each: value for each, value in given[key].items() if not _says_nothing(each, value)})
        elif own is not None and own.kind in (own.KEYWORD_ONLY, own.POSITIONAL_OR_KEYWORD):
            named[key] = given[key]
        elif parameter.kind is not parameter.KEYWORD_ONLY and place == len(positional) and _takes_positional(ours, place):
            positional.append(given[key])
        elif not _says_nothing(key, given[key]):
            if _recorded((arguments, keywords)) is None:
                return _as_tensors(function(*_as_arrays(arguments), **_as_arrays(keywords)))
            raise TypeError(
                f"{name} with {key}={given[key]!r} has no gradient rule, and an argument requires a gradient. Leave {key}= "
                "out, or take the tensor out of the graph with .detach()"
            )
    if out is not None:
        return _into(out, function, answer, name, positional, named)
    return answer(*positional, **named)


def _bound(function: Any, arguments: Any, keywords: dict[str, Any]) -> dict[str, Any]:
    """The arguments by NumPy's names for them, without those that are NumPy's defaults."""
    parameters = _parameters(function)
    given = inspect.Signature(list(parameters.values())).bind(*arguments, **keywords).arguments
    return {key: value for key, value in given.items() if value is not parameters[key].default and value is not np._NoValue}


def _says_nothing(key: str, value: Any) -> bool:
    """Whether an argument is about the result's memory or class alone."""
    return key in MEMORY_ONLY or (key == "order" and value in ORDERS)


def _takes_positional(parameters: dict[str, inspect.Parameter], place: int) -> bool:
    """Whether the parameter at a place may be given without its name."""
    kinds = [each.kind for each in parameters.values()]
    return place < len(kinds) and kinds[place] in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@cache
def _parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(function).parameters)


def _binds(answer: Any, arguments: Any, keywords: Any) -> bool:
    """Whether a function takes these arguments at all."""
    try:
        inspect.signature(answer).bind(*arguments, **keywords)
    except TypeError:
        return False
    return True


# ---------------------------------------------------------------- out=


def _ufunc_into(out: Any, ufunc: np.ufunc, method: str, answer: Any, name: str, inputs: Any, keywords: dict[str, Any]) -> Any:
    """A ufunc, or one of its methods, with ``out=``, a tuple with a target or ``None`` for each result."""

    def numpys(targets: tuple[Any, ...]) -> Any:
        return getattr(ufunc, method)(*_as_arrays(inputs), out=targets, **_as_arrays(keywords))

    results = _in_memory(out, name, inputs, keywords, numpys)
    if results is None:
        targets = [wrap(each) if isinstance(each, np.ndarray) else each for each in out]
        casting = keywords.get("casting", "same_kind")
        mask = keywords.pop("where", True) if method == "__call__" else True
        if mask is not True:
            if any(each is None for each in targets):
                raise TypeError(f"{name}(where=...): expected a target in out= for each of the {ufunc.nout} results")
            ufuncs.call_where(partial(_applied, ufunc, answer, keywords), inputs, mask, targets, casting, name)
            return out if len(out) > 1 else out[0]
        simple = answer is not None and method == "__call__" and not keywords
        results = answer(*inputs) if simple else _ufunc(ufunc, method, answer, inputs, keywords)
        results = results if isinstance(results, tuple) else (results,)
        for target, value in zip(targets, results, strict=True):
            if target is not None:
                _write(target, value, name, casting, stretch=method == "__call__")
    final = tuple([value if target is None else target for target, value in zip(out, results, strict=True)])
    return final if len(final) > 1 else final[0]


def _into(out: Any, function: Any, answer: Any, name: str, arguments: Sequence[Any], keywords: dict[str, Any]) -> Any:
    """A function with ``out=`` one target."""

    def numpys(targets: tuple[Any, ...]) -> Any:
        return function(*_as_arrays(arguments), out=targets[0], **_as_arrays(keywords))

    if not isinstance(out, Tensor | np.ndarray):
        raise TypeError(f"{name}(out=...): expected a tensor or an array, received {type(out).__name__}")
    if answer is None or _in_memory((out,), name, arguments, keywords, numpys) is None:
        value = _function(function, arguments, keywords)
        _write(out if isinstance(out, Tensor) else wrap(out), value, name, "same_kind", stretch=False)
    return out


def _in_memory(out: Sequence[Any], name: str, inputs: Any, keywords: Any, numpys: Callable[..., Any]) -> Any:
    """The results of a computation that NumPy writes into the targets' memory; ``None`` where the write has to be recorded."""
    recorded = _recorded((inputs, keywords))
    for target in out:
        if recorded is not None and isinstance(target, np.ndarray):
            raise ConversionError(_cut_by_a_write(name))
    if not all(goes_to_memory(each, recorded, f"{name}(out=...)") for each in out if isinstance(each, Tensor)):
        return None
    memory = tuple([writable(each) if isinstance(each, Tensor) else each for each in out])
    try:
        results = numpys(memory)
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"{name}(out=...): {error}") from None
    for target, array in zip(out, memory, strict=True):
        if isinstance(target, Tensor):
            settle(target, array, array)
    return tuple(map(_as_tensors, results if isinstance(results, tuple) else (results,)))


def _write(target: Tensor, value: Any, name: str, casting: str, stretch: bool) -> None:
    """``target[...] = value``, as ``out=`` means it; ``stretch``: where the value may be broadcast to the target."""
    if value.shape != target.shape:
        fits = stretch and np.broadcast_shapes(value.shape, target.shape) == target.shape
        if not fits:
            raise ValueError(f"{name}(out=...): expected a target of shape {value.shape}, received {shape_of_any(target)}")
        value = broadcast_to(value, target.shape)
    ufuncs.write(target, value, ..., casting, name)


def _cut_by_a_write(name: str) -> str:
    return (
        f"{name}: writing a recorded tensor into a NumPy array (as arr += t does) would silently cut it out of the graph. "
        "Make the target a tensor (ag.zeros, ag.asarray), or write a value: t.item(), t.numpy(), t.detach()"
    )


# ---------------------------------------------------------------- tensors among arguments, arrays among results


def _name_of(function: Any) -> str:
    """What messages call a function: ``np.linalg.norm``, ``scipy.special.erf``."""
    name = function.__name__
    if not isinstance(function, np.ufunc):
        return f"{function.__module__.replace('numpy', 'np', 1)}.{name}"
    for place, module in (("np", np), ("np.strings", np.strings), ("scipy.special", sys.modules.get("scipy.special"))):
        if getattr(module, name.lstrip("_"), None) is function:
            return f"{place}.{name.lstrip('_')}"
    return f"the ufunc {name}"


def _recorded(x: Any) -> Tensor | None:
    """A tensor among arguments that ops have to compute with: a recorded one while recording is on, or one in ``vmap``."""
    recording = thread.mode.grad
    for each in _tensors(x):
        if (recording and each.requires_grad) or isinstance(each._value, Batched):
            return each
    return None


def _batched(x: Any) -> Tensor | None:
    """A tensor among arguments that stands for several examples, inside ``vmap``."""
    return next((each for each in _tensors(x) if isinstance(each._value, Batched)), None)


def _tensors(x: Any) -> Iterator[Tensor]:
    if isinstance(x, Tensor):
        yield x
    elif isinstance(x, dict | list | tuple):
        for each in x.values() if isinstance(x, dict) else x:
            yield from _tensors(each)


def _replaced(x: Any, new: Callable[[Tensor], Any]) -> Any:
    """Arguments with something else in place of each tensor."""
    if isinstance(x, Tensor):
        return new(x)
    if isinstance(x, dict):
        return {key: _replaced(value, new) for key, value in x.items()}
    if type(x) in (list, tuple):
        return type(x)([_replaced(each, new) for each in x])
    return x


def _as_arrays(x: Any) -> Any:
    return _replaced(x, Tensor.numpy)


def _as_examples(x: Any) -> Any:
    """As arrays; inside ``vmap`` those of the first example, of which shapes and dtypes are asked only."""
    return _replaced(x, lambda t: example_of(t) if isinstance(t._value, Batched) else t.numpy())


def _one_by_one(function: Any, arguments: Any, keywords: dict[str, Any]) -> Any:
    """What NumPy gives for each example of a ``vmap``, side by side; there is nothing to differentiate in it."""
    mode = thread.mode
    level, depth = level_of([each._value for each in _tensors((arguments, keywords))], mode)

    def of_example(i: int) -> Any:
        def example(t: Tensor) -> Any:
            value = t._value
            if value.__class__ is not Batched or value._level is not level:
                return t
            return value._array[i] if value._mapped else value._array

        return function(*_replaced(arguments, example), **_replaced(keywords, example))

    thread.mode = mode.lowered(depth)
    try:
        if level.size:
            results: Any = side_by_side(_name_of(function), [as_array(of_example(i)) for i in range(level.size)])
        else:
            plain = as_array(function(*_as_examples(arguments), **_as_examples(keywords)))
            results = np.zeros((0, *plain.shape), plain.dtype)
    finally:
        thread.mode = mode
    return wrap(Batched(level, results._value if isinstance(results, Tensor) else results, True))


def _as_tensors(x: Any) -> Any:
    if isinstance(x, list | tuple):
        parts = list(map(_as_tensors, x))
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    if isinstance(x, np.ndarray | np.generic) and x.dtype.kind in "biufc":
        return wrap(as_value(x))
    return x
