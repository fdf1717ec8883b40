"""A table as HTML for a notebook."""

from collections.abc import Sequence
from html import escape


def html_of(
    title: str,
    columns: list[str],
    rows: Sequence[tuple[tuple[int, str, str], list[str]]],
    totals: Sequence[tuple[str, str]],
    notes: Sequence[str],
) -> str:
    """The table, in the colours of the page around it.

    Args:
        title: what stands above.
        columns: their titles.
        rows: for each its depth, its first cell and the whole text of that, which shows under the pointer; the other cells.
        totals: names and values, below the table.
        notes: sentences, at the end.
    """
    head = "".join([f'<th style="{_style(column)}; {_LINE}">{escape(column)}</th>' for column in columns])
    body = "\n".join([_row(depth, text, whole, cells, columns) for (depth, text, whole), cells in rows])
    cell = f'<td style="{_style("")}">'
    sums = "\n".join([f"<tr>{cell}{escape(name)}</td>{cell}{escape(value)}</td></tr>" for name, value in totals])
    said = "".join([f'<div style="margin-top: 4px">Note: {escape(note)}</div>' for note in notes])
    table = '<table style="border-collapse: collapse; margin: 6px 0 0 0; border: none'
    return (
        f'<div style="font-size: 90%">\n<div style="font-weight: bold; padding-left: 8px">{escape(title)}</div>\n'
        f'{table}; {_LINE}">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n'
        f'{table}">\n<tbody>\n{sums}\n</tbody>\n</table>\n{said}</div>'
    )


def _row(depth: int, text: str, whole: str, cells: list[str], columns: list[str]) -> str:
    indent = f"padding-left: {8 + 20 * depth}px"
    tip = f' title="{escape(whole)}"' if whole != text else ""
    first = f'<td style="{_style("Module")}; {indent}"{tip}>{escape(text)}</td>'
    others = [
        f'<td style="{_style(column)}">{"<br>".join(map(escape, cell.split(chr(10))))}</td>'
        for column, cell in zip(columns[1:], cells, strict=True)
    ]
    return f"<tr>{first}{''.join(others)}</tr>"


_LINE = "border-bottom: 1px solid currentColor"
_TO_THE_RIGHT = ("Memory", "Parameters", "FLOPs")


def _style(column: str) -> str:
    side = "right" if column in _TO_THE_RIGHT else "left"
    return f"text-align: {side}; vertical-align: top; padding: 2px 8px; white-space: nowrap"
