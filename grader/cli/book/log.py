"""`grade book log`: who changed what."""

from collections.abc import Iterator

import click

from grader.classroom.gradebook import Entry
from grader.cli.book.opening import book_of
from grader.cli.book.tables import moment, print_table
from grader.cli.options import book_option, course_option
from grader.course.setup import Setup

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
    details = " ".join(_words("", entry.details))
    return moment(entry.at), entry.who, entry.what, entry.student, details


def _words(name: str, value: object) -> Iterator[str]:
    """`keep=best late.percent=10`."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from _words(f"{name}.{key}" if name else key, inner)
        case list():
            yield f"{name}={', '.join(map(str, value))}"
        case None:
            yield f"{name}=none"
        case bool():
            yield f"{name}={'yes' if value else 'no'}"
        case float():
            yield f"{name}={value:g}"
        case _:
            yield f"{name}={value}"
