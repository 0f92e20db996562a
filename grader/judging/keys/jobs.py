"""Exercise + cases → jobs that run the reference, or a variation of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.course.format import Exercise
from grader.course.parts.part import AnyPart, Variation, as_changes
from grader.judging.harness import harness, reference
from grader.judging.keys.key import Drawn
from grader.sandbox.jobs import Job, run_job


@dataclass(frozen=True, slots=True)
class Way:
    """How it is calculated.  Without a dtype, in the case's own."""

    dtype: str = ""
    threads: int = 1


def case_jobs(
    exercise: Exercise,
    part: AnyPart,
    cases: Sequence[Drawn],
    code: Variation | None = None,
    way: Way = Way(),
) -> list[Job]:
    """A job for each case."""
    text = reference(exercise, as_changes(code or {}))
    frame = harness(exercise, part)
    return [
        run_job(text, frame, case.inputs, dtype=way.dtype or case.dtype, threads=way.threads)
        for case in cases
    ]


def otherwise(case: Drawn) -> Way:
    """In the other precision: what it shows is the rounding."""
    return Way("float32" if case.dtype == "float64" else "float64")
