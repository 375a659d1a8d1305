"""Columns: each starts three blanks after the widest cell before it.

Upstream: k8s.io/cli-runtime/pkg/printers/tabwriter.go (minwidth 6, tabwidth 4, padding 3) and liggitt/tabwriter. Left out: nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field


class Table(Struct):
    """`columns`: (name, only in wide); `rows`: cells of all columns as text."""

    columns: list[tuple[str, bool]]
    rows: list[list[str]] = field(default_factory=list)


def render(rows: Sequence[Sequence[str]], *, minimum: int = 6, padding: int = 3) -> str:
    """Rows of cells as lines; the last cell of a row is not padded."""
    widths = column_widths(rows, minimum=minimum, padding=padding)
    return "".join(line(row, widths) for row in rows)


def column_widths(rows: Sequence[Sequence[str]], *, minimum: int = 6, padding: int = 3) -> list[int]:
    """The width of each column, its padding included."""
    count = max((len(row) for row in rows), default=0)
    widths = []
    for column in range(count):
        cells = [len(row[column]) for row in rows if column < len(row) - 1]
        widths.append(max(max(cells, default=0) + padding, minimum))
    return widths


def line(row: Sequence[str], widths: Sequence[int]) -> str:
    """One row in columns of these widths."""
    cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
    return "".join(cells) + (row[-1] if row else "") + "\n"


def widened(widths: Sequence[int], row: Sequence[str], *, padding: int = 3) -> list[int]:
    """The widths that a watch remembers after this row."""
    return [max(width, len(cell) + padding) for width, cell in zip(widths, row[:-1], strict=False)]


def blocks(rows: Sequence[Sequence[str]], *, minimum: int, padding: int) -> str:
    """Like `render`, but as text/tabwriter does: a column ends where a line does not have it, and starts anew below."""
    widths: dict[tuple[int, int], int] = {}
    _measure(rows, range(len(rows)), 0, minimum, padding, widths)
    out = []
    for number, row in enumerate(rows):
        cells = [cell.ljust(widths[number, column]) for column, cell in enumerate(row[:-1])]
        out.append("".join(cells) + (row[-1] if row else "") + "\n")
    return "".join(out)


def _measure(
    rows: Sequence[Sequence[str]], span: range, column: int, minimum: int, padding: int, widths: dict[tuple[int, int], int]
) -> None:
    at = span.start
    while at < span.stop:
        if column >= len(rows[at]) - 1:
            at += 1
            continue
        stop = at
        while stop < span.stop and column < len(rows[stop]) - 1:
            stop += 1
        width = max(minimum, max(len(rows[number][column]) for number in range(at, stop)) + padding)
        for number in range(at, stop):
            widths[number, column] = width
        _measure(rows, range(at, stop), column + 1, minimum, padding, widths)
        at = stop
