"""`grade similar`: who may have copied from whom."""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import click

from grader import settings
from grader.classroom.cohort import HandedIn, Student
from grader.classroom.intake import find, roster
from grader.classroom.similar.compare import compared
from grader.classroom.similar.exercise import handed
from grader.classroom.similar.gathered import gathered
from grader.classroom.similar.plain import FORMATS
from grader.cli.options import book_option, course_option, pattern_option, roster_option
from grader.cli.output import refuse_work, write
from grader.course.setup import Setup
from grader.errors import NothingToGrade, UsageError
from grader.reporting.talk import tell

_ENDINGS = {".html": "html", ".htm": "html", ".json": "json", ".csv": "csv", ".txt": "terminal"}


@click.command("similar")
@click.argument("paths", type=click.Path(path_type=Path, exists=True), nargs=-1)
@click.option("--exercise", metavar="ID", help="Only this one; also of files that do not say it.")
@roster_option
@pattern_option
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    help="Else by the ending of --output; else a short list.",
)
@click.option("--least", type=float, metavar="BITS", help="List pairs from this surprise on.")
@book_option
@course_option
@click.pass_context
def command(  # noqa: PLR0913  (one parameter an option)
    ctx: click.Context,
    paths: tuple[Path, ...],
    *,
    exercise: str | None,
    roster_file: Path | None,
    pattern: str | None,
    output: Path | None,
    format_: str | None,
    least: float | None,
    book: str | None,
) -> None:
    """Rank pairs of students by what they share beyond chance; of PATHS, or of the gradebook.

    PATHS are folders or zips, as for `grade batch`.  Names, comments and layout are seen through,
    the starter is subtracted, and what many write counts little.  Similarity is no proof of
    copying, and changes no grade.
    """
    setup = ctx.ensure_object(Setup)
    for path in paths:
        setup.refuse_inside(path)
    refuse_work(output, "similar.html")
    chosen = format_ or _format(output)
    if exercise:
        setup.exercise(exercise)
    with ExitStack() as stack:
        if paths:
            files, students = _handed_in(paths, roster_file, pattern)
        else:
            files, students = _kept(stack, setup, book, exercise)
        have = gathered(files, students, setup.course.paths, exercise)
        _tell(have.left)
        works = {id_: own for id_, own in have.works.items() if own}
        if not works:
            raise NothingToGrade("there is nothing to compare", hint="name the folder of a class")
        whose = ((handed(setup.exercise(id_), setup.course.id), own) for id_, own in works.items())
        page = FORMATS[chosen]([compared(own, known, least) for known, own in whose])
    write(page, output, private=True)
    if output is not None:
        tell(f"written to {output}")


_Files = tuple[Iterable[HandedIn], Mapping[str, Student]]


def _handed_in(paths: Sequence[Path], roster_file: Path | None, pattern: str | None) -> _Files:
    people = roster.read(roster_file) if roster_file else None
    read = [find(path, people, pattern) for path in paths]
    _tell([(left.where, left.why) for intake in read for left in intake.left])
    students = {one.id: one for intake in read for one in intake.students}
    return [one for intake in read for one in intake.handed_in], students


def _kept(stack: ExitStack, setup: Setup, book: str | None, exercise: str | None) -> _Files:
    """Every attempt in the gradebook, which stays open as long as bytes may be asked for."""
    from grader.classroom import gradebook  # noqa: PLC0415  (slow, and a folder needs none)

    url = settings.book_url(book, os.environ, setup.course.id)
    opened = stack.enter_context(gradebook.opened(url, setup.course.id, must_exist=True))
    files = (
        HandedIn(
            kept.students,
            kept.name,
            f"{kept.origin or kept.name}, {kept.at:%Y-%m-%d %H:%M}",
            partial(opened.raw, kept.digest),
            kept.exercise,
            kept.at,
        )
        for kept in opened.attempts(exercise)
    )
    return files, opened.students()


def _tell(left: Sequence[tuple[str, str]]) -> None:
    for where, why in left:
        tell(f"left aside: {where}: {why}")


def _format(output: Path | None) -> str:
    ending = output.suffix.lower() if output else ".txt"
    if ending not in _ENDINGS:
        hint = f"give it one of {', '.join(_ENDINGS)}, or say which: --format"
        raise UsageError(f"the ending of {output} says no format", hint=hint)
    return _ENDINGS[ending]
