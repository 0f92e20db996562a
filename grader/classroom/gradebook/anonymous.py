"""Sheet + attempts → rows for research: one for each attempt of each student, under a pseudonym.

Pseudonyms are keyed with random bytes that nobody keeps: the same within one export, and of no use
with another.  Rows are ordered by them, so that their order tells nothing either.  Left out is all
that people wrote or are called by: names, addresses, groups, files and their names, places, output,
reasons; of times only the hours since the first attempt of all.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from datetime import datetime

from grader.classroom.cohort import Sheet
from grader.classroom.gradebook import reading
from grader.classroom.gradebook.book import Gradebook
from grader.classroom.gradebook.rows import Detail, Kept

HEADER = (
    "student",
    "exercise",
    "attempt",
    "hours",
    "standing",
    "points",
    "max_points",
    "counts",
    "passed",
    "not_passed",
    "misconceptions",
)
_HOUR = 3600
Row = tuple[str, str, int, str, str, str, str, str, str, str, str]


def rows(book: Gradebook, sheet: Sheet) -> list[Row]:
    """Sorted; the header is HEADER."""
    salt = secrets.token_bytes()
    exercises = [column.exercise for column in sheet.columns]
    began = min((kept.at for id_ in exercises for kept in book.attempts(id_)), default=None)
    if began is None:
        return []
    return sorted(row for id_ in exercises for row in _of_exercise(book, sheet, id_, salt, began))


def _of_exercise(
    book: Gradebook, sheet: Sheet, exercise: str, salt: bytes, began: datetime
) -> Iterator[Row]:
    details = dict(reading.details(book.store, book.course, exercise))
    seen: dict[str, int] = {}
    for kept in sorted(book.attempts(exercise), key=lambda kept: (kept.at, kept.id)):
        for student in kept.students:
            seen[student] = seen.get(student, 0) + 1
            grade = sheet.grades.get((student, exercise))
            counts = grade is not None and grade.attempt == kept.id
            detail = details.get(kept.id, Detail())
            head = (_pseudonym(salt, student), exercise, seen[student])
            yield (*head, *_told(kept, began), "yes" if counts else "no", *_lists(detail))


def _told(kept: Kept, began: datetime) -> tuple[str, str, str, str]:
    hours = (kept.at - began).total_seconds() / _HOUR
    return f"{hours:.2f}", kept.standing, f"{kept.points:g}", f"{kept.max_points:g}"


def _lists(detail: Detail) -> tuple[str, str, str]:
    passed = (f"{item.part}.{item.check}" for item in detail.items if item.outcome == "pass")
    other = (f"{item.part}.{item.check}" for item in detail.items if item.outcome != "pass")
    mistakes = (
        "|".join(mistake.among or (f"{mistake.part}.{mistake.id}",)) for mistake in detail.mistakes
    )
    return " ".join(passed), " ".join(other), " ".join(mistakes)


def _pseudonym(salt: bytes, student: str) -> str:
    return "s" + hmac.new(salt, student.encode(), hashlib.sha256).hexdigest()[:12]
