"""What a learning platform is to us: one record, of which `grade platform` and `export` are made.

The docstring of a function in a record is the help of its command; its options are click's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from grader.classroom.intake.layout import Read
from grader.errors import Exit
from grader.platforms.scores import Export

Option = Callable[[Callable[..., Any]], Callable[..., Any]]  # a decorator of click
EXERCISE: Option = click.argument("exercise")


@dataclass(frozen=True, slots=True)
class Grading:
    """`grade platform NAME`: grade one submission where the platform runs us.

    `grade` takes an Order and its own options; it ends with the exit code that is expected there.
    """

    grade: Callable[..., Exit]
    options: tuple[Option, ...] = ()
    root: str | None = "."  # where the platform's paths begin; None: it has no folders


@dataclass(frozen=True, slots=True)
class Upload:
    """`grade export NAME`: a file of a class, for the platform to read.

    `make` takes a Cohort and its own options; a file to be filled in comes as `source`.
    """

    name: str
    make: Callable[..., Export]
    options: tuple[Option, ...] = (EXERCISE,)
    holds: str = "grades"
    fills: bool = False
    is_text: bool = True  # it can be printed


@dataclass(frozen=True, slots=True)
class Package:
    """`grade export NAME`: what an instructor uploads so that the platform runs us.

    `make` takes a Course, the level of isolation, and its own options.
    """

    name: str
    make: Callable[..., bytes]
    options: tuple[Option, ...] = (EXERCISE,)
    of_course: bool = True  # else it is the same for every course, and `make` takes nothing
    takes_draws: bool = False  # here, so that every machine that it is unpacked on has them
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Platform:
    """All that we know of one; `layout` tells how a class's download is read."""

    name: str
    layout: Read | None = None
    grading: Grading | None = None
    uploads: tuple[Upload, ...] = ()
    packages: tuple[Package, ...] = ()
