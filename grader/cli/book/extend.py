"""`grade book extend`: another due date for one student."""

from datetime import UTC, datetime

import click

from grader.cli.book.opening import book_of, by_option, exercise_in, student_in
from grader.cli.setup import Setup, book_option, course_option
from grader.errors import StudentError
from grader.gradebook import Extension

_NONE = "none"


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

    `none` takes that back.  In a group it holds for this one member.
    """
    setup = ctx.ensure_object(Setup)
    what, until = exercise_in(setup, exercise), None if due.lower() == _NONE else _time(due)
    with book_of(setup, book) as found:
        who = student_in(found, student)
        found.note_rules(setup.course.rules, by)
        if until is None:
            found.withdraw_extension(who, what, by)
        else:
            found.extend(Extension(who, what, until, by, datetime.now(UTC)))
    told = f"at {until.isoformat()}" if until else "when it is for everybody"
    click.echo(f"grade: {what} is due for {who} {told}", err=True)


def _time(word: str) -> datetime:
    try:
        found = datetime.fromisoformat(word)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        hint = "a time with its zone, such as 2026-12-07T23:59:00+01:00; or `none`"
        raise StudentError(f"{word!r} is no due date", hint=hint)
    return found
