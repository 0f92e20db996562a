"""Accidental agreements: inputs on which a wrong answer of a common shape equals the right one.

x = 2 for x**3 is the classic: first and second derivative are both 12.  An agreement that stays
when the inputs are moved is in the nature of the exercise and is not told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.checks.check import Check, View, find
from grader.checks.compare import TOLERANCE, scale
from grader.model import (
    Array,
    Inputs,
    Items,
    Number,
    Observation,
    Run,
    Tensor,
    Value,
    as_array,
)

Rerun = Callable[[Sequence[Inputs]], Sequence[Run]]
Rivals = Mapping[str, Array]

_ROOM = 10 * TOLERANCE
_STEP = 1e-4


def coincidences(checks: Iterable[Check], right: View, rerun: Rerun) -> list[str]:
    """In words, each wrong answer that a check could not tell from the right one in this case."""
    wanted, inputs = right.wanted, right.inputs
    paths = sorted({path for check in checks for path in check.numeric})
    values = {path: value for path in paths if (value := _value(wanted, path)) is not None}
    found = _agreements(values, right, _slopes(inputs, values, rerun))
    if not found:
        return []
    moved = {name: _moved(value) for name, value in inputs.items()}
    (moved_run,) = rerun([moved])
    values = {path: value for path in values if (value := _value(moved_run, path)) is not None}
    there = View(moved_run, moved_run, moved, right.parsed)  # what only rounding hides is told
    always = set(_agreements(values, there, _slopes(moved, values, rerun)))
    return [words for words in found if words not in always]


def mutants(want: Array) -> Iterator[tuple[str, Array]]:
    """The automatic mutants of one right value that need nothing else: a name, the wrong value."""
    want = want.astype(float)
    yield "zero", np.zeros_like(want)
    yield "all ones", np.ones_like(want)
    yield "negated", -want
    yield "doubled", 2 * want
    yield "halved", want / 2
    if want.ndim == 2 and want.shape[0] == want.shape[1] and want.size > 1:
        yield "transposed", want.T


def rivals(path: str, wanted: Run, inputs: Inputs) -> Iterator[tuple[str, Array]]:
    """What else a student might hand in for `path`: an input, or another observation."""
    for name, value in inputs.items():
        if isinstance(value, np.ndarray | float | int) and not isinstance(value, bool):
            yield f"the input `{name}`", np.asarray(value, dtype=float)
    for name in sorted(wanted.observations):
        for other in (name, f"{name}.grad"):
            value = None if other == path else _value(wanted, other)
            if value is not None:
                yield f"`{other}`", value


def _agreements(
    values: Mapping[str, Array], right: View, slopes: Mapping[str, Rivals]
) -> list[str]:
    found = []
    for path, want in values.items():
        known = rivals(path, right.wanted, right.inputs)
        others = [*mutants(want), *known, *slopes.get(path, {}).items()]
        room = _ROOM * scale(want, right.noise.get(path, 0.0))
        found += [
            f"`{path}` would be the same if it were {name}"
            for name, wrong in others
            if wrong.shape == want.shape and np.abs(wrong - want).max(initial=0.0) <= room
        ]
    return found


def _slopes(
    inputs: Inputs, values: Mapping[str, Array], rerun: Rerun
) -> dict[str, dict[str, Array]]:
    """Path → how its value changes with each input: a derivative taken once too often."""
    shifted = _shifted(inputs, {value.shape for value in values.values()})
    here, *there = rerun([inputs, *shifted.values()])
    slopes: dict[str, dict[str, Array]] = {path: {} for path in values}
    for name, run in zip(shifted, there, strict=True):
        for path in values:
            old, new = _value(here, path), _value(run, path)
            if old is not None and new is not None and old.shape == new.shape:
                slopes[path][f"its own derivative by `{name}`"] = (new - old) / _STEP
    return slopes


def _shifted(inputs: Inputs, shapes: set[tuple[int, ...]]) -> dict[str, Inputs]:
    """The inputs with one float input a little up."""
    floats = {
        name: value
        for name, value in inputs.items()
        if isinstance(value, float | np.ndarray) and np.asarray(value).dtype.kind == "f"
    }
    return {
        name: {**inputs, name: value + _STEP}
        for name, value in floats.items()
        if np.shape(value) in shapes
    }


def _value(run: Run, path: str) -> Array | None:
    observation = find(run, path)
    value = None if observation is None else as_array(observation)
    return None if value is None or value.dtype.kind == "b" else value.astype(float)


def _moved(value: Value) -> Value:
    if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        return value * 1.13 + 0.017
    return value


def with_value(run: Run, path: str, value: Array) -> Run | None:
    """The run with another value at one path; None where a value cannot be put there."""
    name, _, attribute = path.rpartition(".")
    if path in run.observations:
        return _exchanged(run, path, _other(run.observations[path], value))
    owner = run.observations.get(name)
    if attribute == "grad" and isinstance(owner, Tensor):
        return _exchanged(run, name, replace(owner, grad=value))
    return None


def _other(observation: Observation, value: Array) -> Observation:
    if isinstance(observation, Tensor):
        return replace(observation, value=value)
    if isinstance(observation, Items):
        return Items(tuple(Number(float(part)) for part in value))
    return Number(float(value))


def _exchanged(run: Run, name: str, observation: Observation) -> Run:
    return replace(run, observations={**run.observations, name: observation})
