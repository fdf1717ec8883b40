"""``custom_vjp``: a function with a gradient rule of the user's for the function as a whole.

The call is recorded as one op, whose inputs are the arrays among the arguments. The op's outputs are those of the function and,
behind them, the residuals: what the forward function keeps for the rule.
"""

import inspect
from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import Any

import numpy as np

from autograd.batched import Batched, as_tensor, is_recorded, is_tensor
from autograd.errors import BatchingError, GradientError
from autograd.gate import op
from autograd.modes import recording, thread
from autograd.ops.casting import conjugated
from autograd.ops.making.random import generator, is_generator
from autograd.recomputation import States, replayed, states_of
from autograd.tensors import Tensor, wrap
from autograd.transforms.arguments import flat_outputs, name_of
from autograd.transforms.batching import vmap
from autograd.transforms.trees import TreeDef, tree_flatten

Flat = Sequence[Any]


class custom_vjp:
    """Give a function a gradient rule of its own, for the function as a whole.

    ``defvjp(forward, backward)`` gives the rule. ``forward`` takes the function's arguments and returns ``(output,
    residuals)``, where residuals are what ``backward`` needs: any tree. ``backward(residuals, g)`` takes them and the
    cotangent of the output, a tree like it, and returns a tuple with an entry for each argument: a tree like the argument, or
    ``None`` for zero. Both are written in NumPy and ``autograd`` functions, and are differentiated themselves for higher
    orders; they work inside ``vmap``. Pullbacks use any rule as it is; ``jvp``, ``linearize`` and Jacobians by columns
    transpose it, which is right for one that is linear in g, as a derivative is.

    Args:
        f: takes trees of arrays and of anything else, and returns a tree of arrays. What is to have a gradient has to be an
            argument: a tensor that ``f`` uses otherwise is an error if it requires one.

    Returns:
        A function of ``f``'s arguments. ``f`` itself is called where no gradient is asked for.

    Raises:
        GradientError: for a call before ``defvjp``, and for a result that depends on a recorded tensor that is no argument.
        ValueError: when ``backward`` returns other structures or shapes than those of the arguments.

    Source: named as JAX's ``jax.custom_vjp``.

    >>> @ag.custom_vjp
    ... def clip_gradient(x, limit):
    ...     return x
    >>> clip_gradient.defvjp(
    ...     lambda x, limit: (x, limit),
    ...     lambda limit, g: (np.clip(g, -limit, limit), None),
    ... )
    >>> ag.grad(lambda x: 100 * clip_gradient(x, 1.0) + x)(3.0)
    np.float64(2.0)
    """

    def __init__(self, f: Callable[..., Any]) -> None:
        self._f = f
        self._forward: Callable[..., Any] | None = None
        self._backward: Callable[..., Any] | None = None
        update_wrapper(self, f)
        self._has_defaults = inspect.isfunction(f) and bool(f.__defaults__)

    def defvjp(self, forward: Callable[..., Any], backward: Callable[..., Any]) -> None:
        """Give the rule: see the class."""
        self._forward, self._backward = forward, backward

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """The function's result, recorded as one op where gradients are asked for."""
        if keywords or self._has_defaults:
            arguments = self._by_position(arguments, keywords)
        if self._forward is None or self._backward is None:
            name = name_of(self._f)
            raise GradientError(f"custom_vjp({name}): called without a rule; give it with {name}.defvjp(forward, backward)")
        leaves, structure = tree_flatten(arguments)
        places = [i for i, leaf in enumerate(leaves) if isinstance(leaf, Tensor | np.ndarray | np.generic)]
        if not any([_is_traced(leaves[i]) for i in places]):
            return self._f(*arguments)
        call = _Call(self._f, self._forward, self._backward, leaves, structure, places)
        call.generators = states_of([generator(), *filter(is_generator, leaves)])
        made = _custom(*[leaves[i] for i in places], call=call)
        return call.output(list(made[: call.count]))

    def _by_position(self, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Any, ...]:
        """All arguments in the order of the function's parameters, as the rule takes them."""
        bound = inspect.signature(self._f).bind(*arguments, **keywords)
        bound.apply_defaults()
        if by_name := sorted(keywords.keys() & bound.kwargs.keys()):
            raise TypeError(
                f"custom_vjp({name_of(self._f)}): expected parameters that may be given by position, as the rule takes them; "
                f"received {by_name} by name alone"
            )
        return bound.args


def _is_traced(x: Any) -> bool:
    return isinstance(x, Tensor) and ((x.requires_grad and thread.mode.grad) or isinstance(x._value, Batched))


class _Call:
    """One call: forward and backward as functions of flat lists of tensors.

    ``count``: how many outputs there are before the residuals; known, like the structures, once the forward function has run.
    ``generators``: the states of random generators before it ran, to run it again alike.
    """

    def __init__(
        self,
        f: Any,
        forward: Callable[..., Any],
        backward: Callable[..., Any],
        leaves: Flat,
        structure: TreeDef,
        places: Sequence[int],
    ) -> None:
        self.name = name_of(f)
        self.count = 0
        self.generators: States = []
        self._forward, self._backward = forward, backward
        self._leaves, self._structure, self._places = list(leaves), structure, places
        for i in places:
            self._leaves[i] = None  # arrays come in anew at each run
        self._output: TreeDef | None = None
        self._residuals: TreeDef | None = None
        self._fixed: list[Any] = []  # the residuals that are no arrays, and None in the places of those that are

    def output(self, outputs: Flat) -> Any:
        """The function's result in its own structure."""
        assert self._output is not None
        return self._output.unflatten(outputs)

    def forward(self, *arrays: Any) -> tuple[Tensor, ...]:
        """Outputs and residuals."""
        leaves = list(self._leaves)
        for i, array in zip(self._places, arrays, strict=True):
            leaves[i] = array
        result = self._forward(*self._structure.unflatten(leaves))
        if not (isinstance(result, tuple) and len(result) == 2):
            raise TypeError(
                f"custom_vjp({self.name}): expected forward to return a pair (output, residuals), received "
                f"{type(result).__name__}"
            )
        outputs, self._output = flat_outputs(result[0], "custom_vjp", self._forward)
        residuals, self._residuals = tree_flatten(result[1])
        self._fixed = [None if isinstance(each, Tensor | np.ndarray | np.generic) else each for each in residuals]
        kept = [each for each in residuals if isinstance(each, Tensor | np.ndarray | np.generic)]
        self.count = len(outputs)
        return (*outputs, *[each if isinstance(each, Tensor) else wrap(each) for each in kept])

    def backward(self, residuals: Flat, cotangents: Flat) -> list[Any]:
        """The cotangent of each array among the arguments; ``None`` for zero."""
        assert self._residuals is not None
        rest = iter(residuals)
        filled = [next(rest) if each is None else each for each in self._fixed]
        found = self._backward(self._residuals.unflatten(filled), self.output(cotangents))
        arguments = self._structure.unflatten(range(self._structure.size))
        if not isinstance(found, tuple) or len(found) != len(arguments):
            received = f"a tuple of {len(found)}" if isinstance(found, tuple) else type(found).__name__
            raise ValueError(
                f"custom_vjp({self.name}): expected backward to return a tuple with a cotangent for each of {len(arguments)} "
                f"arguments, received {received}; None stands for zero"
            )
        flat: list[Any] = [None] * self._structure.size
        for i, (places, each) in enumerate(zip(arguments, found, strict=True)):
            if each is not None:
                leaves, structure = tree_flatten(places)
                what = f"custom_vjp({self.name}): the cotangent of argument {i}"
                for place, leaf in zip(leaves, structure.flatten_like(each, what), strict=True):
                    flat[place] = leaf
        return [flat[i] for i in self._places]


class _Examples:
    """A call for all examples of a ``vmap``: what ``_Call`` is for one."""

    def __init__(self, call: Any, mapped: Sequence[bool]) -> None:
        self._call = call
        self._axes = tuple([0 if each else None for each in mapped])
        self.name = call.name
        self.generators = call.generators

    @property
    def count(self) -> int:
        return int(self._call.count)

    def forward(self, *arrays: Any) -> tuple[Tensor, ...]:
        return tuple(vmap(self._call.forward, self._axes)(*map(as_tensor, arrays)))

    def backward(self, residuals: Flat, cotangents: Flat) -> list[Any]:
        given: list[bool] = []

        def of_one(residuals: Flat, cotangents: Flat) -> Any:
            found = self._call.backward(residuals, cotangents)
            given[:] = [each is not None for each in found]
            return [each for each in found if each is not None]

        rest = iter(vmap(of_one)(list(residuals), list(cotangents)))
        found = [next(rest) if each else None for each in given]
        # what all examples share has the sum of their cotangents
        return [
            np.sum(each, axis=0) if each is not None and axis is None else each
            for each, axis in zip(found, self._axes, strict=True)
        ]


@op(name="custom_vjp", multiple=True, public=False)
def _custom(*arrays: Any, call: Any) -> Any:
    results = call.forward(*map(as_tensor, arrays))
    for each in results:
        if each.requires_grad:
            raise GradientError(
                f"custom_vjp({call.name}): its result depends on a recorded tensor that is no argument, and would be cut off "
                "from it; pass the tensor as an argument"
            )
        if isinstance(each._value, Batched):
            raise BatchingError(
                f"custom_vjp({call.name}): its result depends on a value that differs between examples of a vmap and is no "
                "argument; pass it as an argument"
            )
    return tuple([np.asarray(each._value) if isinstance(each._value, np.ndarray) else each._value for each in results])


def _custom_rule(g: Any, arrays: Any, out: Any, call: Any) -> list[Any]:
    cotangents = [
        np.zeros(y.shape, y.dtype)[()] if v is None else conjugated(v)
        for y, v in zip(out[: call.count], g[: call.count], strict=True)
    ]
    if any(map(is_recorded, arrays)):  # the residuals' own derivatives count, too
        with recording(), replayed(call.generators):
            residuals = call.forward(*map(as_tensor, arrays))[call.count :]
    else:
        residuals = out[call.count :]
    found = call.backward(list(map(as_tensor, residuals)), list(map(as_tensor, cotangents)))
    recorded = any([is_tensor(each) and each.requires_grad for each in found])
    results = []
    for array, each in zip(arrays, found, strict=True):
        if each is None or array.dtype.kind not in "fc":
            results.append(np.zeros(array.shape, array.dtype)[()])
            continue
        if not recorded and isinstance(each, Tensor):
            each = each._value
        results.append(conjugated(each))
    return results


_custom.vjp(arrays=_custom_rule)
_custom.batch(lambda record, arrays, mapped, statics, level: record.call(*arrays, call=_Examples(statics["call"], mapped)))
