"""`grade batch`: grade what a class handed in."""

import json
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import click

from grader.batch import Desk, Entry, Order, grade_all
from grader.cli import pools, progress
from grader.cli.book.opening import book_of, login
from grader.cli.grading import identifier
from grader.cli.setup import (
    Setup,
    book_option,
    cluster_option,
    course_option,
    isolation_option,
    pattern_option,
    roster_option,
    workers_option,
)
from grader.cohort import HandedIn
from grader.course import with_solutions
from grader.errors import NothingToGrade, StudentError
from grader.exporters.text import inert, visible
from grader.exporters.words import WHOLE
from grader.gradebook import Gradebook
from grader.intake import Intake, found, roster

_OURS = 3
_WORK = (".py", ".ipynb")


@dataclass(frozen=True, slots=True)
class Only:
    """Which students and which exercises; none named is all."""

    students: frozenset[str]
    exercises: frozenset[str]

    def has(self, each: HandedIn) -> bool:
        return not self.students or not self.students.isdisjoint(each.students)

    def wants(self, made: Order | Entry) -> bool:
        exercise = made.attempt.exercise if made.attempt else ""
        return not self.exercises or exercise in self.exercises


@click.command("batch")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@roster_option
@pattern_option
@click.option("--exercise", metavar="ID", help="The exercise of files that do not say it.")
@click.option("--only", metavar="ID", multiple=True, help="Only this student, or this exercise.")
@click.option("--dry-run", is_flag=True, help="Say what would be graded, and grade nothing.")
@click.option("--no-cache", is_flag=True, help="Grade again what the gradebook holds already.")
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each file.")
@workers_option
@cluster_option
@book_option
@isolation_option
@course_option
@click.pass_context
def command(  # noqa: PLR0913  (one parameter an option)
    ctx: click.Context,
    path: Path,
    *,
    roster_file: Path | None,
    pattern: str | None,
    exercise: str | None,
    only: tuple[str, ...],
    dry_run: bool,
    no_cache: bool,
    as_json: bool,
    workers: int,
    cluster: str | None,
    book: str | None,
    isolation: str | None,
) -> None:
    """Grade what a class handed in: PATH is a folder or zip, as a learning platform makes it.

    Which layout it has is told by what is in it; `--dry-run` shows what was found.  Results go to
    the gradebook (`grade book show`); what is there already is not graded again, so a batch that
    was interrupted goes on where it stopped.
    """
    setup = ctx.ensure_object(Setup)
    with_solutions(setup.course)
    people = roster.read(roster_file) if roster_file else None
    intake = found(path, people, pattern)
    wanted = _only(setup, intake, only)
    chosen = [each for each in intake.handed_in if wanted.has(each)]
    _tell_left(intake)
    if dry_run:
        _tell_plan(intake, chosen)
        return
    if not chosen:
        hint = "`--dry-run` shows what is there; `--pattern` describes another layout"
        raise NothingToGrade(f"nobody has handed in a .py or .ipynb in {path}", hint=hint)
    where = pools.Where(isolation, workers, cluster)

    codes = {1 if any(Path(left.where).suffix in _WORK for left in intake.left) else 0}
    with ExitStack() as stack:
        kept = stack.enter_context(book_of(setup, book, must_exist=False))
        ready = stack.enter_context(pools.opened(setup.course, where))
        is_judged = None if no_cache else kept.is_judged
        identify = identifier(setup, exercise)
        desk = Desk(identify, ready.conditions, datetime.now(UTC), is_judged)
        kept.note_rules(setup.course.rules, login())
        kept.enrol(intake.students, login())
        orders = (made for each in chosen if wanted.wants(made := desk.order(each)))
        tally = stack.enter_context(progress.shown(len(chosen)))
        for entry in grade_all(orders, ready.pool):
            _keep(kept, entry)
            tally.add(entry, _json(entry) if as_json else _line(entry))
            codes.add(_code(entry))
    click.echo(f"grade: {tally}; `grade book show` has the grades", err=True)
    ctx.exit(max(codes))


# --- what is chosen ------------------------------------------------------------------------------


def _only(setup: Setup, intake: Intake, named: tuple[str, ...]) -> Only:
    exercises = frozenset(named) & setup.course.paths.keys()
    students = frozenset(named) - exercises
    there = _ids(intake.handed_in)
    for name in sorted(students - there):
        close = get_close_matches(name, there, n=1)
        hint = f"did you mean {close[0]}?" if close else "`--dry-run` lists who is"
        raise StudentError(f"--only {name}: no exercise, and no student in there", hint=hint)
    return Only(students, exercises)


def _ids(chosen: Iterable[HandedIn]) -> set[str]:
    return {student for each in chosen for student in each.students}


# --- what came of it -----------------------------------------------------------------------------


def _keep(kept: Gradebook, entry: Entry) -> None:
    if entry.attempt is not None and entry.grading is not None:
        kept.keep(entry.attempt, entry.grading)


def _code(entry: Entry) -> int:
    if entry.ours or (entry.grading is not None and entry.grading.standing == "broken"):
        return _OURS
    return 1 if entry.state == "failed" else 0


def _json(entry: Entry) -> str:
    told: dict[str, object] = {"file": entry.origin, "students": entry.students}
    told["state"] = entry.state
    if entry.attempt is not None:
        told["exercise"] = entry.attempt.exercise
    if entry.problem:
        told["error"] = entry.problem
    if entry.grading is not None and entry.grading.teacher_report:
        told["report"] = json.loads(entry.grading.teacher_report)
    return json.dumps(told)


def _line(entry: Entry) -> str:
    exercise = entry.attempt.exercise if entry.attempt else "?"
    said: str = entry.state
    if entry.problem:
        said = f"failed: {entry.problem}"
    elif entry.grading is not None:
        grading = entry.grading
        said = f"{grading.points:g}/{grading.max_points:g}  {WHOLE[grading.standing]}"
    return inert(visible(f"{'+'.join(entry.students)}  {exercise}  {said}"))


def _tell_left(intake: Intake) -> None:
    for left in intake.left:
        click.echo(inert(visible(f"grade: left aside: {left.where}: {left.why}")), err=True)


def _tell_plan(intake: Intake, chosen: list[HandedIn]) -> None:
    click.echo(f"layout: {intake.layout}")
    click.echo(f"{len(_ids(chosen))} students, {len(chosen)} files, {intake.junk} of no interest")
    for each in chosen:
        exercise = each.exercise or "as its first line says"
        at = f"  {each.at:%Y-%m-%d %H:%M} UTC" if each.at else ""
        row = f"{'+'.join(each.students)}  {exercise}  {each.origin}{at}"
        click.echo(inert(visible(row)))
    there = _ids(intake.handed_in)
    missing = [each.id for each in intake.students if each.id not in there]
    if missing:
        click.echo(inert(visible(f"nothing from: {', '.join(missing)}")))
