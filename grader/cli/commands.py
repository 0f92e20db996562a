"""The `grade` command.  The one place where errors meet people."""

import errno
import importlib
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from grader.cli.lazy import LazyGroup
from grader.errors import Exit, GraderError

COMMANDS = {
    "list": "The course's exercises, and how far you are.",
    "show": "One exercise's words.",
    "start": "Write an exercise's starter file.",
    "submit": "Grade a .py or .ipynb file.",
    "batch": "Grade what a class handed in.",
    "watch": "Grade a file again at every save.",
    "hint": "The next hint for your file.",
    "check": "Prove that exercises tell right from wrong.",
    "new": "Write a new exercise to fill in.",
    "schema": "The JSON Schema of exercise files.",
    "book": "The gradebook: grades, statistics, overrides.",
    "export": "Files and packages for a learning platform.",
    "platform": "Grade one submission where a learning platform runs us.",
    "similar": "Who may have copied from whom.",
    "release": "What students may have: a course without solutions.",
    "doctor": "What this machine offers, and what is missing.",
}
_NEEDS_TORCH = {"submit", "batch", "platform"}
_HELP = {"-h", "--help"}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Commands(LazyGroup):
    """Tells errors to the person who can mend them."""

    package = "grader.cli"
    words = COMMANDS

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _NEEDS_TORCH and _HELP.isdisjoint(sys.argv) and ctx.obj is None:
            ctx.obj = importlib.import_module("grader.sandbox.forkserver").Ahead()
            ctx.call_on_close(ctx.obj.close)
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  (click's own signature)
        try:
            return _written(super().invoke, ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except GraderError as error:
            _tell(str(error), error.hint)
            ctx.exit(error.exit_code)
        except click.Abort:  # a question that nobody answers
            click.echo(err=True)
            _tell("interrupted", "")
            ctx.exit(Exit.INTERRUPTED)
        except KeyboardInterrupt:
            _tell("interrupted", "")
            ctx.exit(Exit.INTERRUPTED)
        except BrokenPipeError:
            _drop_output()  # whoever read it has left; there is nobody to tell
            ctx.exit(0)
        except Exception as error:  # noqa: BLE001  (nobody but us may see a traceback)
            ctx.exit(_full(error) or _ours(error))


def _written(work: Callable[[click.Context], Any], ctx: click.Context) -> Any:  # noqa: ANN401
    """Do it, and let what cannot be written be told here, not by Python at its end."""
    try:
        return work(ctx)
    finally:
        sys.stdout.flush()


def _drop_output() -> None:
    """Or Python would try to write the rest of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _full(error: Exception) -> int:
    """The exit code if there was no room left for what is written, else 0."""
    if not isinstance(error, OSError) or error.errno not in _NO_ROOM:
        return 0
    _drop_output()
    _tell(f"the output cannot be written: {error.strerror}", "make room, or write it elsewhere")
    return Exit.USAGE


def _ours(error: Exception) -> int:
    if os.environ.get("GRADE_DEBUG"):
        traceback.print_exc()
    _tell(
        f"the grader itself failed: {type(error).__name__}: {error}",
        "your work is not at fault; run again with GRADE_DEBUG=1 to see where",
    )
    return Exit.OURS


def _tell(message: str, hint: str) -> None:
    from grader.reporting.talk import tell_error  # noqa: PLC0415  (slow, and seldom needed)

    tell_error(message, hint)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
)
@click.version_option(package_name="grader", prog_name="grade")
@click.option(
    "--course",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The course's folder; else GRADE_COURSE, else upwards.",
)
@click.pass_context
def main(ctx: click.Context, course: Path | None) -> None:
    """Grade exercises on PyTorch autograd, and say which misconception an answer shows.

    Exit codes: 0 all right · 1 points missing · 2 usage or a bad course file · 3 the grader
    failed · 4 nothing to grade · 5 isolation below the required level · 130 interrupted.
    """
    from grader.course.setup import Setup  # noqa: PLC0415  (slow, and `--help` needs no course)

    ctx.obj = Setup(course, ctx.obj)
