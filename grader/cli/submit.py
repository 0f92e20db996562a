"""`grade submit`: grade one file."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from grader import settings
from grader.classroom import attempts
from grader.classroom.collect import read
from grader.cli import background
from grader.cli.grading import tell_incident, told_secret, with_student
from grader.cli.options import course_option, isolation_option, student_option
from grader.cli.output import refuse_work, report_options, write
from grader.course.setup import Setup, identify
from grader.errors import Exit
from grader.judging import workshop
from grader.judging.incidents import handled
from grader.model import Graded, Submission
from grader.reporting.exporters import EXPORTERS
from grader.reporting.report import Audience, exit_code, report
from grader.reporting.talk import tell


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
    with workshop.opened(setup.course, isolation=isolation, sandbox=setup.sandbox()) as shop:
        told_secret(shop)
        found = identify(setup, submission, exercise)
        told = handled(submission, found, shop, partial(_pages, format_, Audience(audience)))
    if background.wanted(os.environ):
        background.start()
    _keep(setup, submission, told.kept)
    write(told.shown, output)
    if output is not None:
        tell(f"report written to {output}")
    tell_incident(told.graded)
    ctx.exit(told.ends)


@dataclass(frozen=True, slots=True)
class _Told:
    """What was graded, as it is kept and as it is shown."""

    graded: Graded
    kept: bytes
    shown: bytes
    ends: Exit


def _pages(format_: str, audience: Audience, graded: Graded) -> _Told:
    own, asked = report(graded, Audience.STUDENT), report(graded, audience)
    return _Told(graded, EXPORTERS["json"](own), EXPORTERS[format_](asked), exit_code(own))


def _keep(setup: Setup, submission: Submission, kept: bytes) -> None:
    """An attempt that cannot be kept is still graded."""
    try:
        folder = settings.state_folder(os.environ)
        attempts.keep(folder, setup.course.id, submission, kept, datetime.now(UTC))
    except OSError as error:
        tell(f"this attempt could not be kept: {error}")
