"""What the subcommands of `grade book` have in common: the book, who is meant, and who asks."""

import getpass
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any, TypeVar

import click

from grader import settings
from grader.classroom.cohort import Column, Directory, Sheet
from grader.classroom.gradebook import Gradebook, opened
from grader.course.setup import Setup
from grader.errors import NothingToGrade, UsageError
from grader.reporting.exporters.text import points
from grader.reporting.talk import tell

_Command = TypeVar("_Command", bound=Callable[..., Any])


@contextmanager
def book_of(setup: Setup, option: str | None, *, must_exist: bool = True) -> Iterator[Gradebook]:
    """The course's gradebook."""
    url = settings.book_url(option, os.environ, setup.course.id)
    with opened(url, setup.course.id, must_exist=must_exist) as book:
        yield book


def sheet_of(setup: Setup, book: Gradebook) -> Sheet:
    """Every grade.  Raises NothingToGrade for an empty book."""
    sheet = book.sheet(setup.course, lambda id_: worth(setup, id_))
    if not sheet.students and not book.people():
        hint = "`grade batch PATH` grades what was handed in, `grade book enrol` takes a roster"
        raise NothingToGrade(f"the gradebook {book.place} holds nobody of this course", hint=hint)
    return sheet


def worth(setup: Setup, exercise: str) -> float:
    """The points of an exercise, by its file."""
    return float(sum(check.worth for check in setup.exercise(exercise).checks))


def tell_outdated(sheet: Sheet, exercise: str | None = None) -> None:
    """Say of which exercises, or of this one, there are results of an earlier version."""
    for column in sheet.columns:
        if exercise not in {None, column.exercise}:
            continue
        maxima = [
            grade.max_points
            for student in sheet.students
            if (grade := sheet.grades.get((student.id, column.exercise)))
            and grade.max_points != column.max_points
        ]
        if maxima:
            tell(_outdated(column, maxima))


def _outdated(column: Column, maxima: Sequence[float]) -> str:
    are = "is" if len(maxima) == 1 else "are"
    earlier = " or ".join(points(each) for each in sorted(set(maxima)))
    return (
        f"{counted(len(maxima), 'result')} of {column.exercise} {are} of an earlier version of it, "
        f"of {earlier} points instead of {points(column.max_points)}: "
        f"`grade book regrade --exercise {column.exercise}`"
    )


def student_in(book: Gradebook, word: str) -> str:
    """The id that is meant by an id, an alias or an address.

    Raises UsageError, with names that are close, if that is nobody, or more than one.
    """
    people = book.people()
    meant = sorted(each.id for each in Directory(people.values()).called(word))
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise UsageError(f"{word} may be {', '.join(meant)}", hint="say the id")
    raise UsageError(f"no student {word!r} in the gradebook", hint=_close(word, people))


def exercise_in(setup: Setup, word: str) -> str:
    """Raises UsageError, with ids that are close, if the course has no such exercise."""
    if word in setup.course.paths:
        return word
    hint = _close(word, setup.course.paths)
    raise UsageError(f"no exercise {word!r} in this course", hint=hint)


def by_option(command: _Command) -> _Command:
    """`--by NAME`: who says so, for the log."""
    return click.option(
        "--by",
        metavar="NAME",
        default=login,
        show_default="your login",
        help="Who says so, for the log.",
    )(command)


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())  # in a container a user may have no name


def _close(word: str, known: Iterable[str]) -> str:
    names = list(known)
    close = get_close_matches(word, names, n=3)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"there are {len(names)}: `grade book show` has them all"
