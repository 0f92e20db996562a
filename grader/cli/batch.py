"""`grade batch`: grade what a class handed in."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import click

from grader.classroom.batch import Conditions, Desk, Entry, Order, grade_all
from grader.classroom.cohort import Directory, HandedIn
from grader.classroom.gradebook import Gradebook
from grader.classroom.intake import Intake, find, roster
from grader.classroom.intake.tree import is_submission
from grader.cli import pools, progress
from grader.cli.book.opening import book_of, login
from grader.cli.options import book_option, course_option, pattern_option, roster_option
from grader.course.loading import with_solutions
from grader.course.setup import Setup, identifier
from grader.errors import Exit, NothingToGrade, UsageError
from grader.reporting.exporters.text import one_line
from grader.reporting.exporters.words import WHOLE
from grader.reporting.shown import Audience
from grader.reporting.talk import tell

_NOWHERE = Conditions("", "", "")  # nothing is graded


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
@pools.where_options
@book_option
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
    where: pools.Where,
    book: str | None,
) -> None:
    """Grade what a class handed in: PATH is a folder or zip, as a learning platform makes it.

    Which layout it has is told by what is in it; `--dry-run` shows what was found.  Results go to
    the gradebook (`grade book show`); what is there already is not graded again, so a batch that
    was interrupted goes on where it stopped.
    """
    setup = ctx.ensure_object(Setup)
    setup.refuse_inside(path)
    with_solutions(setup.course)
    people = roster.read(roster_file) if roster_file else None
    intake = find(path, people, pattern)
    wanted = _only(setup, intake, only)
    chosen = [each for each in intake.handed_in if wanted.has(each)]
    identify = identifier(setup, exercise)
    _tell_left(intake, as_json=as_json)
    if people is not None and not only:
        _tell_missing(intake)
    if dry_run:
        _tell_plan(intake, chosen, Desk(identify, _NOWHERE, _now()), as_json=as_json)
        return
    if not chosen:
        hint = "`--dry-run` shows what is there; `--pattern` describes another layout"
        raise NothingToGrade(f"nobody has handed in a .py or .ipynb in {path}", hint=hint)
    codes = {1 if not only and any(is_submission(left.where) for left in intake.left) else 0}
    untimed: Counter[str] = Counter()
    with ExitStack() as stack:
        kept = stack.enter_context(book_of(setup, book, must_exist=False))
        ready = stack.enter_context(pools.opened(setup, where))
        is_judged = None if no_cache else kept.is_judged
        desk = Desk(identify, ready.conditions, _now(), is_judged)
        kept.note_rules(setup.course.rules, login())
        tally = stack.enter_context(progress.shown(len(chosen)))
        for entry in grade_all(
            _orders(_enrolled(kept, intake, chosen), desk, wanted, tally), ready.pool
        ):
            _keep(kept, entry)
            tally.add(entry, _json(kept, entry) if as_json else _line(entry))
            codes.add(_code(entry))
            untimed.update(_untimed(setup, entry))
    tell(f"{tally}; `grade book show` has the grades")
    for id_, count in untimed.items():
        tell(
            f"no time is told of {count} files for {id_}, so its due date does not touch them; "
            "`--pattern` may tell a `time`"
        )
    ctx.exit(max(codes))


def _enrolled(kept: Gradebook, intake: Intake, chosen: list[HandedIn]) -> list[HandedIn]:
    """Files of people under the ids that the gradebook knows them by."""
    known = kept.recognised(intake.students)
    kept.enrol(known.values(), login())
    return [
        replace(each, students=tuple(sorted({known[id_].id for id_ in each.students})))
        for each in chosen
    ]


def _orders(
    chosen: list[HandedIn], desk: Desk, wanted: Only, tally: progress.Tally
) -> Iterator[Order | Entry]:
    for each in chosen:
        made = desk.order(each)
        if wanted.wants(made):
            yield made
        else:
            tally.leave()


def _untimed(setup: Setup, entry: Entry) -> list[str]:
    """The exercise, if it has a due date that cannot be held against this file."""
    attempt = entry.attempt
    if attempt is None or attempt.told or not setup.course.rules.of(attempt.exercise).due:
        return []
    return [attempt.exercise]


# --- what is chosen ------------------------------------------------------------------------------


def _only(setup: Setup, intake: Intake, named: tuple[str, ...]) -> Only:
    exercises = frozenset(named) & setup.course.paths.keys()
    there, people = _ids(intake.handed_in), Directory(intake.students)
    students = set[str]()
    for name in set(named) - exercises:
        meant = sorted(each.id for each in people.called(name))
        if len(meant) > 1:
            raise UsageError(f"--only {name} may be {' or '.join(meant)}", hint="say the id")
        students.update(meant or {name})
    for name in sorted(students - there):
        close = get_close_matches(name, there, n=1)
        hint = f"did you mean {close[0]}?" if close else "`--dry-run` lists who is"
        raise UsageError(f"--only {name}: no exercise, and no student in there", hint=hint)
    return Only(frozenset(students), exercises)


def _ids(chosen: Iterable[HandedIn]) -> set[str]:
    return {student for each in chosen for student in each.students}


# --- what came of it -----------------------------------------------------------------------------


def _keep(kept: Gradebook, entry: Entry) -> None:
    if entry.attempt is not None and entry.grading is not None:
        kept.keep(entry.attempt, entry.grading)


def _code(entry: Entry) -> int:
    if entry.ours or (entry.grading is not None and entry.grading.standing == "broken"):
        return Exit.OURS
    return 1 if entry.state == "failed" else 0


def _json(kept: Gradebook, entry: Entry) -> str:
    told: dict[str, object] = {"file": entry.origin, "students": entry.students}
    told["state"] = entry.state
    if entry.attempt is not None:
        told["exercise"] = entry.attempt.exercise
    if entry.problem:
        told["error"] = entry.problem
    report = entry.grading.teacher_report if entry.grading else b""
    if entry.state == "cached" and entry.attempt is not None:
        report = kept.report_of(entry.attempt, Audience.TEACHER)
    if report:
        told["report"] = json.loads(report)
    return json.dumps(told)


def _line(entry: Entry) -> str:
    exercise = (entry.attempt.exercise if entry.attempt else "") or "?"
    said: str = entry.state
    if entry.problem:
        said = f"failed: {entry.problem}"
    elif entry.grading is not None:
        grading = entry.grading
        said = f"{grading.points:g}/{grading.max_points:g}  {WHOLE[grading.standing]}"
    return one_line(f"{'+'.join(entry.students)}  {exercise}  {said}")


def _tell_left(intake: Intake, *, as_json: bool) -> None:
    for left in intake.left:
        tell(f"left aside: {left.where}: {left.why}")
        if as_json:
            click.echo(json.dumps({"file": left.where, "state": "left", "error": left.why}))


def _tell_missing(intake: Intake) -> None:
    there = _ids(intake.handed_in)
    missing = [each.id for each in intake.students if each.id not in there]
    if missing:
        tell(f"nothing that can be graded from: {', '.join(missing)}")


def _tell_plan(intake: Intake, chosen: list[HandedIn], desk: Desk, *, as_json: bool) -> None:
    """What would be graded: every file is read, and none is run."""
    if not as_json:
        click.echo(f"layout: {intake.layout}")
        click.echo(
            f"{len(_ids(chosen))} students, {len(chosen)} files, {intake.junk} of no interest"
        )
    for each in chosen:
        click.echo(_planned(each, desk.order(each), as_json=as_json))


def _planned(each: HandedIn, made: Order | Entry, *, as_json: bool) -> str:
    exercise = made.attempt.exercise if made.attempt else ""
    problem = made.problem if isinstance(made, Entry) else ""
    at = each.at.isoformat() if each.at else None
    if as_json:
        told = {"file": each.origin, "students": each.students, "exercise": exercise, "at": at}
        return json.dumps(told | ({"error": problem} if problem else {}))
    words = [f"{'+'.join(each.students)}  {exercise or '?'}  {each.origin}", at, problem]
    return one_line("  ".join(filter(None, words)))


def _now() -> datetime:
    return datetime.now(UTC)
