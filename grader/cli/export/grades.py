"""`grade export csv`, `nbgrader`, `moodle-worksheet`, `moodle-gradebook`, `canvas`."""

from pathlib import Path

import click

from grader.cli.export.cohorts import Cohort, said, with_cohort
from grader.cli.export.delivery import Destination, filled_in, output_option
from grader.errors import StudentError
from grader.lms import canvas, moodle, table
from grader.lms.scores import Export
from grader.rounding import exact


@click.command("csv")
@with_cohort
@output_option
def csv_command(cohort: Cohort, destination: Destination) -> None:
    """A table with one row a student.

    It has the points in each exercise, and the weighted total in percent.  A cell that a
    spreadsheet would compute has an apostrophe in front; numbers stay numbers.
    """
    destination.deliver(Export(table.wide(cohort.sheet), len(cohort.sheet.students)), "students")


@click.command("nbgrader")
@with_cohort
@output_option
def nbgrader_command(cohort: Cohort, destination: Destination) -> None:
    """The same with nbgrader's columns.

    It has one row a student and exercise, as `nbgrader export` writes it.  The due date is the
    student's own; there is no timestamp where the time was not told.
    """
    destination.deliver(Export(table.nbgrader(cohort.sheet), len(cohort.sheet.grades)))


@click.command("moodle-worksheet")
@filled_in
@click.argument("exercise")
@click.option(
    "--comments",
    "column",
    metavar="COLUMN",
    help='Also write what students read, into a column such as "Feedback comments".',
)
@with_cohort
def moodle_worksheet_command(
    cohort: Cohort, source: Path, exercise: str, column: str | None, destination: Destination
) -> None:
    """Fill in a grading worksheet of Moodle.

    FILE is what `Download grading worksheet` gave, EXERCISE whose grades it gets.

    Students are known by the numbers of a Moodle download that was graded, else by e-mail, id, or
    a name that only one has.  Grades are scaled to the maximum grade.  Upload the file where you
    downloaded it, with `Upload grading worksheet`.
    """
    words = said(cohort, exercise)
    numbers = moodle.participants((kept.students, kept.origin) for kept in words.kept.values())
    comments = moodle.Comments(column, words.html) if column else None
    export = moodle.worksheet(source.read_bytes(), cohort.sheet, exercise, numbers, comments)
    destination.deliver(export)


@click.command("moodle-gradebook")
@click.argument("exercise")
@click.option(
    "--by",
    type=click.Choice(list(moodle.IDENTIFIERS)),
    default="email",
    show_default=True,
    help="How Moodle is told whose row it is.",
)
@click.option(
    "--out-of",
    "maximum",
    type=click.FloatRange(min=0, min_open=True),
    help="Scale to this maximum; else points are out of the exercise's.",
)
@with_cohort
@output_option
def moodle_gradebook_command(
    cohort: Cohort, exercise: str, by: str, maximum: float | None, destination: Destination
) -> None:
    """A CSV for the gradebook of Moodle.

    It has the grades of EXERCISE, or of `total`, for `Grades, Import, CSV file`.  Map its first
    column to the identifier, the second to the grade item.  It has no row that Moodle would refuse
    the whole file for, as long as everybody in it is in the Moodle course.
    """
    scale = None if maximum is None else exact(maximum)
    destination.deliver(moodle.gradebook(cohort.sheet, exercise, by, scale))


@click.command("canvas")
@filled_in
@click.argument("columns", metavar="EXERCISE[=COLUMN]...", nargs=-1, required=True)
@with_cohort
def canvas_command(
    cohort: Cohort, source: Path, columns: tuple[str, ...], destination: Destination
) -> None:
    """Fill in a gradebook exported from Canvas.

    FILE is what `Export Entire Gradebook` gave.  The column is the one that is called like the
    exercise; COLUMN is the title or the number of another.  Grades are scaled to the points
    possible.  All other cells stay byte for byte: export the file just before, as Canvas takes back
    every cell of it.
    """
    chosen = dict(each.partition("=")[::2] for each in columns)
    if len(chosen) < len(columns):
        raise StudentError("an exercise is named twice", hint="one column an exercise")
    destination.deliver(canvas.gradebook(source.read_bytes(), cohort.sheet, chosen))
