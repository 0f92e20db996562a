"""`grade submit`: grade one file."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from grader import attempts, background, settings, workshop
from grader.cli.grading import EXIT_CODES, identified, told_secret, with_student
from grader.cli.setup import Setup, course_option, isolation_option, student_option
from grader.cli.talk import tell
from grader.collect import read
from grader.errors import StudentError
from grader.exporters import EXPORTERS
from grader.model import Submission
from grader.pipeline import grade
from grader.report import Audience, report


@click.command("submit")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--exercise", metavar="ID", help="The exercise, if the file does not say it.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(EXPORTERS)),
    default="terminal",
    show_default=True,
)
@click.option("--output", type=click.Path(path_type=Path), help="Write the report to this file.")
@click.option(
    "--audience",
    type=click.Choice([audience.value for audience in Audience]),
    default=Audience.STUDENT.value,
    show_default=True,
    help="Who will read it; a teacher sees hidden cases in full.",
)
@isolation_option
@student_option
@course_option
@click.pass_context
def command(  # noqa: PLR0913, PLR0917  (one parameter an option)
    ctx: click.Context,
    file: Path,
    exercise: str | None,
    format_: str,
    output: Path | None,
    audience: str,
    isolation: str | None,
    student: str,
) -> None:
    """Grade FILE (.py or .ipynb), keep the attempt, print the report."""
    setup = ctx.ensure_object(Setup)
    _refuse_work(output)
    submission = with_student(read(file), student)
    with workshop.opened(setup.course, isolation=isolation) as shop:
        told_secret(shop)
        found = identified(setup, submission, exercise)
        graded = grade(submission, found, shop)
    if background.wanted(os.environ):
        background.start()
    _keep(setup, submission, EXPORTERS["json"](report(graded, Audience.STUDENT)))
    _write(EXPORTERS[format_](report(graded, Audience(audience))), output)
    ctx.exit(EXIT_CODES[graded.verdict.outcome])


def _refuse_work(output: Path | None) -> None:
    """A report must never be written over somebody's work."""
    if output is not None and output.suffix in (".py", ".ipynb"):
        raise StudentError(
            f"{output} looks like work, not like a report",
            hint="name a file with another ending, such as report.html",
        )


def _keep(setup: Setup, submission: Submission, kept: bytes) -> None:
    """An attempt that cannot be kept is still graded."""
    try:
        folder = settings.state_folder(os.environ)
        attempts.keep(folder, setup.course.id, submission, kept, datetime.now(UTC))
    except OSError as error:
        tell(f"this attempt could not be kept: {error}")


def _write(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise StudentError(f"{output} cannot be written: {error.strerror}") from error
    click.echo(f"report written to {output}", err=True)
