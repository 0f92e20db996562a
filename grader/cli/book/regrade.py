"""`grade book regrade`: grade again what the gradebook holds."""

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO

import click

from grader.classroom.batch import Desk, Pool, grade_all
from grader.classroom.cohort import Attempt, Grade, Grading, HandedIn
from grader.classroom.gradebook import Gradebook, Kept, Verdict
from grader.cli import pools, progress
from grader.cli.book.opening import (
    book_of,
    by_option,
    counted,
    exercise_in,
    student_in,
    worth,
)
from grader.cli.book.tables import shown, standing
from grader.cli.options import book_option, course_option
from grader.course.loading import with_solutions
from grader.course.setup import Setup, identify
from grader.errors import NothingToGrade
from grader.reporting.exporters.text import points as written
from grader.reporting.talk import tell

_REPORTS = ("student_report", "teacher_report")


@dataclass(frozen=True, slots=True)
class Change:
    """An attempt that was graded again; its new grading waits in the spool."""

    kept: Kept
    verdict: Verdict
    place: int


@click.command("regrade")
@click.option("--exercise", metavar="ID", help="Only attempts at this exercise.")
@click.option("--student", metavar="ID", help="Only attempts of this student.")
@click.option("--diff", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--no-cache", is_flag=True, help="Grade again what nothing has changed for, too.")
@by_option
@pools.where_options
@book_option
@course_option
@click.pass_context
def command(  # noqa: PLR0913  (one parameter an option)
    ctx: click.Context,
    *,
    exercise: str | None,
    student: str | None,
    diff: bool,
    yes: bool,
    no_cache: bool,
    by: str,
    where: pools.Where,
    book: str | None,
) -> None:
    """Grade attempts again, for the exercise, the grader or torch has changed.

    Prints old → new for each grade that changes, and asks before it writes.  What an attempt that
    does not count is worth now changes no grade.
    """
    setup = ctx.ensure_object(Setup)
    with_solutions(setup.course)
    with ExitStack() as stack:
        kept = stack.enter_context(book_of(setup, book))
        spool = stack.enter_context(tempfile.TemporaryFile())
        chosen = _chosen(setup, kept, exercise, student)
        if not chosen:
            raise NothingToGrade("no such attempt in the gradebook", hint="`grade book show`")
        ready = stack.enter_context(pools.opened(setup, where))
        is_judged = None if no_cache else kept.is_judged
        desk = Desk(partial(identify, setup), ready.conditions, datetime.now(UTC), is_judged)
        changes = list(_graded(kept, chosen, desk, ready.pool, spool))
        differences = list(_differences(setup, kept, changes))
        for difference in differences:
            click.echo(shown(difference))
        tell(_summary(len(changes), len(differences)))
        if diff or not changes or not (yes or not differences or _agreed()):
            return
        kept.note_rules(setup.course.rules, by)
        for change in changes:
            kept.keep(_attempt(kept, change.kept), _unspooled(spool, change.place))
        kept.note(by, "regrade", {"attempts": len(changes), "changed": differences})
        tell("written")


def _chosen(setup: Setup, book: Gradebook, exercise: str | None, student: str | None) -> list[Kept]:
    """Without what belongs to no exercise: if it does now, `grade batch` makes an attempt of it."""
    tries = book.attempts(
        exercise and exercise_in(setup, exercise), student and student_in(book, student)
    )
    return [kept for kept in tries if kept.exercise]


def _graded(
    book: Gradebook, chosen: list[Kept], desk: Desk, pool: Pool, spool: BinaryIO
) -> Iterator[Change]:
    """Everything new; reports of a whole class are many, so they wait in a file."""
    rows = {str(kept.id): kept for kept in chosen}
    orders = (desk.order(_handed_in(book, kept)) for kept in chosen)
    with progress.shown(len(chosen)) as tally:
        for entry in grade_all(orders, pool):
            tally.add(entry)
            kept = rows[entry.origin]
            # A file that could not be read is looked at each time, and mostly found as it was.
            if entry.grading is not None and (
                desk.is_judged is None or entry.grading.key != kept.key
            ):
                yield _change(kept, entry.grading, spool)
            elif entry.problem:
                tell(f"{'+'.join(entry.students)}: {entry.problem}")


def _differences(setup: Setup, book: Gradebook, changes: Sequence[Change]) -> Iterator[str]:
    """Old → new of each grade, policies and overrides applied."""
    verdicts = {change.kept.id: change.verdict for change in changes}
    points_of = partial(worth, setup)
    before = book.sheet(setup.course, points_of).grades
    after = book.sheet(setup.course, points_of, verdicts).grades
    for where in sorted(after):
        old, new = before[where], after[where]
        if _matters(old) != _matters(new):
            yield f"{' '.join(where)}: {_grade(old)} → {_grade(new)}"


def _matters(grade: Grade) -> tuple[float, float, str]:
    """Nothing of 10 points and nothing of 20 is the same."""
    share = grade.points / grade.max_points if grade.max_points else 0.0
    return grade.points, share, grade.standing


def _grade(grade: Grade) -> str:
    of = f"{written(grade.points)}/{written(grade.max_points)}"
    return f"{of} {standing(grade.standing)}"


def _summary(attempts: int, grades: int) -> str:
    changes = "changes" if grades == 1 else "change"
    return f"{counted(attempts, 'attempt')} graded again, {counted(grades, 'grade')} {changes}"


def _handed_in(book: Gradebook, kept: Kept) -> HandedIn:
    """As intake gave it once; what it was found as is now its number in the book."""
    return HandedIn(
        kept.students,
        kept.name,
        str(kept.id),
        partial(book.raw, kept.digest),
        kept.exercise,
        kept.at if kept.told else None,
    )


def _attempt(book: Gradebook, kept: Kept) -> Attempt:
    raw = book.raw(kept.digest)
    return Attempt(kept.students, kept.exercise, kept.name, kept.origin, raw, kept.at, kept.told)


def _agreed() -> bool:
    return click.confirm("Write these results into the gradebook?", err=True)


# --- the spool -----------------------------------------------------------------------------------


def _change(kept: Kept, grading: Grading, spool: BinaryIO) -> Change:
    place = spool.seek(0, os.SEEK_END)
    plain = asdict(grading) | {"at": grading.at.isoformat()}
    plain |= {name: plain[name].decode() for name in _REPORTS}
    spool.write(json.dumps(plain).encode() + b"\n")
    verdict = Verdict(grading.at, grading.standing, grading.points, grading.max_points)
    return Change(kept, verdict, place)


def _unspooled(spool: BinaryIO, place: int) -> Grading:
    spool.seek(place)
    plain = json.loads(spool.readline())
    plain |= {name: plain[name].encode() for name in _REPORTS}
    return Grading(**plain | {"at": datetime.fromisoformat(plain["at"])})
