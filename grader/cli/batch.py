"""`grade batch`: grade many files."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from grader import workshop
from grader.batch import Entry, grade_all
from grader.cli.grading import identified, told_secret
from grader.cli.setup import Setup, course_option, isolation_option
from grader.collect import read
from grader.errors import NothingToGrade, StudentError
from grader.exporters import EXPORTERS
from grader.model import Graded
from grader.pipeline import grade
from grader.report import Audience, report


@click.command("batch")
@click.argument("paths", type=click.Path(path_type=Path, exists=True), nargs=-1, required=True)
@click.option("--exercise", metavar="ID", help="The exercise of files that do not say it.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=len(os.sched_getaffinity(0)),
    show_default="one for each processor",
    help="How many submissions are graded at a time.",
)
@isolation_option
@course_option
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    exercise: str | None,
    workers: int,
    isolation: str | None,
) -> None:
    """Grade the .py and .ipynb files in PATHS; print one JSON object a line for each.

    A file that cannot be graded has an "error" instead of a "report", and exit code 1 tells that
    there was one.
    """
    setup = ctx.ensure_object(Setup)
    failed, files = 0, list(_files(paths))
    if not files:
        raise NothingToGrade("no .py or .ipynb file there", hint="name files, or their folder")
    with (
        workshop.opened(setup.course, isolation=isolation, slots=1) as shop,
        ThreadPoolExecutor(workers) as executor,
    ):
        told_secret(shop)

        def grade_one(path: Path) -> Graded:
            submission = read(path)
            return grade(submission, identified(setup, submission, exercise), shop)

        try:
            for entry in grade_all(files, grade_one, executor, workers):
                failed += entry.error is not None
                click.echo(_line(entry))
        except KeyboardInterrupt:
            executor.shutdown(wait=False, cancel_futures=True)
            shop.sandbox.close()  # or what runs would be waited for
            raise
    ctx.exit(1 if failed else 0)


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        yield from _inside(path) if path.is_dir() else [path]


def _inside(folder: Path) -> Iterator[Path]:
    """Hidden folders are no work: checkpoints of notebooks, version control."""
    for place, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if Path(name).suffix.lower() in (".py", ".ipynb"):
                yield Path(place, name)


def _refuse(error: OSError) -> None:
    raise StudentError(f"{error.filename} cannot be read: {error.strerror}") from error


def _line(entry: Entry) -> str:
    head = {"file": str(entry.path)}
    if entry.graded is None:
        return json.dumps({**head, "error": str(entry.error)})
    page = EXPORTERS["json"](report(entry.graded, Audience.TEACHER))
    return json.dumps({**head, "report": json.loads(page)})
