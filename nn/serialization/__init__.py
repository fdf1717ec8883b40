"""Saving and loading: models, optimizers, schedules, generators, and plain data around them, in files that hold no code.

Read ``stateful`` first: what has a state, and how it is taken and put back. ``encoding`` turns a tree of states into arrays and
JSON, ``formats`` turns those into the bytes of a file, ``writing`` puts the bytes on the disk, all or nothing; ``saving`` and
``loading`` have the public functions.
"""

from nn.serialization.loading import load, read_metadata
from nn.serialization.saving import save

__all__ = ["load", "read_metadata", "save"]
