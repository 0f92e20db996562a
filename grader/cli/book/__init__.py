"""`grade book`: the gradebook, one file a subcommand."""

import click

from grader.cli.lazy import LazyGroup

COMMANDS = {
    "show": "Grades, of all or of one student or exercise.",
    "report": "The report of the attempt that counts.",
    "stats": "Statistics per exercise and check; frequent misconceptions.",
    "export": "All grades as CSV; or all attempts without names.",
    "enrol": "Put the students of a roster into the gradebook.",
    "override": "Let other points count, with a reason.",
    "extend": "Give one student another due date.",
    "regrade": "Grade again what the gradebook holds.",
    "forget": "Remove all that is known of a student.",
    "log": "Who changed what.",
}


class Book(LazyGroup):
    package = __name__
    words = COMMANDS


@click.group("book", cls=Book)
def command() -> None:
    """Show, correct and export what a class has been graded.

    How attempts become grades stands under `book:` in the course's course.yaml.
    """
