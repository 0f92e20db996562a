"""What every command starts from: the course, and the options that all of them share."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from grader import settings
from grader.cli.talk import tell
from grader.course import load_course, load_exercise
from grader.errors import StudentError
from grader.format import Course, Exercise
from grader.settings import CoursePlace

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass
class Setup:
    """The options given before the command."""

    course_option: Path | None
    _place: CoursePlace | None = field(default=None, repr=False)
    _course: Course | None = field(default=None, repr=False)
    _exercises: dict[str, Exercise] = field(default_factory=dict, repr=False)

    @property
    def course(self) -> Course:
        """The course, found by option, environment, or upwards from here, which is said."""
        if self._course is None:
            place = self._found()
            if not place.trusted:
                tell(f"the course is the one found in {place.folder}; `--course DIR` names one")
            self._course = load_course(place.folder, trusted=place.trusted)
        return self._course

    def refuse_inside(self, handed_in: Path) -> None:
        """Raise StudentError if the course was found in what is to be graded."""
        place = self._found()
        if not place.trusted and place.folder.resolve().is_relative_to(handed_in.resolve()):
            raise StudentError(
                f"the course in {place.folder} is part of what was handed in",
                hint="name the course to grade by: --course DIR, or GRADE_COURSE",
            )

    def look_outside(self, handed_in: Path) -> None:
        """Pass over a course that lies in what is to be graded."""
        self._place = settings.find_course(
            self.course_option, os.environ, Path.cwd(), handed_in=handed_in
        )

    def _found(self) -> CoursePlace:
        if self._place is None:
            self._place = settings.find_course(self.course_option, os.environ, Path.cwd())
        return self._place

    def exercise(self, id_: str) -> Exercise:
        """Loaded once."""
        if id_ not in self._exercises:
            self._exercises[id_] = load_exercise(self.course, id_)
        return self._exercises[id_]


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
