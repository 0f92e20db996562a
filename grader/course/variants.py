"""What an exercise draws: the variant of a student, and the inputs of a case.

Everything open is drawn from words that anybody may know; hidden cases are drawn by whoever holds
the course's secret, with the same `case_inputs`.
"""

import hashlib

import numpy as np

from grader.course.format import Exercise
from grader.course.parts.part import AnyPart, Case
from grader.inputs.expressions import draw, seed
from grader.model import Inputs, Submission, Value


def variant_of(student: str, course_id: str, exercise: Exercise) -> int:
    """A student's own variant; 0 for nobody in particular."""
    if not student:
        return 0
    words = f"{course_id}\0{exercise.id}\0{student}".encode()
    return int.from_bytes(hashlib.sha256(words).digest(), "big") % exercise.file.variants


def variant_in(submission: Submission, course_id: str, exercise: Exercise) -> int:
    """The variant that a file says, else its student's own."""
    if submission.variant is not None:
        return submission.variant
    return variant_of(submission.student, course_id, exercise)


def variant_values(exercise: Exercise, variant: int, course_id: str) -> dict[str, Value]:
    """The names that words and open cases may use."""
    rng = np.random.RandomState(seed(course_id, exercise.id, "variant", str(variant)))
    return draw(exercise.file.variant, {}, rng)


def case_ids(case: Case) -> tuple[str, ...]:
    """One id a draw: `two.1`, `two.2`, or the case's own if it is drawn once."""
    if case.times == 1:
        return (case.id,)
    return tuple(f"{case.id}.{number}" for number in range(1, case.times + 1))


def case_inputs(
    part: AnyPart, case: Case, values: Inputs, rng: np.random.RandomState
) -> dict[str, Value]:
    """Draw one case.  `values` are the variant's for an open case, nothing for a hidden one."""
    return draw({**part.inputs, **case.inputs}, values, rng)


def open_inputs(
    exercise: Exercise, part: AnyPart, variant: int, course_id: str, draw: int | None = None
) -> dict[str, dict[str, Value]]:
    """Id → inputs of every open case of a part, as the variant's student may see them.

    They are those of the recorded draw, or of another one.  The variant's own values are in words
    and programs, and stay.
    """
    number = exercise.draws.get(part.id, {}).get(variant, 0) if draw is None else draw
    values = variant_values(exercise, variant, course_id)
    drawn: dict[str, dict[str, Value]] = {}
    for case in part.cases:
        for id_ in case_ids(case) if case.open else ():
            words = [course_id, exercise.id, part.id, id_, str(variant)]
            rng = np.random.RandomState(seed(*words, *([str(number)] if number else [])))
            drawn[id_] = case_inputs(part, case, values, rng)
    return drawn
