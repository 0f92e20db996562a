"""A case is fair if all right styles agree on it, far inside the tolerance.

A number near zero, a sum that cancels, an input that lies on a kink: there the order of two
additions decides, and it would decide who is blamed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from grader.course.format import Exercise
from grader.course.parts.part import AnyPart
from grader.judging.keys.jobs import Way, case_jobs
from grader.judging.keys.key import Drawn, Key, Unmet
from grader.model import Ended, Inputs, Items, Observation, Parsed, Run, Tensor, Value
from grader.sandbox.jobs import Job

ROOM = 30  # times that right styles are closer than the tolerance
_ULP = 2.0**-24  # relative: what float32 makes of a number that it cannot hold


# Ways to run the reference.  A case of float64 may need it: there float32 need not be right.
WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "on 2 threads": Way(threads=2),
        "in float64": Way("float64"),
        "in float64 on 2 threads": Way("float64", 2),
    }
)
_ROUNDED: Mapping[str, int] = MappingProxyType(
    {"with inputs that are rounded otherwise": 1, "with inputs that are rounded the other way": -1}
)


@dataclass(frozen=True, slots=True)
class Style:
    """A right way to calculate a case."""

    words: str
    job: Job


def styles(exercise: Exercise, part: AnyPart, case: Drawn) -> list[Style]:
    """The reference however it is run, and every accepted variant."""
    found = [
        Style(words, *case_jobs(exercise, part, [case], way=way)) for words, way in WAYS.items()
    ]
    for words, sign in _ROUNDED.items() if case.dtype == "float32" else ():
        moved = replace(case, inputs=_rounded_otherwise(case.inputs, sign))
        found.append(Style(words, *case_jobs(exercise, part, [moved], way=Way("float64"))))
    for name, code in part.accept.items():
        found.append(Style(f"as `{name}` has it", *case_jobs(exercise, part, [case], code)))
    return found


def disagreements(
    part: AnyPart, key: Key, case: Drawn, shown: Sequence[tuple[Style, Run]]
) -> Iterator[Unmet]:
    """What a style shows otherwise, each once."""
    told = set()
    for style, run in shown:
        if run.ended is not Ended.FINISHED:
            yield Unmet(case.id, f"{style.words}, the reference does not finish")
            return
        for what in _off(part, key, case, run):
            if what not in told:
                told.add(what)
                words = f"right styles do not agree on `{what}`: {style.words}, it is not {ROOM}"
                yield Unmet(case.id, f"{words} times closer than the tolerance")


def _off(part: AnyPart, key: Key, case: Drawn, run: Run) -> Iterator[str]:
    view = key.view(case, in_dtype(run, case.dtype), Parsed())
    for check in part.checks:
        if check.runs_code and check.covers(case.id):
            yield from (what for what, times in check.excesses(view).items() if times > 1 / ROOM)


def in_dtype(run: Run, dtype: str) -> Run:
    """As if it had been calculated in the case's own precision."""

    def named(seen: Observation) -> Observation:
        match seen:
            case Tensor(dtype="float32" | "float64"):
                return replace(seen, dtype=dtype)
            case Items(items):
                return Items(tuple(map(named, items)))
        return seen

    return replace(run, observations={name: named(one) for name, one in run.observations.items()})


def _rounded_otherwise(inputs: Inputs, sign: int) -> dict[str, Value]:
    """Inputs that float32 cannot hold, off by as much as it may round them; every other one up."""
    return {
        name: _off_by(value, sign * (1 if number % 2 else -1))
        for number, (name, value) in enumerate(inputs.items())
    }


def _off_by(value: Value, sign: int) -> Value:
    if isinstance(value, list):
        return [_off_by(each, sign) for each in value]
    if isinstance(value, float):
        return value * (1 + sign * _ULP) if np.float32(value) != value else value
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        signs = sign * np.where(np.arange(value.size) % 2, 1, -1).reshape(value.shape)
        return np.where(value.astype(np.float32) == value, value, value * (1 + signs * _ULP))
    return value
