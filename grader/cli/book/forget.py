"""`grade book forget`: one student → nothing."""

import click

from grader.cli.book.opening import book_of, by_option, counted, student_in
from grader.cli.setup import Setup, book_option, course_option


@click.command("forget")
@click.argument("student")
@click.option("--yes", is_flag=True, help="Do not ask.")
@by_option
@book_option
@course_option
@click.pass_context
def command(ctx: click.Context, student: str, by: str, book: str | None, *, yes: bool) -> None:
    """Remove all that is known of STUDENT from the gradebook: it cannot be brought back.

    Of a group's work only the membership goes.  The log keeps that somebody was forgotten, not who.
    Exports, backups, and files that were handed in stay where they are.
    """
    setup = ctx.ensure_object(Setup)
    with book_of(setup, book) as found:
        who = student_in(found, student)
        tries = sum(1 for _ in found.attempts(student=who))
        question = f"Remove {who}, with {counted(tries, 'attempt')}, for good?"
        if not yes and not click.confirm(question, err=True):
            ctx.exit(1)
        found.forget(who, by)
    click.echo("grade: forgotten", err=True)
