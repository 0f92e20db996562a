"""Attempts and gradings, made up in a line each."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from grader.classroom.cohort import Attempt, Grading, Standing
from grader.course.format import BookRules, Course

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def course(*exercises: str, rules: BookRules | None = None) -> Course:
    names = exercises or ("ex1", "ex2")
    paths = {name: Path(f"{name}.yaml") for name in names}
    titles = {name: f"About {name}" for name in names}
    return Course(Path(), "c", "A course", None, paths, titles, rules=rules or BookRules())


def attempt(
    students: str = "ana", exercise: str = "ex1", raw: bytes = b"x = 1\n", *, late: float = 0.0
) -> Attempt:
    """Handed in `late` hours after noon, by the ids in `students`."""
    who = tuple(students.split())
    at = NOON + timedelta(hours=late)
    return Attempt(who, exercise, f"{exercise}.py", f"{who[0]}/{exercise}.py", raw, at, told=True)


def grading(
    points: float = 4.0,
    standing: Standing | None = None,
    *,
    key: str = "k1",
    report: bytes = b"",
) -> Grading:
    """Of 10 points."""
    how = standing or ("passed" if points >= 10 else "failed")
    return Grading(key, NOON, how, points, 10.0, "a", "full", report, report)


def report(checks: Sequence[tuple[str, float, float]], mistakes: Sequence[str] = ()) -> bytes:
    """What a book reads of one: check id, points, maximum; and the mistakes that were named."""
    told = [
        {
            "part": "fit",
            "id": id_,
            "outcome": "pass" if points == whole else "fail",
            "points": points,
            "max_points": whole,
        }
        for id_, points, whole in checks
    ]
    named = [{"part": "fit", "id": id_, "certainty": "match", "among": []} for id_ in mistakes]
    return json.dumps({"student": "ana", "checks": told, "diagnosis": named}).encode()
