"""Course → Secrets: all that must never be found in what students have."""

import io
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from grader.course.anchors import canary
from grader.course.format import Exercise
from grader.course.parts.part import Variation, as_changes
from grader.course.regions import DRIVE, parse, replaced
from grader.handout import render
from grader.judging.workshop import Workshop
from grader.model import Array, Inputs, Value
from grader.proving.release.text import squeezed

_RUN = 3  # consecutive statements that nobody writes by accident
_LONG, _TELLING = 24, 8  # characters without blanks: in other text, and standing by itself
_LAYOUT = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT})


@dataclass(frozen=True)
class Hidden:
    """The numbers of a hidden case by which it would be recognised."""

    what: str
    numbers: frozenset[float]


@dataclass(frozen=True)
class Secrets:
    exercises: tuple[Exercise, ...]
    words: dict[bytes, str]  # text in lower case → what it is
    raw: dict[bytes, str]  # the same for bytes
    code: dict[str, str]  # squeezed statements → whose they are
    whole: dict[str, str]  # squeezed code of a region, which nothing may hold by itself
    hidden: tuple[Hidden, ...]


def secrets_of(exercises: Iterable[Exercise], shop: Workshop, secret: bytes) -> Secrets:
    known = tuple(exercises)
    words = {secret.hex().encode(): "the course's secret"}
    for exercise in known:
        mark = canary(exercise.solution) or ""
        words[mark.removeprefix("canary: ").encode()] = f"the canary of {exercise.id}"
    code, whole = dict[str, str](), dict[str, str]()
    for exercise in known:
        public = _public(exercise, shop.course.id)
        for what, text in _codes(exercise):
            if len(squeezed(text)) >= _TELLING:
                whole[squeezed(text)] = what
            code |= {trace: what for trace in _traces(text) if trace not in public}
    hidden = tuple(found for exercise in known for found in _hidden(exercise, shop))
    raw = {secret: "the course's secret"}
    return Secrets(known, words, raw, code, whole, hidden)


# --- code ----------------------------------------------------------------------------------------


def _codes(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """The code of each mistake and accepted variant, region by region."""
    for part in exercise.parts:
        if part.cases:
            for id_, mistake in part.mistakes.items():
                yield from _code(exercise, mistake.code, f"code of mistake `{id_}`")
            for id_, variation in part.accept.items():
                yield from _code(exercise, variation, f"code of accepted variant `{id_}`")


def _code(exercise: Exercise, variation: Variation, what: str) -> Iterator[tuple[str, str]]:
    varied = parse(replaced(exercise.solution, as_changes(variation)), exercise.solution.path)
    for name in variation:
        yield f"{what} of {exercise.id}", varied.code(name)


def _traces(code: str) -> Iterator[str]:
    """Any 3 statements in a row; less than that only if it is long enough to be told by."""
    statements = _statements(code)
    if len(statements) >= _RUN:
        yield from ("".join(statements[at : at + _RUN]) for at in range(len(statements) - _RUN + 1))
    elif len("".join(statements)) >= _LONG:
        yield "".join(statements)


def _statements(code: str) -> list[str]:
    found, parts = list[str](), list[str]()
    for token in tokenize.generate_tokens(io.StringIO(f"{code}\n").readline):
        if token.type == tokenize.NEWLINE:
            found.append(squeezed("".join(parts)))
            parts = []
        elif token.type not in _LAYOUT:
            parts.append(token.string)
    return found


def _public(exercise: Exercise, course_id: str) -> str:
    """What a handout and the drive show anyway."""
    solution = exercise.solution
    drive = solution.code(DRIVE) if DRIVE in solution.regions else ""
    return squeezed(render.handout(exercise, 0, course_id).python + drive)


# --- numbers -------------------------------------------------------------------------------------


def _hidden(exercise: Exercise, shop: Workshop) -> Iterator[Hidden]:
    keys = shop.keys
    for part in exercise.parts:
        if part.cases:
            variants = range(exercise.file.variants)
            opened = [case for v in variants for case in keys.open_cases(exercise, part, v)]
            known = {number for case in opened for number in _numbers(case.inputs)}
            for case in keys.key(exercise, part, 0).cases:
                own = frozenset(_numbers(case.inputs)) - known
                if case.hidden and own:
                    yield Hidden(f"hidden case {case.id} of {exercise.id}", own)


def _numbers(inputs: Inputs) -> Iterator[float]:
    """Those with more than two decimals: 0.5 is in every text."""
    for value in inputs.values():
        for number in _flat(value).tolist():
            if round(number * 100, 6) % 1:
                yield number


def _flat(value: Value) -> Array:
    if isinstance(value, list):
        return np.concatenate([np.zeros(0), *map(_flat, value)])
    if isinstance(value, int | float | np.ndarray):
        return np.asarray(value, dtype=float).reshape(-1)
    return np.zeros(0)
