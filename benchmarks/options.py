"""What a command line may say: numbers with a lower bound, and a folder to write to."""

import argparse
from collections.abc import Callable
from pathlib import Path


def at_least(least: int) -> Callable[[str], int]:
    """The type of an option that is a whole number, ``least`` or more."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            raise argparse.ArgumentTypeError(f"expected a whole number of at least {least}, received {text!r}")
        return value

    return number


def folder(text: str) -> Path:
    """The type of an option that is a folder, which need not exist yet; a file is refused before anything is measured."""
    path = Path(text)
    for each in (path, *path.parents):
        if each.exists() and not each.is_dir():
            raise argparse.ArgumentTypeError(f"expected a folder, received {text!r}, where {str(each)!r} is a file")
    return path


def counted(number: int, noun: str) -> str:
    """A number with its noun: ``1 op``, ``2 ops``.

    >>> counted(1, "op"), counted(2, "op")
    ('1 op', '2 ops')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
