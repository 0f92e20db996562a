"""The nouns of a class: who they are, what they handed in, what is kept of it, what it is worth.

Frozen and plain, as in `model`; a time always has a zone.
"""

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

# Of a whole submission: what a report says, or that its file could not be read.
Standing = Literal["passed", "failed", "not_attempted", "broken", "unreadable"]
_DIGITS = re.compile(r"\d+")
_COPY = re.compile(r"[ _]?\(([0-9]{1,4})\)(?=\.[^./]*$)")
_MOST_DIGITS = 20  # of a student's number


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody on the roster.  `aliases` are other ids: a login, a number that a platform gave."""

    id: str
    name: str = ""
    email: str = ""
    group: str = ""
    aliases: tuple[str, ...] = ()


class Directory:
    """Who is meant by a word: an id as it is written, else an id, alias or e-mail in any case."""

    def __init__(self, students: Iterable[Student]) -> None:
        self._ids: dict[str, Student] = {}
        self._words = defaultdict[str, dict[str, Student]](dict)
        for student in students:
            self._ids[student.id] = student
            for word in filter(None, (student.id, student.email, *student.aliases)):
                self._words[folded(word)][student.id] = student

    def called(self, word: str) -> tuple[Student, ...]:
        """Several, if they share it: nobody is guessed."""
        if word.strip() in self._ids:
            return (self._ids[word.strip()],)
        return tuple(self._words.get(folded(word), {}).values())


def folded(word: str) -> str:
    """Without what platforms and people change at will: case, blanks, how a letter is composed."""
    return " ".join(unicodedata.normalize("NFC", word).casefold().split())


def natural(name: str) -> tuple[str, int, str]:
    """A key for sorting as people do: p2 before p10, and a browser's `a (1).py` after `a.py`."""
    copy = _COPY.search(name)
    whole = _DIGITS.sub(lambda run: run[0].zfill(_MOST_DIGITS), _COPY.sub("", name))
    return whole, int(copy[1]) if copy else 0, name


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One file of a class, as a layout tells it; its bytes are read when they are asked for.

    `read` raises StudentError, in words for whoever runs the batch.
    """

    students: tuple[str, ...]  # ids, sorted; several hand in as a group
    name: str  # file name, for display: "ex4.py"
    origin: str  # where it was found, as the platform named it
    read: Callable[[], bytes]
    exercise: str = ""  # "": its first line says
    at: datetime | None = None  # None: the layout does not say


# --- what is kept --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was handed in once.  `told`: `at` is the platform's time, not that of intake."""

    students: tuple[str, ...]
    exercise: str
    name: str
    origin: str
    raw: bytes
    at: datetime
    told: bool

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def mark(self) -> str:
        """Equal for what is one attempt: the same bytes of the same students at one told time.

        An export that is downloaded again brings nothing new.
        """
        at = self.at.astimezone(UTC).isoformat() if self.told else ""
        words = [sorted(self.students), self.exercise, self.digest, at]
        return hashlib.sha256(json.dumps(words).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Grading:
    """What was once said of an attempt.  `key` changes with all that can change the verdict.

    The reports are `grader/report/v1` in JSON; a file that could not be read has a problem instead.
    """

    key: str
    at: datetime
    standing: Standing
    points: float
    max_points: float
    mode: str = ""  # of isolation
    level: str = ""
    student_report: bytes = b""
    teacher_report: bytes = b""
    problem: str = ""


# --- what it is worth ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """An exercise in a sheet."""

    exercise: str
    title: str
    max_points: float  # by the newest grading; grades of an earlier version may be of others
    weight: float  # its share of the total, relative to the other columns'
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Grade:
    """What counts for one student in one exercise, late policy and override applied."""

    student: str
    exercise: str
    points: float
    max_points: float
    standing: Standing
    attempts: int  # that counted; those beyond the limit do not
    attempt: int | None  # id of the one that counts; None if a teacher's word is all there is
    at: datetime | None
    penalty: float = 0.0  # points lost for being late
    overridden: bool = False
    reason: str = ""  # of the override
    told: bool = True  # `at` is the platform's time of an attempt, not ours of intake or override

    def out_of(self, whole: float) -> "Grade":
        """The same share of other points: of what the exercise is worth by now."""
        if self.max_points in {0.0, whole}:
            return self
        points = self.points * whole / self.max_points
        penalty = self.penalty * whole / self.max_points
        return replace(self, points=points, penalty=penalty, max_points=whole)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The grades of a class; a student without a grade in an exercise has handed in nothing."""

    course: str
    title: str
    students: tuple[Student, ...]
    columns: tuple[Column, ...]
    grades: Mapping[tuple[str, str], Grade]  # (student, exercise)
    totals: Mapping[str, float]  # student → weighted percent, 0 to 100, not rounded
    # (student, exercise) → a due date of one's own
    extended: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
