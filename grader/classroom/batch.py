"""What a class handed in → what came of each, a few at a time.

The gradebook is the cache: what it holds under the same key is not graded again, so a batch that
was interrupted goes on where it stopped.
"""

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Literal

from grader import settings
from grader.classroom import collect
from grader.classroom.cohort import Attempt, Grading, HandedIn
from grader.course import variants
from grader.course.format import Exercise
from grader.course.loading import load_exercise
from grader.errors import GraderError, StudentError, UsageError
from grader.judging.incidents import handled
from grader.judging.workshop import Workshop
from grader.model import Graded, Submission
from grader.reporting.exporters import EXPORTERS
from grader.reporting.report import Audience, report
from grader.sandbox.cache import versions

AHEAD = 4  # orders a worker that are sent but not begun

_NOTHING = Submission("", b"", "", False, (), "", None, None)  # noqa: FBT003  (positional)

# What a file is for, if need be by what a layout tells, "" for nothing.  Raises StudentError.
Identify = Callable[[Submission, str], Exercise]


@dataclass(frozen=True, slots=True)
class Order:
    """An attempt to grade, as plain data: it may travel to another machine."""

    attempt: Attempt
    key: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of one file.  `ours` tells that the grader failed, not the file."""

    origin: str
    students: tuple[str, ...]
    state: Literal["graded", "cached", "failed"]
    attempt: Attempt | None = None
    grading: Grading | None = None
    problem: str = ""
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Pool:
    """Where orders are graded; `most` are underway at a time, so that memory stays constant."""

    submit: Callable[[Order], Future[Grading]]
    most: int


@dataclass(frozen=True, slots=True)
class Conditions:
    """What can change a verdict besides the attempt and its exercise."""

    course: str
    secret: str  # fingerprint
    isolation: str  # the level that is required

    def key(self, attempt: Attempt, exercise: Exercise) -> str:
        """Changes with everything that can change the verdict."""
        suffix = Path(attempt.name).suffix
        words = [self.course, self.secret, self.isolation, exercise.digest, suffix, versions()]
        words += [attempt.digest, sorted(attempt.students), _sources()]
        return hashlib.sha256(json.dumps(words).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Desk:
    """Where it is decided what a file is, and whether it still has to be graded."""

    identify: Identify
    conditions: Conditions
    now: datetime
    is_judged: Callable[[Attempt, str], bool] | None = None  # under this key

    def order(self, handed_in: HandedIn) -> Order | Entry:
        """What is to be graded, or what came of a file that need or can not be."""
        try:
            attempt = self._attempt(handed_in, handed_in.read())
        except StudentError as error:
            return Entry(handed_in.origin, handed_in.students, "failed", problem=_told(error))
        try:
            submission = collect.parse(Path(attempt.name), attempt.raw)
        except StudentError as error:
            return self._unreadable(attempt, error, self._named(attempt))
        try:
            exercise = self.identify(submission, attempt.exercise)
        except StudentError as error:
            return self._unreadable(attempt, error, None)
        attempt = replace(attempt, exercise=exercise.id)
        key = self.conditions.key(attempt, exercise)
        if self.is_judged is not None and self.is_judged(attempt, key):
            return Entry(attempt.origin, attempt.students, "cached", attempt)
        return Order(attempt, key)

    def _attempt(self, handed_in: HandedIn, raw: bytes) -> Attempt:
        told = handed_in.at is not None
        at = handed_in.at or self.now
        name, origin = handed_in.name, handed_in.origin
        return Attempt(handed_in.students, handed_in.exercise, name, origin, raw, at, told)

    def _named(self, attempt: Attempt) -> Exercise | None:
        """What a file that cannot be read is for, by its layout or name."""
        try:
            return self.identify(_NOTHING, attempt.exercise or Path(attempt.name).stem)
        except StudentError:
            return None

    def _unreadable(self, attempt: Attempt, error: StudentError, meant: Exercise | None) -> Entry:
        """It is kept, with no points; for no exercise if nobody can tell which."""
        exercise, key, worth = "", "", 0.0
        if meant is not None:
            exercise, key = meant.id, self.conditions.key(attempt, meant)
            worth = float(sum(check.worth for check in meant.checks))
        attempt = replace(attempt, exercise=exercise)
        problem = _told(error)
        grading = Grading(key, self.now, "unreadable", 0.0, worth, problem=problem)
        return Entry(attempt.origin, attempt.students, "failed", attempt, grading, problem)


def grade_all(orders: Iterable[Order | Entry], pool: Pool) -> Iterator[Entry]:
    """Grade, in the order in which they end; one that fails stops none of the others.

    Raises GraderError where none could be graded: isolation below the required level, say.
    """
    running: dict[Future[Grading], Order] = {}
    try:
        for order in orders:
            if isinstance(order, Entry):
                yield order
                continue
            running[pool.submit(order)] = order
            if len(running) >= pool.most:
                yield from _ended(running)
        while running:
            yield from _ended(running)
    finally:
        for future in running:
            future.cancel()


class Judge:
    """Grades orders in one workshop; threads may share it."""

    def __init__(self, shop: Workshop, isolation: str) -> None:
        self._shop = shop
        self._conditions = Conditions(shop.course.id, shop.fingerprint, isolation)
        self._exercises: dict[str, Exercise] = {}
        self._lock = threading.Lock()  # an exercise is known by identity: each is loaded once

    def __call__(self, order: Order) -> Grading:
        """Raises UsageError if this machine would judge by something else than was asked."""
        exercise = self._exercise(order.attempt.exercise)
        if self._conditions.key(order.attempt, exercise) != order.key:
            raise UsageError(
                "a worker has another course, secret or version than who sends it work",
                hint="give it the same course folder, GRADE_SECRET and installed packages",
            )
        submission = collect.parse(Path(order.attempt.name), order.attempt.raw)
        student = self._student(order.attempt, exercise, submission)
        own = replace(submission, student=student)
        return handled(own, exercise, self._shop, partial(_grading, order.key))

    def _exercise(self, id_: str) -> Exercise:
        with self._lock:
            if id_ not in self._exercises:
                self._exercises[id_] = load_exercise(self._shop.course, id_)
            return self._exercises[id_]

    def _student(self, attempt: Attempt, exercise: Exercise, submission: Submission) -> str:
        """Whose numbers a group worked with: those of any member will do."""
        course = self._shop.course.id
        own = {variants.variant_of(each, course, exercise): each for each in attempt.students}
        found = own.get(submission.variant) if submission.variant is not None else None
        return found or attempt.students[0]


def _grading(key: str, graded: Graded) -> Grading:
    shown = {audience: report(graded, audience) for audience in Audience}
    whole = shown[Audience.TEACHER]
    assert whole.outcome != "pending", "a release judges no hidden case, so it grades no class"
    return Grading(
        key,
        datetime.now(UTC),
        "unreadable" if whole.unread else whole.outcome,
        whole.points,
        whole.max_points,
        whole.isolation.mode,
        whole.isolation.level,
        EXPORTERS["json"](shown[Audience.STUDENT]),
        EXPORTERS["json"](whole),
    )


def _ended(running: dict[Future[Grading], Order]) -> Iterator[Entry]:
    finished, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in finished:
        yield _entry(running.pop(future), future)


def _entry(order: Order, future: Future[Grading]) -> Entry:
    attempt = order.attempt
    try:
        grading = future.result()
    except GraderError:
        raise
    except CancelledError:
        hint = "run the same command again: what was graded is kept"
        raise GraderError("those who grade are gone", hint=hint) from None
    except Exception as error:  # noqa: BLE001  (ours, and the others are graded)
        problem = f"the grader itself failed: {type(error).__name__}: {error}"
        return Entry(attempt.origin, attempt.students, "failed", problem=problem, ours=True)
    return Entry(attempt.origin, attempt.students, "graded", attempt, grading)


def _told(error: StudentError) -> str:
    return f"{error} ({error.hint})" if error.hint else str(error)


@cache
def _sources() -> str:
    """Of the grader: a check that is mended may judge otherwise."""
    files = sorted(settings.PACKAGE.rglob("*.py"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
