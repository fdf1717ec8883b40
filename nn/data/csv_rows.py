"""The rows of a CSV file and the names of its columns: as text, with the lines where it stands, or as numbers at once."""

from __future__ import annotations

import codecs
import csv
import itertools
import math
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Rows:
    """Names of columns, and below them cells, row by row, with the line where each row begins, from 1 on; or numbers alone."""

    names: tuple[str, ...]
    cells: list[list[str]]
    lines: list[int]
    hint: str = ""  # what to add to a message, where another delimiter would explain what is wrong
    numbers: np.ndarray[Any, Any] | None = None  # (rows, columns)

    def __len__(self) -> int:
        return len(self.cells if self.numbers is None else self.numbers)


def read_numbers(path: Any, delimiter: str, header: Any, missing: Collection[str], encoding: str) -> Rows | None:
    """The rows of a file in which every value is a finite number, by NumPy's fast reader.

    ``None`` for any other file: ``read_rows`` then finds what it holds, or says what is wrong.
    """
    if not isinstance(path, str | os.PathLike) or delimiter == " " or any(map(_is_finite, missing)):
        return None
    with open(path, encoding=encoding, newline="") as file:
        try:
            first, second = file.readline(), file.readline()
            names = next(csv.reader([first], delimiter=delimiter, strict=True), [])
            named = header is True or (header == "infer" and all(names) and not any(map(is_number, names)))
            if not second.strip() or any(name.strip() in missing for name in names):
                return None
            numbers = np.loadtxt(
                itertools.chain([second] if named else [first, second], file),
                delimiter=delimiter,
                comments=None,
                ndmin=2,
            )
        except (csv.Error, ValueError):
            return None
    names = [name.strip() if named else f"column_{i}" for i, name in enumerate(names)]
    if len(set(names)) < numbers.shape[1] or len(names) != numbers.shape[1] or not np.isfinite(numbers).all():
        return None
    return Rows(tuple(names), [], [], numbers=numbers)


def read_rows(source: Any, receiver: str, delimiter: str, header: Any, missing: Collection[str], encoding: str) -> Rows:
    """The rows of a file or a text stream; spaces around a cell are dropped, and so are empty lines.

    Raises:
        ValueError: for a file without rows, rows of several lengths, names that come twice, quotes that are not closed, bytes
            of another encoding; and where it cannot be seen whether the first line holds names.
    """
    if not isinstance(source, Iterable | os.PathLike):
        raise TypeError(f"{receiver}: expected a path or a text stream, received {source!r}")
    if isinstance(source, str | os.PathLike):
        with open(source, encoding=encoding, newline="") as file:
            cells, lines = _split(file, receiver, delimiter)
    else:
        cells, lines = _split(source, receiver, delimiter)
    if not cells:
        raise ValueError(f"{receiver}: expected rows of values, received an empty file")
    hint = _other_delimiter(cells[0], delimiter)
    names = [f"column_{i}" for i in range(len(cells[0]))]
    if _has_names(cells, receiver, header, missing, hint):
        names = [given or name for given, name in zip(cells.pop(0), names, strict=True)]
        del lines[0]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        places = [i for i, name in enumerate(names) if name == twice]
        raise ValueError(
            f"{receiver}: expected a name of its own for each column, received {twice!r} for columns {places[0]} and "
            f"{places[1]}; rename one in the file, or pass header=False, if the first line holds values"
        )
    also = f"; {hint}" if hint else ""
    for row, line in zip(cells, lines, strict=True):
        if len(row) != len(names):
            values = "one value" if len(names) == 1 else f"{len(names)} values"
            raise ValueError(f"{receiver}, line {line}: expected {values}, as in the first line; received {len(row)}{also}")
    if not cells:
        raise ValueError(f"{receiver}: expected rows of values, received a line of names only: {', '.join(names)}{also}")
    return Rows(tuple(names), cells, lines, hint)


def is_number(cell: str) -> bool:
    """Whether a cell holds a number, as Python writes them, but for underscores; NaN is one."""
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def _is_finite(cell: str) -> bool:
    return is_number(cell) and math.isfinite(float(cell))


def check_settings(receiver: str, delimiter: Any, header: Any) -> None:
    """Refuse a delimiter that is no single character, and a header that is neither a switch nor ``"infer"``."""
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n':
        raise ValueError(f"{receiver}: expected delimiter, one character such as ',' or ';'; received {delimiter!r}")
    if header != "infer" and not isinstance(header, bool):  # a number would be the line of the names elsewhere
        raise TypeError(f"{receiver}: expected header, True, False or 'infer'; received {header!r}")


def codec(encoding: str, receiver: str) -> str:
    """The name of an encoding, with which a byte order mark is passed over."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise ValueError(f"{receiver}: expected encoding, such as 'utf-8' or 'latin-1'; received {encoding!r}") from None
    return "utf-8-sig" if name == "utf-8" else name


def _split(source: Iterable[str], receiver: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The cells of each row that is not empty, and the line it begins in."""
    cells: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(_lines(source, delimiter), delimiter=delimiter, skipinitialspace=delimiter == " ", strict=True)
    end = 0
    try:
        for row in reader:
            if len(row) > 1 or row == [""] or (row and row[0].strip()):  # [""] was written as ""
                cells.append([cell.strip() for cell in row])
                lines.append(end + 1)
            end = reader.line_num
    except csv.Error as error:
        raise ValueError(
            f"{receiver}, line {end + 1}: expected values between delimiters, received what cannot be told apart ({error}); "
            "look for a quote that is not closed"
        ) from None
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{receiver}, after line {end}: expected text in {error.encoding}, received the byte "
            f"{error.object[error.start]:#04x}; {_other_encoding(error.object)}"
        ) from None
    return cells, lines


def _lines(source: Iterable[str], delimiter: str) -> Iterator[str]:
    for i, line in enumerate(source):
        if not isinstance(line, str):
            raise TypeError(f"load_csv: expected a path or a text stream, received one of {type(line).__name__}")
        line = line if i else line.removeprefix("\ufeff")
        yield line.strip(" \r\n") + "\n" if delimiter == " " else line  # columns are often aligned by more spaces


def _has_names(cells: list[list[str]], receiver: str, header: Any, missing: Collection[str], hint: str) -> bool:
    """Whether the first row holds names: it has text alone, and there are numbers below some of it."""
    if header != "infer":
        return bool(header)
    first = cells[0]
    if any(is_number(cell) or (cell and cell in missing) for cell in first) or not any(first):
        return False
    below = (cell for row in cells[1:] for name, cell in zip(first, row, strict=False) if name and cell not in missing)
    if len(cells) > 1 and not any(map(is_number, below)):
        raise ValueError(
            f"{receiver}: expected numbers below names, which tell names from values; the first line is "
            f"{', '.join(first)[:60]!r}; {hint or 'pass header=True, if it holds names, or header=False'}"
        )
    return True


def _other_encoding(content: bytes) -> str:
    if content[:2] == b"\x1f\x8b":
        return "unpack it first, it is compressed with gzip"
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "pass encoding='utf-16'"
    return "pass encoding='latin-1', or what the file was written in"


def _other_delimiter(first: list[str], delimiter: str) -> str:
    if len(first) == 1:
        for each in (";", "\t", "|", ",", " "):
            if each != delimiter and each in first[0]:
                return f"all of {first[0][:60]!r} is a single value: pass delimiter={each!r}"
    return ""
