"""A table as text for a terminal."""

from collections.abc import Sequence
from itertools import zip_longest


def text_of(
    title: str,
    columns: list[str],
    rows: Sequence[tuple[str, str, list[str]]],
    totals: Sequence[tuple[str, str]],
    notes: Sequence[str],
) -> str:
    """The table: a line for each row, or more where a cell has several lines; numbers stand to the right.

    Args:
        title: what stands above.
        columns: their titles; the first two are text, others numbers.
        rows: for each the first cell, what stands below it on further lines, and the other cells.
        totals: names and values, below the table.
        notes: sentences, at the end.
    """
    lines: list[list[str]] = [columns]
    for head, below, cells in rows:
        split = [cell.split("\n") for cell in cells]
        first = (head, *[below] * (max(map(len, split)) - 1))
        lines += [list(line) for line in zip_longest(first, *split, fillvalue="")]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    texts = [_line(line, widths, columns) for line in lines]
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    name_width = max(len(name) for name, _ in totals)
    below_table = [f"{name:<{name_width}}  {value}" for name, value in totals]
    return "\n".join([title, rule, texts[0], rule, *texts[1:], rule, *below_table, *[f"Note: {note}" for note in notes]])


def _line(cells: list[str], widths: list[int], columns: list[str]) -> str:
    texts = [
        cell.ljust(width) if column in _TEXT else cell.rjust(width)
        for cell, width, column in zip(cells, widths, columns, strict=True)
    ]
    return "  ".join(texts).rstrip()


_TEXT = ("Module", "Output", "Trainable")
