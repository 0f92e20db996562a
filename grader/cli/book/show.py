"""`grade book show`: grades as tables."""

from collections.abc import Iterator, Sequence

import click
from rich.console import Console

from grader.cli.book.opening import (
    book_of,
    exercise_in,
    print_table,
    sheet_of,
    shown,
    student_in,
)
from grader.cli.setup import Setup, book_option, course_option
from grader.cohort import Column, Grade, Sheet
from grader.exporters.text import points

_CELL = 9  # columns of a terminal: "100.25*" and a gap
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
    if exercise or who:
        only = exercise_in(setup, exercise) if exercise else None
        _show_full(sheet, only, who)
    else:
        _show_all(sheet)


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
    longest = max(len(shown(student.id)) for student in sheet.students)
    fit = max((console.width - longest - _CELL) // _CELL, 1)
    step = fit if console.is_terminal else len(sheet.columns)
    for at in range(0, max(len(sheet.columns), 1), max(step, 1)):
        yield sheet.columns[at : at + step]


def _cell(sheet: Sheet, student: str, column: Column) -> str:
    grade = sheet.grades.get((student, column.exercise))
    if grade is None:
        return "-"
    mark = _mark(grade)
    return mark if mark == "!" else points(grade.points) + mark


def _mark(grade: Grade) -> str:
    if grade.overridden:
        return "*"
    if grade.standing == "broken":
        return "!"
    return "L" if grade.penalty else ""


def _total(sheet: Sheet, student: str) -> str:
    total = sheet.totals.get(student)
    return "-" if total is None else f"{total:.1f}%"


def _show_full(sheet: Sheet, exercise: str | None, student: str | None) -> None:
    header = ("student", "exercise", "points", "standing", "tries", "late", "handed in", "reason")
    rows = (
        (grade.student, grade.exercise, *_full(grade))
        for (who, what), grade in sorted(sheet.grades.items())
        if exercise in {None, what} and student in {None, who}
    )
    print_table(header, rows, left=2)


def _full(grade: Grade) -> tuple[str, ...]:
    handed_in = f"{grade.at.astimezone():%Y-%m-%d %H:%M}" if grade.at and grade.attempt else "-"
    late = f"-{points(grade.penalty)}" if grade.penalty else ""
    of = f"{points(grade.points)}/{points(grade.max_points)}"
    return of, grade.standing, str(grade.attempts), late, handed_in, grade.reason
