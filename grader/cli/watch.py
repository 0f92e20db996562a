"""`grade watch`: grade a file again at every save."""

from pathlib import Path

import click
from watchfiles import watch

from grader.classroom.collect import read
from grader.cli.grading import latest, tell_incident, told_secret, with_student
from grader.cli.options import course_option, isolation_option, student_option
from grader.course.setup import Setup, identify
from grader.errors import GraderError, NothingToGrade
from grader.judging import workshop
from grader.judging.incidents import handled
from grader.model import Graded
from grader.reporting.exporters import EXPORTERS
from grader.reporting.report import Audience, report
from grader.reporting.talk import tell_error


@click.command("watch")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@isolation_option
@student_option
@course_option
@click.pass_context
def command(ctx: click.Context, file: Path | None, isolation: str | None, student: str) -> None:
    """Grade FILE, or the exercise file changed last in this folder, at every save."""
    setup = ctx.ensure_object(Setup)
    path = file or latest(setup.course.paths)
    if path is None:
        raise NothingToGrade("no exercise file here", hint="write one with `grade start ID`")
    read(path)  # what cannot be read now is told at once
    with workshop.opened(setup.course, isolation=isolation, sandbox=setup.sandbox()) as shop:
        told_secret(shop)
        _grade(setup, path, student, shop)
        for _ in watch(path.parent, watch_filter=lambda _, name: Path(name).name == path.name):
            click.clear()  # not before the first: what was said until then is to be read
            _grade(setup, path, student, shop)


def _grade(setup: Setup, path: Path, student: str, shop: workshop.Workshop) -> None:
    """One round; an error is told and the watching goes on."""
    try:
        submission = with_student(read(path), student)
        graded, page = handled(submission, identify(setup, submission, None), shop, _page)
        click.echo(page)
        tell_incident(graded)
    except GraderError as error:
        tell_error(str(error), error.hint)
    click.echo(f"watching {path}; Ctrl-C ends", err=True)


def _page(graded: Graded) -> tuple[Graded, str]:
    return graded, EXPORTERS["terminal"](report(graded, Audience.STUDENT)).decode()
