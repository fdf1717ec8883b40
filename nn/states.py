"""Saving and loading: the arrays of a module by path, and what has to be right before any of them is written."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

import autograd as ag
from autograd import Tensor
from nn.parameter import Buffer, Parameter
from nn.paths import Composite, at_path, members_by_path


class KeyMismatch(NamedTuple):
    """What ``load_state_dict`` did not find in the state, and what it found there and has no place for."""

    missing_keys: tuple[str, ...]
    unexpected_keys: tuple[str, ...]


def saved_members(module: Composite) -> dict[str, Tensor]:
    """The parameters and persistent buffers inside ``module``, once each, by path."""
    members = members_by_path(module)
    return {path: each for path, each in members.items() if not isinstance(each, Buffer) or each.persistent}


def load_state(module: Composite, state: Any, strict: bool) -> KeyMismatch:
    """See ``Module.load_state_dict``."""
    if not isinstance(state, Mapping):
        raise TypeError(
            f"load_state_dict: expected arrays by path, received {type(state).__name__}; "
            "for a file write load_state_dict(dict(np.load('m.npz')))"
        )
    if strange := [path for path in state if not isinstance(path, str)]:
        raise TypeError(f"load_state_dict: expected paths such as 'layers.0.weight', received the key {strange[0]!r}")
    members = saved_members(module)
    keys, unexpected = _keys_of(module, members, state)
    mismatch = KeyMismatch(tuple([path for path in members if path not in keys]), unexpected)
    # Copies, made before the first write: nothing is written if one fails, and a state may hold this module's own tensors.
    values: dict[str, Any] = {}
    unfit: list[str] = []
    mistyped = False
    for path, names in keys.items():
        for name in names:
            try:
                value = state[name]
                value = value.numpy() if isinstance(value, Tensor) else np.asarray(value)
            except ValueError as error:  # of np.load, for pickled objects; of np.asarray, for ragged lists
                unfit.append(f"{name}: {error}")
                continue
            member = members[path]
            if not np.can_cast(value.dtype, member.dtype, "same_kind"):
                mistyped = True
                unfit.append(f"{name}: expected what can be cast to {member.dtype}, received {value.dtype}")
            elif value.shape != member.shape:
                unfit.append(f"{name}: expected shape {member.shape}, received {value.shape}")
            else:
                value = value.astype(member.dtype)
                if path in values and not np.array_equal(values[path], value, equal_nan=value.dtype.kind in "fc"):
                    unfit.append(f"{name}: expected the values of {names[0]}, since both are one {_kind(member)} here")
                values[path] = value
    absent = []
    if strict and mismatch.missing_keys:
        absent.append(f"missing from the state: {', '.join(mismatch.missing_keys)}")
    if strict and mismatch.unexpected_keys:
        absent.append(f"unexpected in the state: {', '.join(mismatch.unexpected_keys)}")
    if absent or unfit:
        advice = ", or pass strict=False to load what both have" if not unfit else ""
        listed = "\n  ".join(sorted(absent + unfit))
        raise (TypeError if mistyped else ValueError)(
            f"load_state_dict: the state does not fit this {type(module).__name__}; nothing was changed. Save and load with "
            f"the same model{advice}:\n  {listed}"
        )
    with ag.no_grad():
        for path, value in values.items():
            members[path][...] = value
    return mismatch


def _keys_of(
    module: Composite, members: Mapping[str, Tensor], state: Mapping[str, Any]
) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """For each member's path the keys of the state that name it, by this path or a further one; and the keys that name none."""
    paths = {id(each): path for path, each in members.items()}
    found: dict[str, list[str]] = {}
    unexpected = []
    for key in state:
        path = key if key in members else paths.get(id(at_path(module, key)))
        if path is None:
            unexpected.append(key)
        else:
            found.setdefault(path, []).append(key)
    return found, tuple(unexpected)


def _kind(member: Tensor) -> str:
    return "parameter" if isinstance(member, Parameter) else "buffer"
