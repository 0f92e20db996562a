"""`grade book regrade`: grade again what the gradebook holds."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO

import click

from grader.batch import Desk, Pool, grade_all
from grader.cli import pools, progress
from grader.cli.book.opening import book_of, by_option, exercise_in, shown, student_in
from grader.cli.grading import identified
from grader.cli.setup import (
    Setup,
    book_option,
    cluster_option,
    course_option,
    isolation_option,
    workers_option,
)
from grader.cohort import Attempt, Grading, HandedIn
from grader.course import with_solutions
from grader.errors import NothingToGrade
from grader.gradebook import Gradebook, Kept

_REPORTS = ("student_report", "teacher_report")


@dataclass(frozen=True, slots=True)
class Change:
    """An attempt that was graded again; its new grading waits in the spool."""

    kept: Kept
    standing: str
    points: float
    place: int

    @property
    def matters(self) -> bool:
        return (self.kept.standing, self.kept.points) != (self.standing, self.points)

    def __str__(self) -> str:
        old = f"{self.kept.points:g} {self.kept.standing}"
        new = f"{self.points:g} {self.standing}"
        students = "+".join(self.kept.students)
        return f"{students} {self.kept.exercise}: {old} → {new}"


@click.command("regrade")
@click.option("--exercise", metavar="ID", help="Only attempts at this exercise.")
@click.option("--student", metavar="ID", help="Only attempts of this student.")
@click.option("--diff", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--no-cache", is_flag=True, help="Grade again what nothing has changed for, too.")
@by_option
@workers_option
@cluster_option
@book_option
@isolation_option
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
    workers: int,
    cluster: str | None,
    book: str | None,
    isolation: str | None,
) -> None:
    """Grade attempts again, for the exercise, the grader or torch has changed.

    Prints old → new for each grade that changes, and asks before it writes.
    """
    setup = ctx.ensure_object(Setup)
    with_solutions(setup.course)
    where = pools.Where(isolation, workers, cluster)
    with ExitStack() as stack:
        kept = stack.enter_context(book_of(setup, book))
        spool = stack.enter_context(tempfile.TemporaryFile())
        chosen = _chosen(setup, kept, exercise, student)
        if not chosen:
            raise NothingToGrade("no such attempt in the gradebook", hint="`grade book show`")
        ready = stack.enter_context(pools.opened(setup.course, where))
        is_judged = None if no_cache else kept.is_judged
        desk = Desk(partial(identified, setup), ready.conditions, datetime.now(UTC), is_judged)
        changes = list(_graded(kept, chosen, desk, ready.pool, spool))
        mattering = [change for change in changes if change.matters]
        for change in mattering:
            click.echo(shown(str(change)))
        _tell(f"{len(changes)} attempts graded again, {len(mattering)} with another result")
        if diff or not changes or not (yes or not mattering or _agreed()):
            return
        kept.note_rules(setup.course.rules, by)
        for change in changes:
            kept.keep(_attempt(kept, change.kept), _unspooled(spool, change.place))
        kept.note(by, "regrade", {"attempts": len(changes), "changed": list(map(str, mattering))})
        _tell("written")


def _chosen(setup: Setup, book: Gradebook, exercise: str | None, student: str | None) -> list[Kept]:
    return list(
        book.attempts(
            exercise and exercise_in(setup, exercise), student and student_in(book, student)
        )
    )


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
                _tell(f"{'+'.join(entry.students)}: {entry.problem}")


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


def _tell(words: str) -> None:
    click.echo(f"grade: {shown(words)}", err=True)


# --- the spool -----------------------------------------------------------------------------------


def _change(kept: Kept, grading: Grading, spool: BinaryIO) -> Change:
    place = spool.seek(0, os.SEEK_END)
    plain = asdict(grading) | {"at": grading.at.isoformat()}
    plain |= {name: plain[name].decode() for name in _REPORTS}
    spool.write(json.dumps(plain).encode() + b"\n")
    return Change(kept, grading.standing, grading.points, place)


def _unspooled(spool: BinaryIO, place: int) -> Grading:
    spool.seek(place)
    plain = json.loads(spool.readline())
    plain |= {name: plain[name].encode() for name in _REPORTS}
    return Grading(**plain | {"at": datetime.fromisoformat(plain["at"])})
