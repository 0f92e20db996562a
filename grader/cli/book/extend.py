"""`grade book extend`: another due date for one student."""

from datetime import UTC, datetime, timedelta

import click

from grader.classroom.gradebook import Extension
from grader.classroom.intake.times import YEARS
from grader.cli.book.opening import book_of, by_option, exercise_in, student_in
from grader.cli.options import book_option, course_option
from grader.course.setup import Setup
from grader.errors import UsageError
from grader.reporting.talk import tell

_NONE = "none"
_LONG_PAST = timedelta(days=365)


@click.command("extend")
@click.argument("student")
@click.argument("exercise")
@click.argument("due", metavar="DUE|none")
@by_option
@book_option
@course_option
@click.pass_context
def command(  # noqa: PLR0913, PLR0917  (one parameter an option)
    ctx: click.Context, student: str, exercise: str, due: str, by: str, book: str | None
) -> None:
    """Let EXERCISE be due for STUDENT at DUE, such as 2026-12-07T23:59:00+01:00.

    It cannot be before the exercise's own due date.  `none` takes it back.  In a group it holds for
    this one member.
    """
    setup = ctx.ensure_object(Setup)
    what, until = exercise_in(setup, exercise), None if due.lower() == _NONE else _time(due)
    if until is not None:
        _refuse_earlier(what, until, setup.course.rules.of(what).due)
    with book_of(setup, book) as found:
        who = student_in(found, student)
        found.note_rules(setup.course.rules, by)
        if until is None:
            found.withdraw_extension(who, what, by)
        else:
            found.extend(Extension(who, what, until, by, datetime.now(UTC)))
    told = f"at {until.isoformat()}" if until else "when it is for everybody"
    tell(f"{what} is due for {who} {told}")


def _refuse_earlier(exercise: str, until: datetime, due: datetime | None) -> None:
    """Work would be late, or later still, by what is called an extension: a slip in the year."""
    if due is not None and until < due:
        said = f"{exercise} is due for all at {due.isoformat()}, and {until.isoformat()} is before"
        raise UsageError(said, hint="an extension is later; `none` takes one back")
    if due is None and until < datetime.now(UTC) - _LONG_PAST:
        said = f"{exercise} has no due date, and {until.isoformat()} is more than a year ago"
        raise UsageError(said, hint="is the year right?")


def _time(word: str) -> datetime:
    try:
        found = datetime.fromisoformat(word)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.year not in YEARS:
        hint = "a time with its zone, such as 2026-12-07T23:59:00+01:00; or `none`"
        raise UsageError(f"{word!r} is no due date", hint=hint)
    return found
