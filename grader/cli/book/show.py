"""`grade book show`: grades as tables."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime

import click
from rich.cells import cell_len
from rich.console import Console

from grader.classroom.cohort import Column, Grade, Sheet, natural
from grader.classroom.gradebook import Kept
from grader.cli.book.opening import (
    book_of,
    exercise_in,
    sheet_of,
    student_in,
    tell_outdated,
)
from grader.cli.book.tables import moment, print_table, shown, standing
from grader.cli.options import book_option, course_option
from grader.course.setup import Setup
from grader.reporting.exporters.text import points

_UNTOLD = "not told"
_FULL = (
    *("student", "exercise", "points", "standing", "tries", "late"),
    *("handed in", "extended to", "reason"),
)
_GAP = 2  # columns of a terminal
_CELL = _GAP + len("100.25*")
_LEGEND = "* a teacher's word   L late   ! our fault: grade it again, it costs nobody points"


@click.command("show")
@click.option("--exercise", metavar="ID", help="Only this exercise, in full.")
@click.option("--student", metavar="ID", help="Only this student, in full.")
@book_option
@course_option
@click.pass_context
def command(
    ctx: click.Context, exercise: str | None, student: str | None, book: str | None
) -> None:
    """Show what counts: a row a student, a column an exercise; or one of them in full.

    The total is a percentage of the whole course: what was not handed in counts as nothing.
    """
    setup = ctx.ensure_object(Setup)
    with book_of(setup, book) as found:
        sheet = sheet_of(setup, found)
        who = student_in(found, student) if student else None
        lost = found.unattributed(who) if who and not exercise else []
    only = exercise_in(setup, exercise) if exercise else None
    if only or who:
        _show_full(sheet, only, who, lost)
    else:
        _show_all(sheet)
    tell_outdated(sheet, only)


def _show_all(sheet: Sheet) -> None:
    """As many tables as the terminal's width asks for."""
    for columns in _blocks(sheet):
        header = ["student", "total", *(column.exercise for column in columns)]
        rows = (
            [id_, _total(sheet, id_), *(_cell(sheet, id_, column) for column in columns)]
            for id_ in (student.id for student in sheet.students)
        )
        print_table(header, rows)
    marks = {_mark(grade) for grade in sheet.grades.values()} - {""}
    if marks:
        click.echo(_LEGEND, err=True)


def _blocks(sheet: Sheet) -> Iterator[Sequence[Column]]:
    console = Console()
    longest = max((cell_len(shown(student.id)) for student in sheet.students), default=0)
    room = console.width - longest - _CELL if console.is_terminal else sys.maxsize
    block: list[Column] = []
    used = 0
    for column in sheet.columns:
        wide = max(len(column.exercise) + _GAP, _CELL)
        if block and used + wide > room:
            yield block
            block, used = [], 0
        block.append(column)
        used += wide
    yield block


def _cell(sheet: Sheet, student: str, column: Column) -> str:
    grade = sheet.grades.get((student, column.exercise))
    if grade is None:
        return "-"
    mark = _mark(grade)
    return mark if mark == "!" else points(grade.out_of(column.max_points).points) + mark


def _mark(grade: Grade) -> str:
    if grade.overridden:
        return "*"
    if grade.standing == "broken":
        return "!"
    return "L" if grade.penalty else ""


def _total(sheet: Sheet, student: str) -> str:
    total = sheet.totals.get(student)
    return "-" if total is None else f"{total:.1f}%"


def _show_full(
    sheet: Sheet, exercise: str | None, student: str | None, lost: Sequence[Kept]
) -> None:
    known = sheet.grades.keys() | sheet.extended.keys()
    rows = (
        (*where, *_full(sheet.grades.get(where), sheet.extended.get(where)))
        for where in sorted(known, key=lambda where: [natural(word) for word in where])
        if exercise in {None, where[1]} and student in {None, where[0]}
    )
    unknown = ((student or "", "?", *_lost(kept)) for kept in lost)
    print_table(_FULL, (*rows, *unknown), left=len(_FULL))


def _full(grade: Grade | None, due: datetime | None) -> tuple[str, ...]:
    extended = moment(due) if due else ""
    if grade is None:
        return "-", "-", "0", "", "-", extended, ""
    late = f"-{points(grade.penalty)}" if grade.penalty else ""
    of = f"{points(grade.points)}/{points(grade.max_points)}"
    how = standing(grade.standing)
    return of, how, str(grade.attempts), late, _handed_in(grade), extended, grade.reason


def _handed_in(grade: Grade) -> str:
    if grade.at is None or grade.attempt is None:
        return "-"
    return moment(grade.at) if grade.told else _UNTOLD


def _lost(kept: Kept) -> tuple[str, ...]:
    handed_in = moment(kept.at) if kept.told else _UNTOLD
    return "-", standing(kept.standing), "0", "", handed_in, "", f"{kept.name}: {kept.problem}"
