"""Submission → what is told of it, even where something of ours breaks: the one place for that.

Whatever raises while somebody's work is judged and put into words is a fault of the grader, not of
the work: it is kept for staff with all that is needed to see it again, the student reads that it
was not their fault and loses nothing, and whoever grades others goes on.
"""

import json
import os
import platform
import traceback
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from grader import settings
from grader.course import places, variants
from grader.course.format import Exercise
from grader.errors import GraderError
from grader.judging import judge
from grader.judging.pipeline import evidence, grade
from grader.judging.workshop import Workshop
from grader.model import Graded, Incident, Outcome, Parsed, Submission
from grader.reporting import explain

_MOST_DETAILS = 4000  # characters; the record has all
_Told = TypeVar("_Told")


def handled(
    submission: Submission, exercise: Exercise, shop: Workshop, tell: Callable[[Graded], _Told]
) -> _Told:
    """Grade, and tell; if either raises, what is told is that the grader failed.

    Raises GraderError as `grade` does: that is for people, and they can do something about it.
    """
    try:
        return tell(grade(submission, exercise, shop))
    except GraderError:
        raise
    except Exception as error:  # noqa: BLE001  (ours, whatever it is)
        failed = _failed(submission, exercise, shop)
        folder = settings.state_folder(os.environ) / "incidents" / shop.course.id
        return tell(replace(failed, incident=_recorded(folder, failed, submission, error)))


def _failed(submission: Submission, exercise: Exercise, shop: Workshop) -> Graded:
    """Nothing is given, and nothing taken."""
    variant = variants.variant_in(submission, shop.course.id, exercise)
    values = variants.variant_values(exercise, variant, shop.course.id)
    said = explain.words("broken")
    parts = tuple(
        judge.part_verdict(part, judge.untouched(part, Outcome.BROKEN, said))
        for part in exercise.parts
    )
    return Graded(
        title=places.substituted(exercise.file.title, values),
        submission=submission,
        parsed=Parsed(),
        verdict=judge.verdict(exercise, parts),
        tried=(),
        diagnoses=(),
        exhibits=(),
        notes=(),
        isolation=shop.sandbox.isolation,
        evidence=evidence(submission, exercise, variant, shop),
    )


# --- the record ----------------------------------------------------------------------------------


def _recorded(folder: Path, failed: Graded, submission: Submission, error: Exception) -> Incident:
    """Keep the bytes and what is known of them; the same file again replaces its own record."""
    exercise, trace = failed.verdict.exercise, "".join(traceback.format_exception(error))
    place = folder / f"{exercise}-{submission.digest[:12]}"
    handed_in = place / f"submission{Path(submission.name).suffix.lower()}"
    record = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": platform.node(),
        "course": folder.name,
        "exercise": exercise,
        "student": submission.student,
        "bytes": str(handed_in),
        "again": ["grade", "submit", handed_in.name, "--exercise", exercise, *_as(submission)],
        "evidence": asdict(failed.evidence),
        "isolation": asdict(failed.isolation),
        "traceback": trace,
    }
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        handed_in.write_bytes(submission.raw)
        (place / "record.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    except OSError as problem:
        where = f"no record could be kept: {problem}"
    else:
        where = f"recorded in {place} on {platform.node()}"
    return Incident(where, f"{type(error).__name__}: {error!s:.300}\n{trace[-_MOST_DETAILS:]}")


def _as(submission: Submission) -> list[str]:
    return ["--as", submission.student] if submission.student else []
