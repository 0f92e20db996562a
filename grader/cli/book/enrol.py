"""`grade book enrol`: roster → gradebook."""

from pathlib import Path

import click

from grader.classroom.gradebook.recognising import refuse_shared_address
from grader.classroom.intake import roster
from grader.cli.book.opening import book_of, by_option, counted
from grader.cli.options import book_option, course_option
from grader.course.setup import Setup
from grader.reporting.talk import tell


@click.command("enrol")
@click.argument("file", type=click.Path(path_type=Path))
@by_option
@book_option
@course_option
@click.pass_context
def command(ctx: click.Context, file: Path, by: str, book: str | None) -> None:
    """Put the students of a roster (CSV) into the gradebook, or change what is known of them.

    Who is not in the file stays: `grade book forget` removes.
    """
    setup = ctx.ensure_object(Setup)
    students = roster.read(file).students
    told = {student.id: student for student in students}
    refuse_shared_address(told, told)  # before a book is made for nothing
    with book_of(setup, book, must_exist=False) as found:
        changed = found.enrol(students, by)
    tell(f"{counted(len(students), 'student')}, {changed} new or changed")
