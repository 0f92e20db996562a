"""What the commands of all platforms share: their options, and talk for staff."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from grader.cli.platform.judging import Asked, Judged
from grader.cli.setup import course_option, isolation_option
from grader.exporters import EXPORTERS
from grader.exporters.text import inert, visible
from grader.lms.trouble import Trouble
from grader.model import Isolation
from grader.shown import ShownIsolation

_Command = TypeVar("_Command", bound=Callable[..., Any])


def asked_options(function: _Command) -> Callable[..., Any]:
    """`--exercise`, `--isolation` and `--course`; the first two come as one `asked`."""

    @wraps(function)
    def with_asked(*args: Any, exercise: str, isolation: str | None, **others: Any) -> Any:  # noqa: ANN401
        return function(*args, asked=Asked(exercise, isolation), **others)

    option = click.option(
        "--exercise", metavar="ID", default="", help="The exercise; else the file says it."
    )
    return option(isolation_option(course_option(with_asked)))


def root_option(default: str) -> Callable[[_Command], _Command]:
    """`--root DIR`: where the platform's own paths begin."""
    return click.option(
        "--root",
        metavar="DIR",
        type=click.Path(path_type=Path),
        default=default,
        show_default=True,
        help="Where the platform's paths begin.",
    )


def show_staff(found: Judged | Trouble) -> None:
    """All there is, on standard output: only where no student can see it."""
    click.echo(_line(found))
    if isinstance(found, Judged):
        sys.stdout.write(EXPORTERS["terminal"](found.staff).decode())


def log_for_staff(found: Judged | Trouble) -> None:
    """What goes to a container's log; nothing of hidden cases, as who reads it is not known."""
    click.echo(_line(found), err=True)


def _line(found: Judged | Trouble) -> str:
    if isinstance(found, Trouble):
        return f"grade: no grade: {found.details}"
    return inert(visible(isolation_line(found.staff.isolation)))


def isolation_line(confined: Isolation | ShownIsolation) -> str:
    """What this machine gave."""
    missing = f"; missing: {', '.join(confined.missing)}" * bool(confined.missing)
    return f"isolation: {confined.level} (mode {confined.mode}{missing})"
