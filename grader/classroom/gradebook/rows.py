"""What a book gives back: light rows, without the bytes that were handed in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from grader.classroom.cohort import Standing


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a new grading says of an attempt, before it is kept."""

    at: datetime
    standing: Standing
    points: float
    max_points: float


@dataclass(frozen=True, slots=True)
class Kept:
    """An attempt with its newest grading."""

    id: int
    students: tuple[str, ...]
    exercise: str
    name: str
    origin: str
    digest: str
    at: datetime
    told: bool
    key: str
    graded: datetime
    standing: Standing
    points: float
    max_points: float
    mode: str
    level: str
    problem: str

    def under(self, verdict: Verdict | None) -> "Kept":
        """The same attempt, had it been graded like this."""
        if verdict is None:
            return self
        return replace(
            self,
            graded=verdict.at,
            standing=verdict.standing,
            points=verdict.points,
            max_points=verdict.max_points,
        )


@dataclass(frozen=True, slots=True)
class Override:
    """A teacher's word on one grade; the newest holds.  Points of None withdraw the one before."""

    student: str
    exercise: str
    points: float | None
    reason: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Extension:
    """A due date of one student's own; the newest holds."""

    student: str
    exercise: str
    due: datetime
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log.  `student` is "" for what concerns no single one."""

    at: datetime
    who: str
    what: str
    student: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Item:
    """One check in one grading."""

    part: str
    check: str
    outcome: str
    points: float
    max_points: float


@dataclass(frozen=True, slots=True)
class Mistake:
    """One diagnosis in one grading; `among` names all that it may be."""

    part: str
    id: str
    certainty: str
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """What statistics need of a grading, so that no report must be read again."""

    items: tuple[Item, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
