"""Attempts: what was handed in and what came of it, one folder each, read in by `grade list`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.model import Submission


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as it was kept."""

    exercise: str
    outcome: str
    points: float
    max_points: float


def keep(folder: Path, course: str, submission: Submission, report: bytes, now: datetime) -> Path:
    """Keep the bytes handed in and the report; the same bytes in one second are one attempt."""
    name = f"{now:%Y%m%dT%H%M%SZ}-{submission.digest[:12]}"
    exercise = str(json.loads(report)["exercise"])
    place = folder / "attempts" / course / exercise / name
    place.mkdir(parents=True, exist_ok=True)
    (place / f"submission{Path(submission.name).suffix}").write_bytes(submission.raw)
    half = place / "report.json.half"
    half.write_bytes(report)
    half.replace(place / "report.json")
    return place


def best(folder: Path, course: str) -> dict[str, Attempt]:
    """Exercise id → its attempt with the most points."""
    found: dict[str, Attempt] = {}
    for attempt in _all(folder / "attempts" / course):
        if attempt.exercise not in found or attempt.points > found[attempt.exercise].points:
            found[attempt.exercise] = attempt
    return found


def _all(folder: Path) -> Iterator[Attempt]:
    for path in sorted(folder.glob("*/*/report.json")):
        try:
            report = json.loads(path.read_bytes())
            yield Attempt(
                str(report["exercise"]),
                str(report["outcome"]),
                float(report["points"]),
                float(report["max_points"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue  # half-written or edited: an attempt that cannot be read shows no progress
