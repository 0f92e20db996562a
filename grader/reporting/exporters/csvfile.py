"""Rows → CSV of which no spreadsheet computes a cell."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

Cell = str | int | Decimal

_FORMULA = re.compile(r"\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?%?", re.ASCII)


def guarded(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would compute; numbers stay numbers.

    Spreadsheets run what starts with one of `= + - @`, a tab or a line break, full-width forms
    among them, and some of them skip blanks before it (OWASP, "CSV Injection").
    """
    if not _FORMULA.match(cell) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"


def write(rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 CSV: every text guarded and in quotes, so that no other separator splits it."""
    page = io.StringIO()
    writer = csv.writer(page, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    for row in rows:
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return page.getvalue().encode("utf-8", "backslashreplace")
