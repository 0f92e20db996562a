"""What an exercise draws: the variant of a student, the inputs of a case, and words with both in.

Everything open is drawn from words that anybody may know; hidden cases are drawn by whoever holds
the course's secret, with the same `case_inputs`.
"""

import ast
import hashlib
import re
from collections.abc import Iterator

import numpy as np

from grader.course.format import Case, Exercise, RunPart
from grader.inputs.expressions import ExpressionError, draw, evaluate, names_in, rounded, seed
from grader.model import Inputs, Submission, Value

# The shortest text between double brackets whose own brackets are closed: [[x]], [[xs[0]]].
_PLACE = re.compile(r"\[\[(?P<code>[^\n]+?)\]\](?!\])")


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
    part: RunPart, case: Case, values: Inputs, rng: np.random.RandomState
) -> dict[str, Value]:
    """Draw one case.  `values` are the variant's for an open case, nothing for a hidden one."""
    return draw({**part.inputs, **case.inputs}, values, rng)


def open_inputs(
    exercise: Exercise, part: RunPart, variant: int, course_id: str, draw: int | None = None
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


# --- words ---------------------------------------------------------------------------------------


def substituted(words: str, values: Inputs) -> str:
    """Words with the value of each `[[expression]]` in its place."""

    def shown(place: re.Match[str]) -> str:
        if not _is_place(place["code"]):
            return place[0]
        return as_python(rounded(evaluate(place["code"], values)))

    return _PLACE.sub(shown, words)


def places(words: str) -> Iterator[str]:
    """The expressions that stand in words between double brackets."""
    return (place["code"] for place in _PLACE.finditer(words) if _is_place(place["code"]))


def as_python(value: Value) -> str:
    """A value as it would be typed: 2.5, 'mean', [1.0, 2.0]; a tensor as its list."""
    return repr(value.tolist() if isinstance(value, np.ndarray) else value)


def _is_place(code: str) -> bool:
    """Whether it is ours and not a nested list of a program, such as [[1.0, 2.0], [3.0, 4.0]]."""
    try:
        tree = ast.parse(code.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _is_balanced(code)
    try:
        return not isinstance(tree, ast.Tuple) and bool(names_in(code))
    except ExpressionError:
        return True


def _is_balanced(code: str) -> bool:
    depth = 0
    for letter in code:
        depth += (letter == "[") - (letter == "]")
        if depth < 0:
            return False
    return depth == 0


def as_code(value: Value, *, double: bool = False) -> str:
    if isinstance(value, list):
        return f"[{', '.join(as_code(entry, double=double) for entry in value)}]"
    if not isinstance(value, np.ndarray):
        return repr(value)
    dtype = ", dtype=torch.float64" if double and value.dtype.kind == "f" else ""
    return f"torch.tensor({as_python(value)}{dtype})"
