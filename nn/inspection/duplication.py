"""A copy of a model to try things on, so that the model itself stays as it is whatever its ``forward`` does."""

import copy
from typing import Any, TypeVar

from autograd import Tensor
from nn.module import Module
from nn.paths import parts, walk

_Model = TypeVar("_Model", bound=Module)


def duplicate(model: _Model) -> _Model:
    """A copy of a model, with parameters, buffers, generators and hooks of its own.

    What cannot be copied (an open file, a recorded tensor that a module has kept) is shared with the model.
    """
    memo: dict[int, Any] = {}
    # The innermost first: each copy then finds its parts already made, and no depth of nesting is too much.
    for _, value in reversed(list(walk(model))):
        for _, part in parts(value):
            if not isinstance(part, Module | list | tuple | dict | str | int | float | None):
                _copy_or_share(part, memo)
        if isinstance(value, Tensor):
            _copy_or_share(value, memo)
        else:
            copy.deepcopy(value, memo)
    return memo[id(model)]


def _copy_or_share(value: Any, memo: dict[int, Any]) -> None:
    known = len(memo)
    try:
        copy.deepcopy(value, memo)
    except Exception:  # of any class, as any class may define how it is copied
        for key in list(memo)[known:]:  # halves of copies
            del memo[key]
        memo[id(value)] = value
