"""NumPy's two dispatch protocols: ``np.NAME(tensor)`` arrives here.

NumPy hands over any of its ufuncs (NEP 13) and functions (NEP 18) that is called with a tensor. What answers is read off
the table that ``op`` and ``function`` fill. Where nothing answers, plain tensors are computed with as arrays, and
recorded ones raise: a result that silently lost its gradient would be a wrong one.
"""

import inspect
import sys
from typing import Any

import numpy as np

from autograd.assignment import setitem
from autograd.errors import ConversionError
from autograd.modes import thread
from autograd.record import BY_NUMPY, BY_SCIPY
from autograd.tensors import Tensor, as_value, wrap

# What tells about arrays, or chooses among them: there is nothing to differentiate, so a recorded tensor loses nothing.
NOTHING_TO_DIFFERENTIATE = frozenset(
    {
        np.allclose,
        np.argsort,
        np.argwhere,
        np.array2string,
        np.array_equal,
        np.array_equiv,
        np.array_repr,
        np.array_str,
        np.can_cast,
        np.common_type,
        np.flatnonzero,
        np.isclose,
        np.iscomplexobj,
        np.isrealobj,
        np.may_share_memory,
        np.min_scalar_type,
        np.ndim,
        np.result_type,
        np.searchsorted,
        np.shape,
        np.shares_memory,
        np.size,
    }
)


def array_ufunc(self: Tensor, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
    """``Tensor.__array_ufunc__``."""
    if method == "at":
        raise TypeError(
            f"np.{ufunc.__name__}.at cannot write into a tensor. Write t[indices] = value, or t[indices] += value where no "
            "index comes twice; the gradient of a read with repeated indices adds up by itself"
        )
    out = keywords.pop("out", None)
    if out is not None:
        return _into(out, ufunc, method, inputs, keywords)
    answer = BY_NUMPY.get(ufunc) or _of_scipy(ufunc)
    if method == "__call__" and answer is not None and not keywords:
        return answer(*inputs)
    name = f"np.{ufunc.__name__}" if method == "__call__" else f"np.{ufunc.__name__}.{method}"
    if keywords:
        name += f" with {', '.join(sorted(keywords))}="
    _refuse_recorded(name, (inputs, keywords))
    return _as_tensors(getattr(ufunc, method)(*_as_arrays(inputs), **_as_arrays(keywords)))


def _of_scipy(ufunc: np.ufunc) -> Any:
    """What answers for a ufunc of ``scipy.special``, which is imported if there is such a ufunc to be called."""
    answer = BY_SCIPY.get(ufunc.__name__)
    if answer is None or getattr(sys.modules.get("scipy.special"), ufunc.__name__, None) is not ufunc:
        return None
    BY_NUMPY[ufunc] = answer  # to be found at once the next time
    return answer


def array_function(self: Tensor, function: Any, types: Any, arguments: Any, keywords: Any) -> Any:
    """``Tensor.__array_function__``."""
    name = f"{function.__module__.replace('numpy', 'np', 1)}.{function.__name__}"
    answer = BY_NUMPY.get(function)
    if answer is not None:
        if keywords.get("out", 0) is None:
            keywords = {key: value for key, value in keywords.items() if key != "out"}
        try:
            return answer(*arguments, **keywords)
        except TypeError:
            if _binds(answer, arguments, keywords):
                raise
        name += f" with {', '.join(f'{key}=' for key in keywords) or 'these arguments'}"
    if function not in NOTHING_TO_DIFFERENTIATE:
        _refuse_recorded(name, (arguments, keywords))
    return _as_tensors(function(*_as_arrays(arguments), **_as_arrays(keywords)))


def _into(out: tuple[Any, ...], ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """A ufunc with ``out=``: a write, which has to reach the tensor or array that was given."""
    result = getattr(ufunc, method)(*inputs, **keywords)
    results = result if isinstance(result, tuple) else (result,)
    for target, value in zip(out, results, strict=True):
        if isinstance(target, Tensor):
            if value.shape != target.shape:
                raise ValueError(f"np.{ufunc.__name__}(out=...): expected shape {value.shape}, received {target.shape}")
            _check_fit(ufunc, value, target)
            setitem(target, ..., value)
        elif target is not None:
            _check_fit(ufunc, value, target)
            if isinstance(value, Tensor) and value.requires_grad and thread.mode.grad:
                raise ConversionError(
                    f"np.{ufunc.__name__}: writing a recorded tensor into a NumPy array (as arr += t does) would silently cut "
                    "it out of the graph. Make the target a tensor (ag.zeros_like, ag.asarray), or write a value: t.item(), "
                    "t.numpy(), t.detach()"
                )
            target[...] = value
    final = tuple([value if target is None else target for target, value in zip(out, results, strict=True)])
    return final if isinstance(result, tuple) else final[0]


def _binds(answer: Any, arguments: Any, keywords: Any) -> bool:
    """Whether a function takes these arguments at all."""
    try:
        inspect.signature(answer).bind(*arguments, **keywords)
    except TypeError:
        return False
    return True


def _check_fit(ufunc: np.ufunc, value: Any, target: Any) -> None:
    if not np.can_cast(value.dtype, target.dtype, "same_kind"):
        raise TypeError(f"np.{ufunc.__name__}(out=...): a {value.dtype} result does not fit into a {target.dtype} target")


def _refuse_recorded(name: str, arguments: Any) -> None:
    if thread.mode.grad and _any_recorded(arguments):
        raise TypeError(
            f"{name} has no gradient rule here, and an argument requires a gradient. Compose it from ops that have one, make "
            "an op of it with ag.op, or take the argument out of the graph with .detach()"
        )


def _any_recorded(x: Any) -> bool:
    if isinstance(x, Tensor):
        return x.requires_grad
    if isinstance(x, dict):
        return any(map(_any_recorded, x.values()))
    return isinstance(x, list | tuple) and any(map(_any_recorded, x))


def _as_arrays(x: Any) -> Any:
    if isinstance(x, Tensor):
        return x.numpy()
    if isinstance(x, dict):
        return {key: _as_arrays(value) for key, value in x.items()}
    if type(x) in (list, tuple):
        return type(x)(map(_as_arrays, x))
    return x


def _as_tensors(x: Any) -> Any:
    if type(x) in (list, tuple):
        return type(x)(map(_as_tensors, x))
    if isinstance(x, np.ndarray | np.generic) and x.dtype.kind in "biufc":
        return wrap(as_value(x))
    return x
