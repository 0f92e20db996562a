"""`grade export moodle-feedback`, `canvas-feedback`: what each student may read."""

from pathlib import Path

import click

from grader.cli.export.cohorts import Cohort, said, with_cohort
from grader.cli.export.delivery import Destination, file_option
from grader.lms import canvas, moodle
from grader.lms.scores import in_course


@click.command("moodle-feedback")
@click.argument("exercise")
@click.option(
    "--worksheet",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The grading worksheet: it tells all numbers, those of a group's members, too.",
)
@with_cohort
@file_option
def moodle_feedback_command(
    cohort: Cohort, exercise: str, worksheet: Path | None, destination: Destination
) -> None:
    """A zip of reports, one page a student.

    It is for `Upload multiple feedback files in a zip`.  Moodle knows students by numbers that a
    download of theirs has, or the grading worksheet.
    """
    words = said(cohort, in_course(cohort.sheet, exercise))
    told = moodle.participants((kept.students, kept.origin) for kept in words.kept.values())
    if worksheet:
        numbers = moodle.listed(worksheet.read_bytes(), cohort.sheet, told)
    else:
        numbers = moodle.believed(told, cohort.sheet)
    pages = ((student, words.page(student.id)) for student, _ in words.attempts())
    export = moodle.feedback(pages, numbers, listed=worksheet is not None)
    destination.deliver(export, "pages")


@click.command("canvas-feedback")
@click.argument("exercise")
@with_cohort
@file_option
def canvas_feedback_command(cohort: Cohort, exercise: str, destination: Destination) -> None:
    """A zip of the files with reports in front.

    It is for `Upload Submissions`.  Canvas knows the files by the names that its own download gave
    them.
    """
    words = said(cohort, in_course(cohort.sheet, exercise))
    files = (
        (student, kept.origin, cohort.book.raw(kept.digest), words.plain(student.id))
        for student, kept in words.attempts()
    )
    destination.deliver(canvas.feedback(files), "files")
