"""What a command makes → a file, or stdout."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from grader import files
from grader.errors import UsageError
from grader.reporting.exporters import EXPORTERS
from grader.reporting.shown import Audience

_DATABASE = b"SQLite format 3\0"
_Command = TypeVar("_Command", bound=Callable[..., Any])


def write(content: bytes, path: Path | None, *, private: bool = False) -> None:
    """Write to stdout if there is no path; what is `private` as a whole, and for nobody else.

    Raises UsageError for a file that cannot be written.
    """
    if path is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        _refuse_database(path)
        if private and (path.is_file() or not path.exists()):  # /dev/stdout stays what it is
            mode = path.stat().st_mode if path.exists() else 0o600
            files.replace(Path(os.path.realpath(path)), content, mode)
        else:
            path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def _refuse_database(path: Path) -> None:
    """A gradebook is not to be lost to a slip of the hand."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        if file.read(len(_DATABASE)) == _DATABASE:
            raise UsageError(f"{path} is a gradebook", hint="name another file")


def refuse_work(path: Path | None, instead: str) -> None:
    """A page must never be written over somebody's work."""
    if path is not None and path.suffix.lower() in {".py", ".ipynb"}:
        raise UsageError(
            f"{path} looks like work that is handed in, and would be written over",
            hint=f"name a file with another ending, such as {instead}",
        )


def report_options(command: _Command) -> _Command:
    """`--format` and `--audience`: how a report is shown, and to whom."""
    form = click.option(
        "--format",
        "format_",
        type=click.Choice(list(EXPORTERS)),
        default="terminal",
        show_default=True,
    )
    audience = click.option(
        "--audience",
        type=click.Choice([audience.value for audience in Audience]),
        default=Audience.STUDENT.value,
        show_default=True,
        help="Who will read it; a teacher sees hidden cases in full.",
    )
    return form(audience(command))
