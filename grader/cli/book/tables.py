"""Rows → a table in a terminal that hides nothing, lines with tabs elsewhere."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import click
from rich.cells import cell_len
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from grader.reporting.exporters.text import brief, visible
from grader.reporting.exporters.words import WHOLE

_LONG = 2000
_GAP = 2
_FOLDED = 10  # columns of a terminal that are enough for a reason


def print_table(header: Iterable[str], rows: Iterable[Iterable[str]], *, left: int = 1) -> None:
    """A table in a terminal, lines with tabs elsewhere; the first `left` columns are texts.

    A terminal sees no column that is empty throughout; where it is too narrow for the others, each
    row is a paragraph.
    """
    console, lines = Console(), [_cells(header), *map(_cells, rows)]
    if not console.is_terminal:
        for line in lines:
            click.echo("\t".join(line))
        return
    whole = list(zip(*lines, strict=True))
    left = sum(map(_told, whole[:left]))
    columns = list(filter(_told, whole))
    widths = _widths(columns, console.width)
    if widths:
        console.print(_table(columns, widths, left))
        return
    header, *rows = zip(*columns, strict=True)
    for row in rows:
        console.print(_paragraph(header, row))


def standing(word: str) -> str:
    """As reports have it."""
    return WHOLE.get(word, word)


def shown(text: str, longest: int = 80) -> str:
    """One line of something from outside."""
    return brief(visible(text), longest)


def moment(at: datetime) -> str:
    """In the zone of this machine, and which it is: a summer has another."""
    return at.astimezone().isoformat(" ", "minutes")


def _cells(row: Iterable[str]) -> list[str]:
    """The last may be long: reasons and details, which a terminal folds."""
    *cells, last = row
    return [*map(shown, cells), shown(last, _LONG)]


def _told(column: Sequence[str]) -> bool:
    """Whether any row has something there; without rows there is the header."""
    return any(column[1:]) or len(column) == 1


def _widths(columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """From the right, cells are folded until all fit, but no word is broken; [] if they cannot."""
    room -= _GAP * (len(columns) - 1)
    widths = [max(map(cell_len, column)) for column in columns]
    least = [
        max(cell_len(w) for cell in column for w in cell.split() or [""]) for column in columns
    ]
    least[-1] = min(widths[-1], _FOLDED)
    for at in reversed(range(len(columns))):
        widths[at] -= max(0, min(sum(widths) - room, widths[at] - least[at]))
    return widths if sum(widths) <= room else []


def _table(columns: Sequence[Sequence[str]], widths: Sequence[int], left: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for at, (column, width) in enumerate(zip(columns, widths, strict=True)):
        justify: JustifyMethod = "left" if at < left else "right"
        table.add_column(Text(column[0]), justify=justify, width=width, overflow="fold")
    for row in list(zip(*columns, strict=True))[1:]:
        table.add_row(*map(Text, row))
    return table


def _paragraph(names: Iterable[str], row: Iterable[str]) -> Table:
    grid = Table.grid(padding=(0, _GAP, 0, 0))
    grid.add_column(style="bold", overflow="fold")
    grid.add_column(overflow="fold")
    for name, cell in zip(names, row, strict=True):
        if cell:
            grid.add_row(Text(name), Text(cell))
    grid.add_row()
    return grid
