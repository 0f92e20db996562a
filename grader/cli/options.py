"""The options that commands share."""

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from grader.course.setup import Setup

_Command = TypeVar("_Command", bound=Callable[..., Any])


def made(
    name: str,
    worded: Callable[..., Any],
    run: Callable[..., Any],
    options: Sequence[Callable[[Callable[..., Any]], Callable[..., Any]]],
) -> click.Command:
    """A command out of data: its help is the docstring of what it is for."""
    for option in reversed(options):
        run = option(run)
    return click.command(name, help=inspect.getdoc(worded))(run)


def course_option(command: _Command) -> _Command:
    """`--course` after the command, too."""

    def keep(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
        if value is not None:
            ctx.ensure_object(Setup).course_option = value

    return click.option(
        "--course",
        metavar="DIR",
        type=click.Path(path_type=Path),
        expose_value=False,
        callback=keep,
        help="The course's folder.",
    )(command)


def student_option(command: _Command) -> _Command:
    """`--as ID`: whose numbers to use."""
    return click.option(
        "--as",
        "student",
        metavar="ID",
        envvar="GRADE_STUDENT",
        default="",
        help="Student id: the same id has the same numbers on any machine.",
    )(command)


def isolation_option(command: _Command) -> _Command:
    """`--isolation LEVEL`: what is required of this machine."""
    return click.option(
        "--isolation",
        type=click.Choice(["none", "basic", "strong", "full"]),
        help="The least that must keep student code in; else strong, or what the course asks for.",
    )(command)


def book_option(command: _Command) -> _Command:
    """`--book URL`: which gradebook."""
    return click.option(
        "--book",
        metavar="URL",
        help="The gradebook: a file, or postgresql://…; else GRADE_BOOK, else one of your own.",
    )(command)


def roster_option(command: _Command) -> _Command:
    """`--roster CSV`: who is in the class."""
    return click.option(
        "--roster",
        "roster_file",
        metavar="CSV",
        type=click.Path(path_type=Path, exists=True),
        help="Who is in the class: a list with ids, names, e-mails, groups.",
    )(command)


def pattern_option(command: _Command) -> _Command:
    """`--pattern REGEX`: a layout of one's own."""
    return click.option(
        "--pattern", metavar="REGEX", help="For another layout: (?P<student>…) in paths."
    )(command)
