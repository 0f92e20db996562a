"""`grade book forget`: one student → nothing."""

import shlex

import click

from grader.cli.book.opening import book_of, by_option, counted, student_in
from grader.cli.options import book_option, course_option
from grader.course.setup import Setup
from grader.reporting.talk import tell


@click.command("forget")
@click.argument("student")
@click.option("--yes", is_flag=True, help="Do not ask.")
@by_option
@book_option
@course_option
@click.pass_context
def command(ctx: click.Context, student: str, by: str, book: str | None, *, yes: bool) -> None:
    """Remove all that the course knows of STUDENT: it cannot be brought back.

    Of a group's work only the membership goes.  The log keeps that somebody was forgotten, not who.
    Exports, backups, and files that were handed in stay where they are.
    """
    setup = ctx.ensure_object(Setup)
    with book_of(setup, book) as found:
        who = student_in(found, student)
        tries = sum(1 for _ in found.attempts(student=who))
        about = f"{who}, with {counted(tries, 'attempt')}, from the course {setup.course.id}"
        if not yes and not click.confirm(f"Remove {about} for good?", err=True):
            return
        others = found.elsewhere(who)
        found.forget(who, by)
    tell(f"{who} is forgotten in the course {setup.course.id}")
    for other, name in others:
        tell(
            f"the course {other} in this gradebook knows {name}, too: "
            f"`grade book forget {shlex.quote(name)} --course DIR`"
        )
