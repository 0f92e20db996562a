"""Platforms that run us in a container, and read a file that we leave there."""

from pathlib import Path
from typing import get_args

import click

from grader.cli.platform.judging import Asked, Delivery, Judged, judged
from grader.cli.platform.options import asked_options, log_for_staff, root_option, show_staff
from grader.cli.setup import Setup
from grader.errors import AuthorError
from grader.exporters import EXPORTERS
from grader.lms import coursera, gradescope, junit, prairielearn, trouble
from grader.lms.files import write
from grader.lms.trouble import Trouble


@click.command("gradescope")
@root_option("/")
@asked_options
@click.option("--attempts", type=click.IntRange(min=1), help="How many attempts are graded.")
@click.option(
    "--later",
    type=click.Choice(get_args(gradescope.Visibility)),
    default="visible",
    show_default=True,
    help="When checks with hidden cases are shown.",
)
@click.pass_context
def gradescope_command(
    ctx: click.Context,
    root: Path,
    attempts: int | None,
    later: gradescope.Visibility,
    asked: Asked,
) -> None:
    """Read /autograder/submission, write /autograder/results/results.json.

    Standard output, which only instructors see there, has the report for staff.
    """
    place = root / gradescope.RESULTS
    write(place, gradescope.trouble(trouble.unfinished()))
    try:
        spent = gradescope.attempts(root, attempts) if attempts else None
    except AuthorError as error:
        found: Judged | Trouble = trouble.ours(error)
        spent = None
    else:
        if spent is not None and spent.none_left:
            write(place, gradescope.exhausted(spent))
            return
        found = judged(ctx.ensure_object(Setup), root / gradescope.SUBMISSION, asked)
    show_staff(_gradescope(place, spent, later).hand_over(found))


def _gradescope(
    place: Path, spent: gradescope.Attempts | None, later: gradescope.Visibility
) -> Delivery:
    forgiven, forgiving = (spent.forgiven, spent.forgiving) if spent else ((), ())

    def results(found: Judged) -> bytes:
        return gradescope.results(found.student, later=later, forgiven=forgiven)

    def otherwise(found: Trouble) -> bytes:
        return gradescope.trouble(found, forgiving)

    return Delivery(place, results, otherwise)


@click.command("prairielearn")
@root_option("/")
@asked_options
@click.pass_context
def prairielearn_command(ctx: click.Context, root: Path, asked: Asked) -> None:
    """Read /grade/student, write /grade/results/results.json."""
    place = root / prairielearn.RESULTS
    delivery = Delivery(place, lambda f: prairielearn.results(f.student), prairielearn.trouble)
    log_for_staff(_deliver(ctx, root / prairielearn.STUDENT, asked, delivery))


@click.command("coursera")
@root_option("/")
@asked_options
@click.pass_context
def coursera_command(ctx: click.Context, root: Path, asked: Asked) -> None:
    """Read /shared/submission, write /shared/feedback.json and print the same line."""
    place = root / coursera.RESULTS
    delivery = Delivery(place, lambda f: coursera.results(f.student), coursera.trouble)
    log_for_staff(_deliver(ctx, root / coursera.SUBMISSION, asked, delivery))
    click.echo(place.read_text(encoding="utf-8"), nl=False)


@click.command("junit")
@root_option(".")
@asked_options
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    envvar="CG_JUNIT_XML_LOCATION",
    default="grade.xml",
    show_default="$CG_JUNIT_XML_LOCATION, or grade.xml",
    help="The file to write.",
)
@click.pass_context
def junit_command(ctx: click.Context, root: Path, output: Path, asked: Asked) -> None:
    """Grade the file in the folder here, write JUnit XML: Codegrade, Artemis, GitLab."""
    delivery = Delivery(output, lambda f: EXPORTERS["junit"](f.student), junit.trouble)
    found = _deliver(ctx, root, asked, delivery)
    if isinstance(found, Trouble):
        click.echo(f"grade: {found.said}", err=True)  # students may read the log


def _deliver(
    ctx: click.Context, folder: Path, asked: Asked, delivery: Delivery
) -> Judged | Trouble:
    delivery.hold()
    found = judged(ctx.ensure_object(Setup), folder, asked)
    return delivery.hand_over(found)
