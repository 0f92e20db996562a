"""`grade platform`: grade one submission where a learning platform runs us."""

from pathlib import Path
from typing import Any

import click

from grader.cli.options import course_option, isolation_option, made
from grader.course.setup import Setup
from grader.platforms.platform import Grading
from grader.platforms.registry import PLATFORMS
from grader.platforms.submission import Order


@click.group("platform")
def command() -> None:
    """Grade one submission where a learning platform runs us.

    The platform's result file is written whatever happens, and the exit code is the one that the
    platform expects.
    """


def _command(name: str, grading: Grading) -> click.Command:
    @click.pass_context
    def run(ctx: click.Context, /, isolation: str | None, **own: Any) -> None:  # noqa: ANN401
        given = {field: own.pop(field) for field in ("root", "exercise") if field in own}
        order = Order(ctx.ensure_object(Setup), isolation=isolation, **given)
        ctx.exit(grading.grade(order, **own))

    shared = (isolation_option, course_option)
    if grading.root is None:
        return made(name, grading.grade, run, (*grading.options, *shared))
    exercise = click.option(
        "--exercise", metavar="ID", default="", help="The exercise; else the file says it."
    )
    return made(
        name, grading.grade, run, (_root(grading.root), exercise, *shared, *grading.options)
    )


def _root(default: str) -> Any:  # noqa: ANN401  (click's own type)
    return click.option(
        "--root",
        metavar="DIR",
        type=click.Path(path_type=Path),
        default=default,
        show_default=True,
        help="Where the platform's paths begin.",
    )


for _each in PLATFORMS.values():
    if _each.grading:
        command.add_command(_command(_each.name, _each.grading))
