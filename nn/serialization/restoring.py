"""Putting objects into the states that a file holds: all of them, or none."""

from dataclasses import dataclass
from typing import Any

from nn.optim import LRScheduler
from nn.serialization.encoding import Path, Saved, without_objects
from nn.serialization.stateful import KINDS, kind_of, restore, snapshot_of


@dataclass(frozen=True)
class Pair:
    """An object, the state that it is to get, and where it stands in ``into``."""

    target: Any
    state: Any
    place: str


def restored(tree: Any, into: Any, strict: bool, receiver: str) -> Any:
    """``into``, whose objects are in the states of ``tree``, with the plain data of ``tree`` in their places.

    Raises:
        ValueError: where the two do not fit together, before anything is changed; and where a state does not fit its object,
            after all objects are what they were.
        TypeError: for ``into`` that holds plain data, and as before.
    """
    pairs: list[Pair] = []
    try:
        result = _paired(tree, into, (), pairs)
    except (ValueError, TypeError) as error:
        raise type(error)(f"{receiver}: {error}") from None
    # A schedule writes learning rates into its optimizer, which may have had others since: so the optimizer comes later.
    pairs.sort(key=lambda pair: not isinstance(pair.target, LRScheduler))
    before = [(pair, snapshot_of(pair.target)) for pair in pairs]
    touched = 0
    try:
        for pair in pairs:
            touched += 1
            restore(pair.target, pair.state, strict)
    except BaseException as error:  # Ctrl-C too
        outcome = "all objects are as they were"
        for each, state in before[:touched]:
            try:
                restore(each.target, state)
            except Exception as second:  # the others are still put back
                outcome = f"{each.place} could not be put back into its state before ({second})"
                error.add_note(outcome)
        if type(error) in (ValueError, TypeError):
            raise type(error)(
                f"{receiver}: the state does not fit the {type(pair.target).__name__} in {pair.place}; {outcome}. {error}"
            ) from error
        raise
    return result


def _paired(tree: Any, target: Any, path: Path, pairs: list[Pair]) -> Any:
    """Find the state of each object in ``target``."""
    place = "into" + "".join([f"[{key!r}]" for key in path])
    holds = "the file holds" if not path else "there the file holds"
    kind = kind_of(target)
    if kind is not None:
        if any(pair.target is target for pair in pairs):
            raise ValueError(f"expected each object once, received that at {place} a second time")
        if isinstance(tree, Saved):
            fits, state = tree.kind == kind, tree.state
        else:  # a file of named arrays, or what state_dict() gave
            fits, state = not _holds_states(tree), tree
        if not fits:
            advice = f"; pass the objects in a {type(tree).__name__}, too" if isinstance(tree, dict | list | tuple) else ""
            raise ValueError(f"expected the state of {KINDS[kind]} for {place}; {holds} {_described(tree)}{advice}")
        pairs.append(Pair(target, without_objects(state), place))
        return target
    if isinstance(target, dict):
        if not isinstance(tree, dict):
            advice = "; pass the object itself, without a dict around it" if isinstance(tree, Saved) else ""
            raise ValueError(f"expected a dict for {place}; {holds} {_described(tree)}{advice}")
        if lacking := [key for key in target if key not in tree]:
            raise ValueError(f"expected {_listed(lacking)} for {place}; {holds} {_described(tree)}")
        if unnamed := [key for key, each in tree.items() if key not in target and _holds_states(each)]:
            raise ValueError(
                f"expected an object in {place} for each state, received none for {_listed(unnamed)}; {holds} "
                f"{_described(tree)}. To load one of several: model.load_state_dict(nn.load(path)['model'])"
            )
        return {
            key: _paired(each, target[key], (*path, key), pairs) if key in target else without_objects(each)
            for key, each in tree.items()
        }
    if isinstance(target, list | tuple):
        if type(tree) is not type(target) or len(tree) != len(target):
            what = f"a {type(target).__name__} of {len(target)}"
            raise ValueError(f"expected {what} for {place}; {holds} {_described(tree)}")
        return type(tree)([_paired(each, target[i], (*path, i), pairs) for i, each in enumerate(tree)])
    advice = "; leave plain data out, load returns them" if path else "; without into, load returns what is in the file"
    raise TypeError(f"expected an object with a state as {place}, received {type(target).__name__}{advice}")


def _holds_states(tree: Any) -> bool:
    """Whether the states of objects are in a tree."""
    if isinstance(tree, dict):
        return any([_holds_states(each) for each in tree.values()])
    if isinstance(tree, list | tuple):
        return any([_holds_states(each) for each in tree])
    return isinstance(tree, Saved)


def _described(tree: Any) -> str:
    """What a tree is, in words."""
    if isinstance(tree, Saved):
        return f"the state of {KINDS.get(tree.kind, tree.kind)} ({tree.name})"
    if isinstance(tree, dict):
        several = [f"{key!r} ({each.name if isinstance(each, Saved) else type(each).__name__})" for key, each in tree.items()]
        return f"a dict of {_shortened(several)}" if several else "an empty dict"
    if isinstance(tree, list | tuple):
        return f"a {type(tree).__name__} of {len(tree)}"
    return "nothing (None)" if tree is None else f"one {type(tree).__name__}"


def _listed(keys: list[Any]) -> str:
    return _shortened([repr(key) for key in keys])


def _shortened(words: list[str]) -> str:
    return ", ".join(words[:8]) + (f" and {len(words) - 8} more" if len(words) > 8 else "")
