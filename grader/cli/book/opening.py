"""What the subcommands of `grade book` have in common: the book, who is meant, and who asks."""

import getpass
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any, TypeVar

import click
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from grader import settings
from grader.cli.setup import Setup
from grader.cohort import Sheet
from grader.errors import NothingToGrade, StudentError
from grader.exporters.text import brief, visible
from grader.exporters.words import WHOLE
from grader.gradebook import Gradebook, opened

_LONG = 2000
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


def student_in(book: Gradebook, word: str) -> str:
    """The id that is meant by an id, an alias or an address.

    Raises StudentError, with names that are close, if that is nobody, or more than one.
    """
    people = book.people()
    if word in people:
        return word
    meant = [each.id for each in people.values() if word in {each.email, *each.aliases}]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise StudentError(f"{word} may be {', '.join(sorted(meant))}", hint="say the id")
    raise StudentError(f"no student {word!r} in the gradebook", hint=_close(word, people))


def exercise_in(setup: Setup, word: str) -> str:
    """Raises StudentError, with ids that are close, if the course has no such exercise."""
    if word in setup.course.paths:
        return word
    hint = _close(word, setup.course.paths)
    raise StudentError(f"no exercise {word!r} in this course", hint=hint)


def by_option(command: _Command) -> _Command:
    """`--by NAME`: who says so, for the log."""
    return click.option(
        "--by",
        metavar="NAME",
        default=login,
        show_default="your login",
        help="Who says so, for the log.",
    )(command)


def standing(word: str) -> str:
    """As reports have it."""
    return WHOLE.get(word, word)


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def shown(text: str, longest: int = 80) -> str:
    """One line of something from outside."""
    return brief(visible(text), longest)


def print_table(header: Iterable[str], rows: Iterable[Iterable[str]], *, left: int = 1) -> None:
    """A table in a terminal, lines with tabs elsewhere; the first `left` columns are texts."""
    console, names = Console(), list(header)
    if not console.is_terminal:
        for row in (names, *rows):
            click.echo("\t".join(_cells(row)))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, name in enumerate(names):
        justify: JustifyMethod = "left" if at < left else "right"
        last = at == len(names) - 1
        table.add_column(Text(shown(name)), justify=justify, no_wrap=not last, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, _cells(row)))
    console.print(table)


def _cells(row: Iterable[str]) -> list[str]:
    """The last may be long: reasons and details, which a terminal folds."""
    *cells, last = row
    return [*map(shown, cells), shown(last, _LONG)]


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
