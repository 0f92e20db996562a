"""Platforms that run us in a container, and read a file that we leave there."""

from pathlib import Path
from typing import get_args

import click

from grader.cli.platform.judging import OURS, Asked, Delivery, Judged, judged
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
    delivery = _gradescope(root, None, later)
    delivery.hold()
    try:
        spent = gradescope.attempts(root, attempts) if attempts else None
    except AuthorError as error:
        show_staff(delivery.hand_over(trouble.ours(error)))
        return
    delivery = _gradescope(root, spent, later)
    delivery.hold()  # again: who is killed from here on keeps what was forgiven
    if spent is not None and spent.none_left:
        write(gradescope.RESULTS, gradescope.exhausted(spent), root)
        return
    found = judged(ctx.ensure_object(Setup), root / gradescope.SUBMISSION, asked)
    show_staff(delivery.hand_over(found))


def _gradescope(
    root: Path, spent: gradescope.Attempts | None, later: gradescope.Visibility
) -> Delivery:
    forgiven, forgiving = (spent.forgiven, spent.forgiving) if spent else ((), ())

    def results(found: Judged) -> bytes:
        return gradescope.results(found.student, later=later, forgiven=forgiven)

    def otherwise(found: Trouble) -> bytes:
        return gradescope.trouble(found, forgiving)

    return Delivery(root, gradescope.RESULTS, results, otherwise)


@click.command("prairielearn")
@root_option("/")
@asked_options
@click.pass_context
def prairielearn_command(ctx: click.Context, root: Path, asked: Asked) -> None:
    """Read /grade/student, write /grade/results/results.json."""
    results, otherwise = prairielearn.results, prairielearn.trouble
    delivery = Delivery(root, prairielearn.RESULTS, lambda f: results(f.student), otherwise)
    log_for_staff(_deliver(ctx, root / prairielearn.STUDENT, asked, delivery))


@click.command("coursera")
@root_option("/")
@asked_options
@click.pass_context
def coursera_command(ctx: click.Context, root: Path, asked: Asked) -> None:
    """Read /shared/submission, write /shared/feedback.json and print the same line."""
    results, otherwise = coursera.results, coursera.trouble
    delivery = Delivery(root, coursera.RESULTS, lambda f: results(f.student), otherwise)
    log_for_staff(_deliver(ctx, root / coursera.SUBMISSION, asked, delivery))
    click.echo((root / coursera.RESULTS).read_text(encoding="utf-8"), nl=False)


@click.command("junit")
@root_option(".")
@asked_options
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    envvar="CG_JUNIT_XML_LOCATION",
    default="grade.xml",
    show_default="$CG_JUNIT_XML_LOCATION, or grade.xml",
    help="The file to write, below the root.",
)
@click.pass_context
def junit_command(ctx: click.Context, root: Path, output: Path, asked: Asked) -> None:
    """Grade the file in the folder here, write JUnit XML: Codegrade, Artemis, GitLab.

    Ends with 0 for any grade, and for a file that cannot be graded; with 3 if the grader failed.
    """
    delivery = Delivery(root, output, lambda f: EXPORTERS["junit"](f.student), junit.trouble)
    found = _deliver(ctx, root, asked, delivery)
    if isinstance(found, Trouble):
        click.echo(f"grade: {found.said}", err=True)  # students may read the log
        ctx.exit(OURS if found.ours else 0)


def _deliver(
    ctx: click.Context, folder: Path, asked: Asked, delivery: Delivery
) -> Judged | Trouble:
    delivery.hold()
    found = judged(ctx.ensure_object(Setup), folder, asked)
    return delivery.hand_over(found)
