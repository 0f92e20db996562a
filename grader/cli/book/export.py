"""`grade book export`: grades as CSV."""

import click

from grader.classroom.gradebook import anonymous
from grader.cli.book.opening import book_of, sheet_of, tell_outdated
from grader.cli.options import book_option, course_option
from grader.cli.output import write
from grader.course.setup import Setup
from grader.platforms import table
from grader.reporting.exporters import csvfile


@click.command("export")
@click.option("--anonymous", "nameless", is_flag=True, help="All attempts, without any name.")
@book_option
@course_option
@click.pass_context
def command(ctx: click.Context, book: str | None, *, nameless: bool) -> None:
    """Write CSV to standard output: one row a student; or, without names, one an attempt."""
    setup = ctx.ensure_object(Setup)
    with book_of(setup, book) as found:
        sheet = sheet_of(setup, found)
        if nameless:
            page = csvfile.write([anonymous.HEADER, *anonymous.rows(found, sheet)])
        else:
            page = table.wide(sheet)
    write(page, None)
    tell_outdated(sheet)
