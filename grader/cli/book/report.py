"""`grade book report`: the report of the attempt that counts."""

import click

from grader.classroom.gradebook import Gradebook
from grader.cli.book.opening import book_of, exercise_in, sheet_of, student_in
from grader.cli.options import book_option, course_option
from grader.cli.output import report_options, write
from grader.course.setup import Setup
from grader.errors import NothingToGrade
from grader.platforms import feedback
from grader.reporting.exporters import EXPORTERS
from grader.reporting.shown import Audience, Report


@click.command("report")
@click.argument("student")
@click.argument("exercise")
@report_options
@book_option
@course_option
@click.pass_context
def command(  # noqa: PLR0913, PLR0917  (one parameter an option)
    ctx: click.Context, student: str, exercise: str, format_: str, audience: str, book: str | None
) -> None:
    """Print the report of the attempt of STUDENT at EXERCISE that counts."""
    setup = ctx.ensure_object(Setup)
    with book_of(setup, book) as found:
        who, what = student_in(found, student), exercise_in(setup, exercise)
        grade = sheet_of(setup, found).grades.get((who, what))
        if grade is None or grade.attempt is None:
            raise _nothing(found, who, what)
        page = found.report(grade.attempt, Audience(audience))
        if not page:
            raise NothingToGrade(_problem(found, who, grade.attempt))
    report = feedback.with_remark(Report.model_validate_json(page), grade)
    write(EXPORTERS[format_](report), None)


def _nothing(book: Gradebook, student: str, exercise: str) -> NothingToGrade:
    said = f"{student} has handed in nothing that was known as {exercise}"
    lost = [f"{kept.name} ({kept.problem})" for kept in book.unattributed(student)]
    if not lost:
        return NothingToGrade(f"{student} has handed in nothing for {exercise}")
    hint = "look at what is in it; `grade batch --exercise ID` says what it is"
    return NothingToGrade(f"{said}, but: {', '.join(lost)}", hint=hint)


def _problem(book: Gradebook, student: str, attempt: int) -> str:
    told = [kept.problem for kept in book.attempts(student=student) if kept.id == attempt]
    return f"{student}'s file has no report: {told[0] or 'it was not graded'}"
