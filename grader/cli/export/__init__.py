"""`grade export`: files and packages for a learning platform."""

import click

from grader.cli.export import grades, packages, pages


@click.group("export")
def command() -> None:
    """Files with a class's grades, and packages with which a platform runs the grader itself.

    A file that a platform gave is filled in: what changes is said on stderr, and so is who was
    left out.  Grades above the maximum are written as the maximum, and no student is guessed.
    """


for _each in (
    grades.csv_command,
    grades.nbgrader_command,
    grades.moodle_worksheet_command,
    grades.moodle_gradebook_command,
    pages.moodle_feedback_command,
    grades.canvas_command,
    pages.canvas_feedback_command,
    packages.gradescope_command,
    packages.prairielearn_command,
    packages.prairielearn_image_command,
    packages.coursera_command,
    packages.classroom50_command,
    packages.actions_command,
):
    command.add_command(_each)
