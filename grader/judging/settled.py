"""Exercise → the same with open cases that are fair, in every variant, and recorded.

A recorded draw stays as long as it is a good one: it has been handed out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from grader.course import draws
from grader.course.format import Exercise
from grader.course.loading import load_file
from grader.judging.keys import Unmet
from grader.judging.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Settled:
    exercise: Exercise
    unmet: Mapping[tuple[str, int], Unmet]  # part and variant → what no draw could mend


def settled(exercise: Exercise, shop: Workshop) -> Settled:
    """Raises AuthorError if another draw has to be taken and cannot be recorded."""
    found: dict[str, dict[int, int]] = {}
    unmet = {}
    for part in exercise.parts:
        for variant in range(exercise.file.variants if part.cases else 0):
            draw, lacks = shop.keys.open_draw(exercise, part, variant)
            if lacks:
                unmet[part.id, variant] = lacks[0]
                draw = exercise.draws.get(part.id, {}).get(variant, 0)
            if draw:
                found.setdefault(part.id, {})[variant] = draw
    if found != exercise.draws:
        draws.write(exercise.path.parent, exercise.id, found)
        exercise = load_file(exercise.path)
    return Settled(exercise, unmet)
