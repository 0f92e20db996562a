"""Sheet → CSV, and what every CSV of ours keeps to: no spreadsheet computes a cell of it."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from grader.cohort import Column, Grade, Sheet, Student
from grader.lms.scores import TOTAL, failed, plain
from grader.rounding import exact, half_up

Cell = str | int | Decimal

PLACES = 5  # as many as any platform keeps
_TOTAL_PLACES = 2  # as people see it everywhere
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?%?", re.ASCII)
# What nbgrader's own `nbgrader export` writes (nbgrader/plugins/export.py).
_NBGRADER = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


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
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return page.getvalue().encode("utf-8", "backslashreplace")


def wide(sheet: Sheet) -> bytes:
    """One row a student: points, an empty cell where there are none, and the weighted total."""
    header = ["student", "name", "email", "group", *(column.exercise for column in sheet.columns)]
    rows = (
        [
            *(student.id, student.name, student.email, student.group),
            *(
                _points(sheet.grades.get((student.id, each.exercise)), each)
                for each in sheet.columns
            ),
            _number(sheet.totals[student.id], _TOTAL_PLACES) if student.id in sheet.totals else "",
        ]
        for student in sheet.students
    )
    return write([[*header, TOTAL], *rows])


def nbgrader(sheet: Sheet) -> bytes:
    """One row a student and exercise, under the names that nbgrader's export has.

    Where no time was told, or a teacher's word is all there is, there is no timestamp.
    """
    rows = (
        _nbgrader_row(
            student,
            column,
            sheet.grades.get((student.id, column.exercise)),
            sheet.extended.get((student.id, column.exercise), column.due),
        )
        for column in sheet.columns
        for student in sheet.students
    )
    return write([_NBGRADER, *rows])


def _nbgrader_row(
    student: Student, column: Column, grade: Grade | None, due: datetime | None
) -> list[Cell]:
    grade = grade and grade.out_of(column.max_points)
    first, _, last = student.name.rpartition(" ")
    told = grade is not None and not failed(grade)
    return [
        column.exercise,
        due.isoformat() if due else "",
        grade.at.isoformat() if grade and grade.told and grade.at else "",
        *(student.id, last, first, student.email),
        _number(grade.points + grade.penalty) if grade and told else "",
        _number(grade.penalty) if grade and told else "",
        _points(grade, column),
        _number(column.max_points),
    ]


def _points(grade: Grade | None, column: Column) -> Cell:
    """Out of what the exercise is worth by now."""
    if grade is None or failed(grade):
        return ""
    return _number(grade.out_of(column.max_points).points)


def _number(value: float, places: int = PLACES) -> Decimal:
    return Decimal(plain(half_up(exact(value), places)))


def _safe(cell: Cell) -> Cell:
    return guarded(cell) if isinstance(cell, str) else cell
