"""`grade book log`: who changed what."""

import click

from grader.cli.book.opening import book_of, print_table
from grader.cli.setup import Setup, book_option, course_option
from grader.gradebook import Entry

_HEADER = ("when", "who", "what", "student", "details")


@click.command("log")
@book_option
@course_option
@click.pass_context
def command(ctx: click.Context, book: str | None) -> None:
    """Show every change that people made, oldest first: overrides, extensions, enrolments, …"""
    setup = ctx.ensure_object(Setup)
    with book_of(setup, book) as found:
        entries = found.log()
    print_table(_HEADER, (_row(entry) for entry in entries), left=len(_HEADER))


def _row(entry: Entry) -> tuple[str, ...]:
    details = ", ".join(f"{name}: {value}" for name, value in entry.details.items())
    when = f"{entry.at.astimezone():%Y-%m-%d %H:%M}"
    return when, entry.who, entry.what, entry.student, details
