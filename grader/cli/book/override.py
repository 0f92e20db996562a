"""`grade book override`: a teacher's word on one grade."""

from datetime import UTC, datetime

import click

from grader.classroom.cohort import Sheet
from grader.classroom.gradebook import Gradebook, Override
from grader.cli.book.opening import book_of, by_option, exercise_in, sheet_of, student_in
from grader.cli.options import book_option, course_option
from grader.course.setup import Setup
from grader.errors import UsageError
from grader.reporting.exporters.text import points as written
from grader.reporting.talk import tell

_NONE = "none"


# A number below 0 is to be refused as one, not as an option that is unknown.
@click.command("override", context_settings={"ignore_unknown_options": True})
@click.argument("student")
@click.argument("exercise")
@click.argument("points", metavar="POINTS|none")
@click.option("--reason", required=True, help="Why; it is shown with the grade.")
@click.option("--above", is_flag=True, help="Let POINTS be more than the exercise is worth.")
@by_option
@book_option
@course_option
@click.pass_context
def command(  # noqa: PLR0913, PLR0917  (one parameter an option)
    ctx: click.Context,
    student: str,
    exercise: str,
    points: str,
    reason: str,
    by: str,
    book: str | None,
    *,
    above: bool,
) -> None:
    """Let POINTS count for STUDENT in EXERCISE, whatever was handed in; `none` takes that back."""
    setup = ctx.ensure_object(Setup)
    worth, what = _points(points), exercise_in(setup, exercise)
    if not reason.strip():
        raise UsageError("an override needs a reason", hint="--reason 'why'")
    with book_of(setup, book) as found:
        who = student_in(found, student)
        if worth is None:
            _refuse_nothing(found, who, what)
        elif not above:
            _refuse_above(sheet_of(setup, found), what, worth)
        found.note_rules(setup.course.rules, by)
        found.override(Override(who, what, worth, reason.strip(), by, datetime.now(UTC)))
        grade = sheet_of(setup, found).grades.get((who, what))
    if grade is None:
        tell(f"{who} has no grade in {what}")
        return
    of = f"{written(grade.points)} of {written(grade.max_points)} points"
    tell(f"{who} has {of} in {what}")


def _refuse_nothing(book: Gradebook, student: str, exercise: str) -> None:
    if (student, exercise) not in book.overrides():
        hint = f"`grade book show --student {student}` has the reasons of those that are"
        raise UsageError(f"no override of {student} in {exercise} is there", hint=hint)


def _refuse_above(sheet: Sheet, exercise: str, points: float) -> None:
    (whole,) = (column.max_points for column in sheet.columns if column.exercise == exercise)
    if points > whole:
        words = f"{written(points)} is more than the {written(whole)} points of {exercise}"
        raise UsageError(words, hint="if that is meant, say --above")


def _points(word: str) -> float | None:
    if word.lower() == _NONE:
        return None
    try:
        points = float(word)
    except ValueError:
        points = -1.0
    if not 0 <= points <= 1e6:  # noqa: PLR2004  (no NaN either)
        hint = "a number from 0 on, such as 7.5; or `none`, to take an override back"
        raise UsageError(f"{word!r} is no number of points", hint=hint)
    return points
