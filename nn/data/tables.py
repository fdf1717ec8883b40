"""``load_csv``: a CSV file as a ``Table`` of numbers, with features apart from the target.

Every cell becomes the number that it says, or is named in an error: nothing is guessed, dropped or filled in.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np

from nn.data.csv_rows import Rows, check_settings, codec, is_number, read_numbers, read_rows
from nn.inputs import check_switch

_MISSING = ("", "?", "NA", "N/A", "n/a", "<NA>", "#N/A", "NaN", "nan", "NULL", "null", "None")
_SHOWN = 24  # columns in a repr
_WITHOUT_COMMAS = "write numbers with a decimal point and without commas"


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """What ``load_csv`` gives: features, the target, and what their columns are called.

    **Shapes**: x (N, D), y (N,) or ``None``; ``columns`` has D names.
    """

    x: np.ndarray[Any, Any]
    y: np.ndarray[Any, Any] | None
    columns: tuple[str, ...]
    target: str | None = None
    categories: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.x)

    def __getitem__(self, column: str) -> np.ndarray[Any, Any]:
        """A column by name, the target too; a view. **Shapes**: -> (N,).

        Raises:
            KeyError: for a name that is not there, with those that are.
        """
        if column == self.target and self.y is not None:
            return self.y
        if column not in self.columns:
            names = [*self.columns, *([] if self.target is None else [self.target])]
            raise KeyError(f"Table: expected one of {', '.join(names)}; received {column!r}")
        return self.x[:, self.columns.index(column)]

    def __repr__(self) -> str:
        told = [(" ".join(name.split()), self._told(name)) for name in self.columns[:_SHOWN]]
        if len(self.columns) > _SHOWN:
            told.append(("...", f"{len(self.columns) - _SHOWN} more"))
        if self.target is not None:
            told.append((" ".join(self.target.split()), f"{self._told(self.target)} (target)"))
        width = max([len(name) for name, _ in told], default=0)
        head = f"Table({len(self)} rows, x {self.x.dtype}{list(self.x.shape)}"
        head += ")" if self.y is None else f", y {self.y.dtype}{list(self.y.shape)})"
        return "\n".join([head, *[f"  {name:<{width}}  {text}" for name, text in told]])

    def _told(self, name: str) -> str:
        """What a column holds, in a few words."""
        if name in self.categories:
            of = self.categories[name]
            count = "1 category" if len(of) == 1 else f"{len(of)} categories"
            return f"{count}: {' '.join(', '.join(of[:6]).split())}{', ...' if len(of) > 6 else ''}"
        values = self[name]
        missing = np.isnan(values)
        known = values[~missing]
        told = f"{known.min():.6g} to {known.max():.6g}" if known.size else "no values"
        return f"{told}, {missing.sum()} missing" if missing.any() else told


def load_csv(
    path: Any,
    target: str | int | None = None,
    columns: Sequence[str | int] | None = None,
    *,
    delimiter: str = ",",
    header: bool | Literal["infer"] = "infer",
    missing: Collection[str] = _MISSING,
    allow_missing: bool = False,
    categorical: Literal["one_hot", "codes"] | None = None,
    categories: Mapping[str, Sequence[str]] | None = None,
    dtype: Any = np.float32,
    encoding: str = "utf-8",
) -> Table:
    """Read a CSV file: its columns as features, one of them as the target.

    Args:
        path: the file, or an open text stream.
        target: the name or the position of the column to predict. Text becomes int64 numbers of its sorted categories, whole
            numbers become int64, others ``dtype``.
        columns: the names or positions of the features, in the order that is wanted; all but the target by default.
        delimiter: what separates values; with ``" "`` any number of spaces does.
        header: whether the first line holds names. ``"infer"``: it does, if it is all text and there are numbers below; text
            alone is an error, since either could be. Without names, columns are called ``column_0``, ``column_1``, ...
        missing: what stands for a value that is not there.
        allow_missing: whether features may have missing values, which become NaN; otherwise they are errors.
        categorical: how text among the features becomes numbers: ``"one_hot"``, a column of zeros and ones for each category,
            called ``name=category``; ``"codes"``, the number of the category; ``None``, where text is an error.
        categories: the categories of columns of text, by name. Pass ``categories=train.categories`` for further files with the
            same columns: their numbers are then the same. Names that a file does not have are passed over.
        dtype: of the features, floating.
        encoding: of the text; a byte order mark is passed over.

    Raises:
        ValueError: with line and column, for rows of several lengths, text among numbers, missing values, and a number that
            ``dtype`` would change (a whole one) or cannot hold; for unknown names, with those that there are; for an empty
            file, no rows, names that come twice, another encoding.
        OSError: for a file that cannot be read.

    >>> import io
    >>> file = io.StringIO("length,width,kind\\n5.1,3.5,setosa\\n7.0,3.2,versicolor\\n")
    >>> table = nn.data.load_csv(file, target="kind")
    >>> table
    Table(2 rows, x float32[2, 2], y int64[2])
      length  5.1 to 7
      width   3.2 to 3.5
      kind    2 categories: setosa, versicolor (target)
    >>> table.x[0], table.y
    (array([5.1, 3.5], dtype=float32), array([0, 1]))
    """
    receiver = f"load_csv: {os.fspath(path)}" if isinstance(path, str | os.PathLike) else "load_csv"
    check_switch(receiver, allow_missing=allow_missing)
    if categorical not in (None, "one_hot", "codes"):
        raise ValueError(f"{receiver}: expected categorical, 'one_hot', 'codes' or None; received {categorical!r}")
    if isinstance(missing, str) or not all(isinstance(each, str) for each in missing):
        raise TypeError(f"{receiver}: expected missing, a list of texts such as ['', 'NA']; received {missing!r}")
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"{receiver}: expected a floating dtype such as np.float32, received {np.dtype(dtype)}")
    check_settings(receiver, delimiter, header)
    encoding = codec(encoding, receiver)
    rows = None if categories else read_numbers(path, delimiter, header, set(missing), encoding)
    if rows is None or rows.numbers is None or any(_changed(each, np.dtype(dtype)).any() for each in rows.numbers.T):
        rows = read_rows(path, receiver, delimiter, header, set(missing), encoding)
    reading = _Reading(rows, receiver, set(missing), bool(allow_missing), dict(categories or {}), np.dtype(dtype))
    place = None if target is None else reading.position(target, "target")
    if isinstance(columns, str):
        raise TypeError(f"{receiver}: expected columns, a list of names or positions; received the text {columns!r}")
    if columns is None:
        chosen = [i for i in range(len(rows.names)) if i != place]
    else:
        chosen = [reading.position(each, "columns") for each in columns]
        if len(set(chosen)) < len(chosen) or place in chosen:
            raise ValueError(f"{receiver}: expected each column once, and the target not among them; received {list(columns)}")
    found: dict[str, tuple[str, ...]] = {}
    features = [part for i in chosen for part in reading.feature(i, categorical, found)]
    x = np.empty((len(rows), len(features)), dtype)
    for i, (_, values) in enumerate(features):
        x[:, i] = values
    y = None if place is None else reading.target(place, found)
    return Table(x, y, tuple([name for name, _ in features]), None if place is None else rows.names[place], found)


class _Parsed(NamedTuple):
    """A column: its numbers, and which cells hold none."""

    numbers: np.ndarray[Any, Any]
    missing: np.ndarray[Any, Any]
    text: np.ndarray[Any, Any]


@dataclass
class _Reading:
    """The columns of a file on their way to numbers."""

    rows: Rows
    receiver: str
    missing: set[str]
    allow_missing: bool
    categories: dict[str, Sequence[str]]
    dtype: np.dtype[Any]

    def position(self, column: Any, argument: str) -> int:
        """The position of a column that is given by name or position."""
        names = self.rows.names
        if isinstance(column, str) and column in names:
            return names.index(column)
        if isinstance(column, int | np.integer) and not isinstance(column, bool) and -len(names) <= column < len(names):
            return int(column) % len(names)
        raise ValueError(
            f"{self.receiver}: expected {argument}, names or positions of columns, {self.listed()}; received {column!r}"
            f"{self.rows.hint and '; '}{self.rows.hint}"
        )

    def listed(self) -> str:
        """The names of the columns."""
        names = self.rows.names
        return ", ".join(names[:_SHOWN]) + (f", ... ({len(names)} in all)" if len(names) > _SHOWN else "")

    def feature(
        self, column: int, categorical: str | None, found: dict[str, tuple[str, ...]]
    ) -> list[tuple[str, np.ndarray[Any, Any]]]:
        """Name and numbers of a feature; of text, as ``categorical`` says, and its categories are noted."""
        name = self.rows.names[column]
        cells, parsed = self._column(column, self.allow_missing)
        if not self._is_text(column, cells, parsed):
            return [(name, self._cast(column, cells, parsed.numbers))]
        if categorical is None:
            first = int(np.argmax(parsed.text))
            advice = (
                "pass categorical='one_hot' or 'codes' to make numbers of text, or columns=[...] to leave it out"
                if self.rows.hint or not _has_commas(cells[first])
                else _WITHOUT_COMMAS
            )
            raise ValueError(
                f"{self._at(first, column)}: expected a number, received {cells[first]!r}; {self.rows.hint or advice}"
            )
        found[name], codes = self._coded(column, cells, parsed.missing)
        if categorical == "codes":
            return [(name, np.where(parsed.missing, np.nan, codes))]
        return [(f"{name}={each}", np.where(parsed.missing, np.nan, codes == i)) for i, each in enumerate(found[name])]

    def target(self, column: int, found: dict[str, tuple[str, ...]]) -> np.ndarray[Any, Any]:
        """The target: numbers of categories, whole numbers, or others."""
        cells, parsed = self._column(column, False)
        if self._is_text(column, cells, parsed):
            found[self.rows.names[column]], codes = self._coded(column, cells, parsed.missing)
            return codes
        if _is_whole(parsed.numbers).all():
            return parsed.numbers.astype(np.int64)
        return self._cast(column, cells, parsed.numbers)

    def _column(self, column: int, allow_missing: bool) -> tuple[list[str], _Parsed]:
        if self.rows.numbers is not None:
            none = np.zeros(len(self.rows), bool)
            return [], _Parsed(self.rows.numbers[:, column], none, none)
        cells = [row[column] for row in self.rows.cells]
        parsed = _parsed(cells, self.missing)
        if parsed.missing.any() and not allow_missing:
            first = int(np.argmax(parsed.missing))
            more = int(parsed.missing.sum()) - 1
            advice = (
                "leave such lines out" if self.allow_missing else "pass allow_missing=True for NaN, or leave such lines out"
            )
            if cells[first]:
                advice += f"; if it is a value, pass missing=[...] without {cells[first]!r}"
            raise ValueError(
                f"{self._at(first, column)}: expected a value, received {cells[first]!r}, which stands for a missing one"
                f"{f', and {more} more below' if more else ''}; {advice}"
            )
        return cells, parsed

    def _is_text(self, column: int, cells: list[str], parsed: _Parsed) -> bool:
        """Whether a column is one of text; text among numbers is an error."""
        if self.rows.names[column] in self.categories:
            return True
        texts = int(parsed.text.sum())
        if texts == 0 or texts > len(self.rows) - texts - int(parsed.missing.sum()):
            return texts > 0
        first = int(np.argmax(parsed.text))
        raise ValueError(
            f"{self._at(first, column)}: expected a number, as in most lines, received {cells[first]!r}; "
            f"{self.rows.hint or self._advice(first, cells)}"
        )

    def _advice(self, first: int, cells: list[str]) -> str:
        if self.rows.lines[first] == 1:
            return "pass header=True, if the first line holds names"
        if _has_commas(cells[first]):
            return _WITHOUT_COMMAS
        return "correct it, or name it in missing=[...] and pass allow_missing=True"

    def _coded(
        self, column: int, cells: list[str], missing: np.ndarray[Any, Any]
    ) -> tuple[tuple[str, ...], np.ndarray[Any, Any]]:
        """The categories of a column of text, and the number of each cell's."""
        name = self.rows.names[column]
        present = {cell for cell, absent in zip(cells, missing, strict=True) if not absent}
        of = tuple(self.categories[name]) if name in self.categories else tuple(sorted(present))
        numbers = {each: i for i, each in enumerate(of)}
        if strange := present - numbers.keys():
            first = next(i for i, cell in enumerate(cells) if cell in strange)
            raise ValueError(f"{self._at(first, column)}: expected one of {', '.join(of)}; received {cells[first]!r}")
        return of, np.array([numbers.get(cell, -1) for cell in cells], np.int64)

    def _cast(self, column: int, cells: list[str], values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The numbers, if ``dtype`` can hold them: no whole one changes, and none becomes infinite."""
        with np.errstate(over="ignore"):
            cast = values.astype(self.dtype)
        wrong = _changed(values, self.dtype)
        for i in np.flatnonzero(np.isinf(values)):
            wrong[i] = "inf" not in cells[i].lower()  # but a number beyond float64
        if wrong.any():
            first = int(np.argmax(wrong))
            raise ValueError(
                f"{self._at(first, column)}: expected a number that {self.dtype} holds, received {cells[first]}, which would "
                f"be {cast[first]:.17g}; pass dtype=np.float64"
            )
        return cast

    def _at(self, row: int, column: int) -> str:
        return f"{self.receiver}, line {self.rows.lines[row]}, column {self.rows.names[column]!r}"


def _changed(values: np.ndarray[Any, Any], dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """Which numbers become others in ``dtype``: whole ones that are rounded, and those that become infinite."""
    with np.errstate(over="ignore"):
        cast = values.astype(dtype)
    return np.isfinite(values) & ((_is_whole(values) & (cast != values)) | np.isinf(cast))


def _is_whole(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Which numbers are whole, and small enough for float64 to have kept them."""
    return (np.floor(values) == values) & (np.abs(values) < 2**53)


def _has_commas(cell: str) -> bool:
    return "," in cell and is_number(cell.replace(",", ""))


def _parsed(cells: list[str], missing: set[str]) -> _Parsed:
    """The numbers in a column, NaN where there is none."""
    if missing.isdisjoint(cells) and "_" not in "".join(cells):
        try:
            numbers = np.array(list(map(float, cells)))
        except ValueError:
            pass
        else:
            return _Parsed(numbers, np.isnan(numbers), np.zeros(len(cells), bool))
    absent = np.array([cell in missing for cell in cells])
    text = np.array([not is_number(cell) for cell in cells]) & ~absent
    numbers = np.array([float("nan" if none else cell) for cell, none in zip(cells, absent | text, strict=True)])
    return _Parsed(numbers, np.isnan(numbers) & ~text, text)
