"""``checkpoint``: compute a function's intermediate values again in the backward pass instead of keeping them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from autograd.modes import thread
from autograd.ops.making.random import generator, is_generator
from autograd.recomputation import Region
from autograd.transforms.arguments import flat_outputs, name_of
from autograd.transforms.trees import tree_leaves


def checkpoint(f: Callable[..., Any]) -> Callable[..., Any]:
    """The function that computes what ``f`` does and keeps less memory for its gradient.

    Gradient rules need intermediate values. Of those inside ``f`` none is kept; a backward pass runs ``f`` once more when it
    comes to them. A chain of n equal steps, each under ``checkpoint``, keeps the n values between the steps and, in the
    backward pass, what one step needs at a time; the price is one more forward pass. Values and gradients are the same, of any
    order, with respect to arguments and to tensors that ``f`` uses; the graph is, too, and can be drawn.

    Args:
        f: a function or a module. It has to do the same when it runs again. Random numbers are replayed that come from
            ``ag.random``, ``ag.generator()``, and from generators among the arguments.

    Returns:
        A function of ``f``'s arguments.

    Raises:
        GradientError: in the backward pass, when ``f`` does something else the second time.
        OverwrittenError: in the backward pass, when what a recorded op of ``f`` read was written to since; of other writes, to
            NumPy arrays among them, it notices those that change the result.

    Source: Chen, Xu, Zhang, Guestrin, "Training Deep Nets with Sublinear Memory Cost", 2016, arXiv:1604.06174.

    >>> step = lambda x: np.tanh(np.sin(x) * np.exp(x))
    >>> ag.grad(ag.checkpoint(step))(0.5) == ag.grad(step)(0.5)
    np.True_
    """

    @wraps(f, updated=())
    def checkpointed(*arguments: Any, **keywords: Any) -> Any:
        mode = thread.mode
        if not (mode.grad or any(mode.below)):
            return f(*arguments, **keywords)
        leaves = tree_leaves((arguments, keywords))
        generators = [generator(), *filter(is_generator, leaves)]
        region = Region(name_of(f), lambda: flat_outputs(f(*arguments, **keywords), "checkpoint", f)[0], generators)
        thread.mode = mode.within(region)
        try:
            result = f(*arguments, **keywords)
        finally:
            thread.mode = mode
        region.close(flat_outputs(result, "checkpoint", f)[0])
        return result

    return checkpointed
