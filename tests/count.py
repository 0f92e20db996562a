"""A gradebook counted a second time: SQLite's own module and a few lines, none of them ours."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

_ROWS = """
SELECT members.student, attempts.exercise, attempts.at, attempts.told, last.standing, last.points,
       last.max_points
FROM attempts
JOIN members ON members.attempt = attempts.id
JOIN gradings AS last ON last.attempt = attempts.id
WHERE attempts.course = ?
  AND last.id = (SELECT max(id) FROM gradings WHERE attempt = attempts.id)
ORDER BY attempts.at, attempts.origin, attempts.id
"""
_FILES = """
SELECT attempts.id, members.student, attempts.digest
FROM attempts JOIN members ON members.attempt = attempts.id
WHERE attempts.course = ?
ORDER BY attempts.id, members.student
"""
_DAY = timedelta(days=1)

Points = dict[tuple[str, str], float]  # (student, exercise) → points


@dataclass(frozen=True)
class Rules:
    """As in `course.yaml`; times are UTC without saying so, as SQLite keeps them."""

    keep: str = "best"
    attempts: int | None = None
    percent: int = 0  # lost for each begun day after the due date
    due: Mapping[str, datetime] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)  # of every exercise


@dataclass(frozen=True)
class _Try:
    standing: str
    points: Decimal
    worth: Decimal

    @property
    def share(self) -> Decimal:
        return self.points / self.worth if self.worth else Decimal(0)


def points(book: Path, course: str, rules: Rules) -> Points:
    """What counts for each student in each exercise."""
    return {where: _rounded(found.points) for where, found in _chosen(book, course, rules).items()}


def totals(book: Path, course: str, rules: Rules) -> dict[str, float]:
    """Student → percent of the course; what broke is left out."""
    chosen = _chosen(book, course, rules)
    return {student: _total(student, chosen, rules) for student, _ in chosen}


def files(book: Path, course: str) -> list[tuple[tuple[str, ...], str]]:
    """Who handed in which bytes, sorted."""
    found = defaultdict(list)
    for attempt, student, digest in _rows(book, _FILES, course):
        found[attempt, digest].append(student)
    return sorted((tuple(students), digest) for (_, digest), students in found.items())


# Any: what a row holds depends on the table.
def _rows(book: Path, wanted: str, course: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{book}?mode=ro", uri=True)) as connection:
        return connection.execute(wanted, (course,)).fetchall()


def _chosen(book: Path, course: str, rules: Rules) -> dict[tuple[str, str], _Try]:
    tries = defaultdict(list)
    for student, exercise, at, told, standing, points_, worth in _rows(book, _ROWS, course):
        days = _days_late(at, rules.due.get(exercise)) if told else 0
        left = Decimal(max(100 - days * rules.percent, 0)) / 100
        found = _Try(standing, Decimal(str(points_)) * left, Decimal(str(worth)))
        tries[student, exercise].append(found)
    return {where: _choice(each, rules) for where, each in tries.items()}


def _choice(tries: Sequence[_Try], rules: Rules) -> _Try:
    judged = [each for each in tries if each.standing in {"passed", "failed"}][: rules.attempts]
    if not judged:
        broken = [each for each in tries if each.standing == "broken"]
        return (broken or tries)[-1]
    if rules.keep == "best":
        return max(judged, key=lambda each: each.share)
    return judged[0 if rules.keep == "first" else -1]


def _days_late(at: str, due: datetime | None) -> int:
    """A day that has begun counts."""
    late = datetime.fromisoformat(at) - due if due else timedelta()
    return max(-(-late // _DAY), 0)


def _total(student: str, chosen: Mapping[tuple[str, str], _Try], rules: Rules) -> float:
    earned = possible = Decimal(0)
    for exercise, weight in rules.weights.items():
        found = chosen.get((student, exercise))
        if found is None or found.standing != "broken":
            possible += Decimal(str(weight))
        if found and found.standing != "broken" and found.worth:  # of the points that are shown
            earned += Decimal(str(weight)) * Decimal(str(_rounded(found.points))) / found.worth
    return float(100 * earned / possible) if possible else 0.0


def _rounded(number: Decimal) -> float:
    return float(number.quantize(Decimal("0.01"), ROUND_HALF_UP))
