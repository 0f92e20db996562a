"""Exercise + part → Harness and Code: the reference takes the road that a submission takes."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from grader.course import regions
from grader.course.format import Exercise
from grader.course.parts.part import AnyPart, RunPart
from grader.course.regions import DRIVE, Swap
from grader.model import Cell
from grader.sandbox.jobs import Code, Harness


def harness(exercise: Exercise, part: AnyPart) -> Harness:
    """What is done with a student's file for this part, and with the reference's."""
    return _harness(exercise, exercise.parts.index(part))


@lru_cache(maxsize=256)
def _harness(exercise: Exercise, number: int) -> Harness:
    part = exercise.parts[number]
    assert isinstance(part, RunPart)
    return part.harness(exercise.solution)


def reference(exercise: Exercise, changes: Mapping[str, str | Swap] | None = None) -> Code:
    """The solution, or a variation of it, as if it had been handed in."""
    text = regions.replaced(exercise.solution, changes or {})
    solution = regions.parse(text, exercise.solution.path)
    lines: list[str] = text.splitlines()
    if DRIVE in solution.regions:
        region = solution.regions[DRIVE]
        lines[region.first : region.last] = [""] * (region.last - region.first)
    source = regions.strip_marks("\n".join(lines))
    return Code((Cell(Path(exercise.solution.path).name, source),))
