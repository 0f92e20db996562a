"""Where an export goes, and what is said of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from grader.cli.output import refuse_work, write
from grader.errors import NothingToGrade, StudentError
from grader.exporters.text import inert, visible
from grader.lms.scores import Export

_Command = TypeVar("_Command", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True)
class Destination:
    """A file, or, without one, stdout."""

    path: Path | None

    def take(self, content: bytes) -> None:
        """Grades are nobody else's to read."""
        write(content, self.path, private=True)

    def deliver(self, export: Export, what: str = "grades") -> None:
        """Hand it over, and say what was done and who was left out.

        Raises NothingToGrade, and writes nothing, if there is nothing in it for anybody.
        """
        left = [f"  {line}" for line in export.left]
        if export.is_empty:
            _tell(left)
            hint = (
                "the lines above say why"
                if left
                else "`grade batch PATH` grades what was handed in"
            )
            raise NothingToGrade(f"there are no {what} to write, so no file was written", hint=hint)
        self.take(export.content)
        count = f"{export.written} {what[:-1] if export.written == 1 else what} written"
        _tell([", ".join([count, *export.notes]), *left])


def file_option(command: _Command) -> _Command:
    """`--output FILE`, which has to be there: what is written is no text."""
    return click.option(
        "--output",
        "destination",
        type=_FILE,
        required=True,
        callback=_destination,
        help="Where to write it.",
    )(command)


def output_option(command: _Command) -> _Command:
    """`--output FILE`, else stdout."""
    return click.option(
        "--output",
        "destination",
        type=_FILE,
        callback=_destination,
        help="Where to write it; else it is printed.",
    )(command)


def filled_in(function: _Command) -> Callable[..., Any]:
    """The FILE of a platform, as `source`, and where the filled one goes.

    Raises StudentError for a FILE that would be written over without a word.
    """

    @wraps(function)
    def told(*args: Any, source: Path, output: Path | None, in_place: bool, **others: Any) -> Any:  # noqa: ANN401
        if in_place and output:
            raise StudentError("--in-place and --output are two places", hint="choose one")
        if output and output.exists() and output.samefile(source):
            hint = "write elsewhere, or say --in-place"
            raise StudentError(f"{output} is the file that is read", hint=hint)
        destination = Destination(source.resolve() if in_place else output)
        return function(*args, source=source, destination=destination, **others)

    argument = click.argument(
        "source",
        metavar="FILE",
        type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True),
    )
    to_file = click.option("--output", type=_FILE, help="Where to write it; else it is printed.")
    over = click.option("--in-place", is_flag=True, help="Write it over FILE.")
    return argument(to_file(over(told)))


def _destination(ctx: click.Context, param: click.Parameter, path: Path | None) -> Destination:
    del ctx, param
    refuse_work(path, "grades.csv")
    return Destination(path)


def _tell(lines: Iterable[str]) -> None:
    """A name in a line may hold anything, a line break too."""
    for line in lines:
        click.echo(inert(visible(" ".join(line.splitlines()))), err=True)
