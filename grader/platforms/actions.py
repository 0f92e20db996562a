"""Report → what GitHub Actions shows: annotations in the log, a summary of the job.

What a student wrote can give the runner no command: it is escaped in annotations, and broken where
it would begin a line.  Nothing is rounded; there is no score, only the job's exit code.

Source: docs.github.com, workflow commands.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import click

from grader.course.format import Course
from grader.errors import Exit
from grader.model import Outcome
from grader.platforms import feedback, packages
from grader.platforms.bundle import pack
from grader.platforms.platform import Grading, Package, Platform
from grader.platforms.submission import Judged, Order, judge
from grader.platforms.trouble import Trouble
from grader.reporting.exporters import EXPORTERS, words
from grader.reporting.exporters.markdown import fenced
from grader.reporting.exporters.text import brief, clean, inert, visible
from grader.reporting.report import exit_code
from grader.reporting.shown import Report
from grader.reporting.talk import tell

MOST_SUMMARY = 1024 * 1024  # bytes a step; above it GitHub takes nothing
MOST_ANNOTATIONS = 10  # GitHub shows no more of one step
_PACKED = ".github/grade"
_LINE = re.compile(r"(?:in a hidden case, )?line (\d{1,6}): ")
_CUT = "\n\n(the rest did not fit)\n"


def annotations(report: Report, path: str) -> str:
    """`path` is the file's, relative to the checkout: GitHub shows an error beside its line."""
    return "".join(list(_annotations(clean(report), visible(path)))[:MOST_ANNOTATIONS])


def page(found: Judged | Trouble) -> bytes:
    """The same as Markdown."""
    if isinstance(found, Trouble):
        return f"## Not graded\n\n{fenced(found.said)}\n".encode()
    return EXPORTERS["markdown"](found.student)


def log(found: Judged | Trouble) -> str:
    """For who opens the log, students among them: the report, or why there is none."""
    if isinstance(found, Trouble):
        return _error("not graded", found.said)
    return f"{feedback.plain(found.student)}\n{annotations(found.student, found.place)}"


def fit(summary: bytes, room: int) -> bytes:
    """As much of a summary as there is room for, cut between characters."""
    if len(summary) <= room:
        return summary
    kept = summary[: max(0, room - len(_CUT.encode()))]
    return kept.decode(errors="ignore").encode() + _CUT.encode() if kept else b""


def _annotations(report: Report, path: str) -> Iterator[str]:
    notes = [*report.notes, *(note for part in report.parts for note in part.notes)]
    for note in notes:
        line = _LINE.match(note)
        if line:
            yield _error("stopped here", note, file=path, line=line[1])
    for check in report.checks:
        if check.outcome in {Outcome.FAIL, Outcome.BROKEN}:
            said = words.said(check, report) or words.OUTCOME[check.outcome]
            yield _error(brief(check.title, 120), said, file=path)


def _error(title: str, said: str, **place: str) -> str:
    fields = ",".join(f"{name}={_property(value)}" for name, value in place.items())
    return f"::error {fields}{',' if fields else ''}title={_property(title)}::{_message(said)}\n"


def _message(said: str) -> str:
    return inert(said).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(said: str) -> str:
    return _message(said).replace(":", "%3A").replace(",", "%2C")


def grade(order: Order) -> Exit:
    """Grade the checkout here: annotations, the job's summary, and an exit code as of `submit`."""
    found = judge(order, order.root)
    click.echo(log(found), nl=False)
    if os.environ.get("GITHUB_STEP_SUMMARY"):
        _sum_up(Path(os.environ["GITHUB_STEP_SUMMARY"]), page(found))
    if isinstance(found, Trouble):
        return Exit.OURS if found.ours else Exit.USAGE
    return exit_code(found.student)


def _sum_up(place: Path, summary: bytes) -> None:
    """Append, as another command of the same step may have written there."""
    try:
        with place.open("ab") as file:
            file.write(fit(summary, MOST_SUMMARY - file.tell()))
    except OSError as error:
        tell(f"the summary cannot be written: {error}")


def repository_zip(course: Course, isolation: str, exercises: tuple[str, ...] = ()) -> bytes:
    """A workflow and what it needs.

    It is added to the repository that students start from; without EXERCISE it grades all.
    Students can read it, so --course names a course that `grade release` has written.
    """
    chosen = exercises or tuple(course.paths)
    workflow = packages.render("actions.yml.j2", exercises=chosen, isolation=isolation)
    grader = {**packages.grader(), **packages.release_files(course)}
    packed = {f"{_PACKED}/{name}": content for name, content in grader.items()}
    return pack([(".github/workflows/grade.yml", workflow), *packed.items()])


_EXERCISES = click.argument("exercises", metavar="[EXERCISE]...", nargs=-1)
PLATFORM = Platform(
    "actions",
    grading=Grading(grade),
    packages=(Package("actions", repository_zip, (_EXERCISES,)),),
)
