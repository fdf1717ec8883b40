"""A tree of states as arrays and JSON, and back: the same types, dtypes and bits.

JSON has ``null``, ``true``, strings, whole numbers of 64 bits, finite floats (in the shortest digits that give the same bits
back) and lists. All else is a JSON object whose first key says what it is; see ``Encoder``. An array gets a name, its path in
the tree, such as ``optimizer.state.0.exp_avg``; what stands in the JSON is this name.
"""

import math
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

import autograd as ag
from nn.serialization.stateful import kind_of, state_of

DEEPEST = 100  # how far a tree may be nested; one that contains itself is nested without end
LONGEST_NAME = 400

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Saved:
    """The state of an object, as a file holds it: of which kind (``stateful.KINDS``) and class the object was."""

    kind: str
    name: str
    state: Any


def is_plain(dtype: "np.dtype[Any]") -> bool:
    """Whether arrays of a dtype are saved and loaded: numbers, texts and times; no Python objects, no records."""
    return dtype.kind in "biufcmMSU" and dtype.itemsize > 0  # without bytes, any length would fit into a file


def place_of(path: Path) -> str:
    """Where a value stands, for messages."""
    return "".join(f"[{key!r}]" for key in path) or "the object itself"


class Encoder:
    """Takes a tree apart into ``arrays``, by name, and JSON, which ``encode`` returns."""

    def __init__(self, reserved: frozenset[str]) -> None:
        self.arrays: dict[str, Any] = {}
        self._reserved = reserved

    def encode(self, value: Any, path: Path = ()) -> Any:
        """The JSON of a value at a path.

        Raises:
            TypeError: for what cannot be saved.
            ValueError: for a tree that is nested too deeply, or contains itself.
        """
        if len(path) > DEEPEST:
            raise ValueError(f"save: {place_of(path[:3])}... is nested deeper than {DEEPEST}, or contains itself")
        plain = type(value)
        if value is None or plain is bool or plain is str:
            return value
        if plain is int:
            return value if -(2**63) <= value < 2**63 else {"int": hex(value)}
        if plain is float:
            return value if math.isfinite(value) else {"float": _bits(value)}
        if plain is complex:
            return {"complex": [_bits(value.real), _bits(value.imag)]}
        if plain is list:
            return [self.encode(each, (*path, i)) for i, each in enumerate(value)]
        if plain is tuple:
            return {"tuple": [self.encode(each, (*path, i)) for i, each in enumerate(value)]}
        if plain is dict:
            return {"dict": [[self._key(key, path), self.encode(each, (*path, key))] for key, each in value.items()]}
        if plain is np.ndarray:
            return {"array": self._entered(value, path)}
        if isinstance(value, np.generic):
            return _encoded_scalar(value, path)
        kind = kind_of(value)
        if kind == "tensor":
            return {"tensor": self._entered(state_of(value), path)}
        if kind is not None:
            return {"object": kind, "class": plain.__name__, "state": self.encode(state_of(value), path)}
        raise TypeError(
            "save: expected modules, optimizers, schedules, generators, tensors, arrays, numbers, strings, or dicts, lists and "
            f"tuples of them; received {plain.__name__} at {place_of(path)}{_advice(value)}"
        )

    def _key(self, key: Any, path: Path) -> Any:
        if type(key) in (str, int):
            return self.encode(key, path)
        raise TypeError(f"save: expected dict keys that are str or int, received {key!r} in {place_of(path)}")

    def _entered(self, array: Any, path: Path) -> str:
        """Enter an array, and give its name: its path, or, where no file could have that name, a number."""
        if not is_plain(array.dtype):
            what = "Python objects" if array.dtype.hasobject else str(array.dtype)
            raise TypeError(f"save: expected arrays of numbers, received an array of {what} at {place_of(path)}")
        name = ".".join(map(str, path))
        fits = name.isprintable() and 0 < len(name) <= LONGEST_NAME and "\\" not in name and name not in self._reserved
        number = len(self.arrays)
        while not fits or name in self.arrays:
            name, fits = f"array.{number}", True
            number += 1
        # In rows, so that the file of the same values is the same, however they lay in memory.
        self.arrays[name] = np.asarray(array, order="C")
        return name


def _encoded_scalar(value: Any, path: Path) -> Any:
    if isinstance(value, np.str_):
        return {"scalar": "str", "value": value[:]}  # str() would drop zeros at its end
    if isinstance(value, np.bytes_):
        return {"scalar": "bytes", "value": value.hex()}
    if not is_plain(value.dtype):
        raise TypeError(f"save: expected numbers, received NumPy's {type(value).__name__} at {place_of(path)}")
    return {"scalar": value.dtype.str, "value": value.tobytes().hex()}


def _bits(number: float) -> str:
    return struct.pack(">d", number).hex()


def _advice(value: Any) -> str:
    for kind, advice in ((dict, "dict(...)"), (tuple, "tuple(...)"), (list, "list(...)"), (np.ndarray, "np.asarray(...)")):
        if isinstance(value, kind):
            return f"; write {advice}"
    if callable(value):
        return "; a function or class cannot be saved, since a file holds no code"
    return ""


# ---------------------------------------------------------------- back


class Decoder:
    """Puts a tree together from its JSON and ``arrays``; objects are ``Saved``."""

    def __init__(self, arrays: dict[str, Any]) -> None:
        self._left = dict(arrays)

    def decode(self, node: Any) -> Any:
        """The value of a node.

        Raises:
            ValueError: for JSON that ``Encoder`` does not write.
        """
        if not isinstance(node, dict):
            return [self.decode(each) for each in node] if isinstance(node, list) else node
        kind = next(iter(node), None)
        if kind == "dict":
            return {self.decode(key): self.decode(each) for key, each in node["dict"]}
        if kind == "array":
            return self._left.pop(node["array"])
        if kind == "tensor":
            return Saved("tensor", "Tensor", self._left.pop(node["tensor"]))
        if kind == "object":
            return Saved(str(node["object"]), str(node["class"]), self.decode(node["state"]))
        if kind == "tuple":
            return tuple([self.decode(each) for each in node["tuple"]])
        if kind == "int":
            return int(node["int"], 16)
        if kind == "float":
            return _number(node["float"])
        if kind == "complex":
            return complex(*[_number(each) for each in node["complex"]])
        if kind == "scalar":
            return _decoded_scalar(node["scalar"], node["value"])
        raise ValueError(f"unknown entry {kind!r}")

    def finish(self) -> None:
        """Raise a ``ValueError`` if there are arrays that the tree did not name."""
        if self._left:
            raise ValueError(f"arrays that have no place: {', '.join(self._left)}")


def _number(bits: str) -> float:
    return struct.unpack(">d", bytes.fromhex(bits))[0]


def _decoded_scalar(kind: str, value: str) -> Any:
    if kind == "str":
        return np.str_(value)
    if kind == "bytes":
        return np.bytes_(bytes.fromhex(value))
    return np.ndarray((), checked_dtype(kind), bytes.fromhex(value))[()]


def checked_dtype(text: Any) -> "np.dtype[Any]":
    """The dtype that a file names.

    Raises:
        ValueError: for one that no array in a file may have.
    """
    dtype = np.dtype(text) if isinstance(text, str) else None
    if dtype is None or not is_plain(dtype):
        raise ValueError(f"no dtype of arrays in a file: {text!r}")
    return dtype


def without_objects(tree: Any) -> Any:
    """A decoded tree with states in place of ``Saved``; a tensor comes back as a tensor."""
    if isinstance(tree, Saved):
        return ag.tensor(tree.state) if tree.kind == "tensor" else without_objects(tree.state)
    if isinstance(tree, dict):
        return {key: without_objects(each) for key, each in tree.items()}
    if isinstance(tree, list | tuple):
        return type(tree)([without_objects(each) for each in tree])
    return tree
