"""`grade export`: files and packages for a learning platform."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from grader.cli.grading import told_secret
from grader.cli.options import book_option, course_option, isolation_option, made
from grader.cli.output import refuse_work, write
from grader.course.setup import Setup
from grader.errors import NothingToGrade, UsageError
from grader.judging import workshop
from grader.platforms.platform import Option, Package, Upload
from grader.platforms.registry import PLATFORMS
from grader.platforms.reports import Cohort
from grader.platforms.scores import Export
from grader.reporting.exporters.text import inert, visible

_FILE = click.Path(path_type=Path, dir_okay=False)
_NEEDED: Option = click.option("--output", type=_FILE, required=True, help="Where to write it.")
_ELSE_PRINTED: Option = click.option(
    "--output", type=_FILE, help="Where to write it; else it is printed."
)
_SOURCE: Option = click.argument(
    "source",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True),
)
_OVER: Option = click.option("--in-place", is_flag=True, help="Write it over FILE.")


@click.group("export")
def command() -> None:
    """Files with a class's grades, and packages with which a platform runs the grader itself.

    A file that a platform gave is filled in: what changes is said on stderr, and so is who was
    left out.  Grades above the maximum are written as the maximum, and no student is guessed.
    """


def _package(package: Package) -> click.Command:
    @click.pass_context
    def run(ctx: click.Context, /, output: Path | None, **given: Any) -> None:  # noqa: ANN401
        _refuse_work(output)
        if package.of_course:
            # Nothing is run here, and what is made names its course: there it is trusted.
            course = replace(ctx.ensure_object(Setup).course, trusted=True)
            level = given.pop("isolation") or course.isolation
            given |= {"course": course, "isolation": level}
        if package.takes_draws:
            _take_draws(ctx.ensure_object(Setup), given["exercise"])
        write(package.make(**given), output, private=True)

    shared: tuple[Option, ...] = (isolation_option, course_option) if package.of_course else ()
    output = _ELSE_PRINTED if package.is_text else _NEEDED
    return made(package.name, package.make, run, (*package.options, *shared, output))


def _take_draws(setup: Setup, exercise: str) -> None:
    loaded = setup.exercise(exercise)
    with workshop.opened(setup.course, isolation="none") as shop:
        told_secret(shop)
        shop.keys.take(loaded)


def _upload(upload: Upload) -> click.Command:
    @click.pass_context
    def run(
        ctx: click.Context,
        /,
        book: str | None,
        output: Path | None,
        *,
        in_place: bool = False,
        **given: Any,  # noqa: ANN401  (its own options)
    ) -> None:
        if upload.fills:
            output = _destination(given["source"], output, in_place=in_place)
        else:
            _refuse_work(output)
        from grader.cli.book import opening  # noqa: PLC0415  (slow)

        setup = ctx.ensure_object(Setup)
        with opening.book_of(setup, book) as found:
            sheet = opening.sheet_of(setup, found)
            opening.tell_outdated(sheet)
            _deliver(upload.make(Cohort(found, sheet), **given), upload.holds, output)

    shared: tuple[Option, ...] = (book_option, course_option)
    options: tuple[Option, ...]
    if upload.fills:
        options = (_SOURCE, _ELSE_PRINTED, _OVER, *upload.options, *shared)
    else:
        output = _ELSE_PRINTED if upload.is_text else _NEEDED
        options = (*upload.options, *shared, output)
    return made(upload.name, upload.make, run, options)


def _destination(source: Path, output: Path | None, *, in_place: bool) -> Path | None:
    """Where the filled file goes.  Raises UsageError rather than write over it without a word."""
    if in_place and output:
        raise UsageError("--in-place and --output are two places", hint="choose one")
    if output and output.exists() and output.samefile(source):
        hint = "write elsewhere, or say --in-place"
        raise UsageError(f"{output} is the file that is read", hint=hint)
    return source.resolve() if in_place else output


def _refuse_work(output: Path | None) -> None:
    refuse_work(output, "grades.csv")


def _deliver(export: Export, holds: str, output: Path | None) -> None:
    """Hand it over, and say what was done and who was left out.

    Raises NothingToGrade, and writes nothing, if there is nothing in it for anybody.
    """
    left = [f"  {line}" for line in export.left]
    if export.is_empty:
        _tell(left)
        graded = "`grade batch PATH` grades what was handed in"
        hint = "the lines above say why" if left else graded
        raise NothingToGrade(f"there are no {holds} to write, so no file was written", hint=hint)
    write(export.content, output, private=True)  # grades are nobody else's to read
    count = f"{export.written} {holds[:-1] if export.written == 1 else holds} written"
    _tell([", ".join([count, *export.notes]), *left])


def _tell(lines: Iterable[str]) -> None:
    """A name in a line may hold anything, a line break too."""
    for line in lines:
        click.echo(inert(visible(" ".join(line.splitlines()))), err=True)


for _each in PLATFORMS.values():
    for _one in _each.uploads:
        command.add_command(_upload(_one))
    for _other in _each.packages:
        command.add_command(_package(_other))
