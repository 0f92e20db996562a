"""`grade submit`: grade one file."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from grader import attempts, background, settings, workshop
from grader.cli.grading import told_secret, with_student
from grader.cli.options import course_option, isolation_option, student_option
from grader.cli.output import refuse_work, report_options, write
from grader.cli.talk import tell
from grader.collect import read
from grader.exporters import EXPORTERS
from grader.model import Submission
from grader.pipeline import grade
from grader.report import Audience, exit_code, report
from grader.setup import Setup, identify


@click.command("submit")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--exercise", metavar="ID", help="The exercise, if the file does not say it.")
@report_options
@click.option("--output", type=click.Path(path_type=Path), help="Write the report to this file.")
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
    refuse_work(output, "report.html")
    submission = with_student(read(file), student)
    with workshop.opened(setup.course, isolation=isolation) as shop:
        told_secret(shop)
        found = identify(setup, submission, exercise)
        graded = grade(submission, found, shop)
    if background.wanted(os.environ):
        background.start()
    own = report(graded, Audience.STUDENT)
    _keep(setup, submission, EXPORTERS["json"](own))
    write(EXPORTERS[format_](report(graded, Audience(audience))), output)
    if output is not None:
        tell(f"report written to {output}")
    ctx.exit(exit_code(own))


def _keep(setup: Setup, submission: Submission, kept: bytes) -> None:
    """An attempt that cannot be kept is still graded."""
    try:
        folder = settings.state_folder(os.environ)
        attempts.keep(folder, setup.course.id, submission, kept, datetime.now(UTC))
    except OSError as error:
        tell(f"this attempt could not be kept: {error}")
