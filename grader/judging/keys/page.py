"""Page ↔ bytes: the recorded runs of one part in one variant, as JSON and safetensors.

Numbers stand in one pool for each dtype, equal arrays and equal runs once; what was computed in
float32 takes four bytes.  Nothing is unpickled.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from grader.checks.noise import Noise
from grader.judging.keys.key import Model
from grader.model import (
    Array,
    Ended,
    Fault,
    Items,
    Leaf,
    Nothing,
    Number,
    Observation,
    Other,
    Raised,
    Run,
    Step,
    Tensor,
    Text,
    Usage,
)

# A tree of what JSON has; its form is what this file is about.
Plain = Any

_DTYPES = {"f": np.float32, "d": np.float64, "q": np.int64, "?": np.bool_}


@dataclass(frozen=True, slots=True)
class Style:
    """A mistake as its author wrote it, or over an accepted variant."""

    mistake: str
    own: bool
    runs: Model


@dataclass(frozen=True, slots=True)
class Page:
    wanted: Model  # the reference's
    styles: tuple[Style, ...]
    noise: Mapping[str, Noise] = field(default_factory=dict)  # case → the rounding in `wanted`


def as_bytes(page: Page) -> tuple[bytes, bytes]:
    """The JSON and the numbers of a page."""
    pool, runs = _Pool(), dict[str, int]()

    def model(which: Model) -> dict[str, int]:
        texts = {case: json.dumps(_run(run, pool)) for case, run in which.items()}
        return {case: runs.setdefault(text, len(runs)) for case, text in texts.items()}

    wanted = model(page.wanted)
    styles = [[style.mistake, style.own, model(style.runs)] for style in page.styles]
    text = {
        "wanted": wanted,
        "seconds": {case: _seconds(run) for case, run in page.wanted.items()},
        "styles": styles,
        "runs": [json.loads(run) for run in runs],
        "arrays": pool.table,
        "noise": {case: dict(each) for case, each in page.noise.items()},
    }
    return json.dumps(text, separators=(",", ":")).encode(), pool.numbers()


def from_bytes(text: bytes, numbers: bytes) -> Page:
    """Raises ValueError for what `as_bytes` has not written, now or before noise was recorded."""
    try:
        plain, pool = json.loads(text), load(numbers)
        arrays = [_array(pool, *row) for row in plain["arrays"]]
        runs = [_Reader(arrays).run(each) for each in plain["runs"]]
        styles = (Style(name, own, _model(which, runs)) for name, own, which in plain["styles"])
        seconds = plain.get("seconds", {})  # what an older release lacks
        wanted = {
            case: replace(run, usage=Usage(cpu_seconds=float(seconds.get(case, 0.0))))
            for case, run in _model(plain["wanted"], runs).items()
        }
        return Page(wanted, tuple(styles), _noise(plain.get("noise", {})))
    except (SafetensorError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"no page of recorded runs: {error!r}") from error


def _noise(cases: Plain) -> dict[str, Noise]:
    return {
        case: {path: float(size) for path, size in each.items()} for case, each in cases.items()
    }


def _model(cases: Mapping[str, int], runs: list[Run]) -> Model:
    return {case: runs[number] for case, number in cases.items()}


def _seconds(run: Run) -> float:
    """CPU time, from which a student's limit follows; rounded up, so that it seldom changes."""
    return math.ceil(run.usage.cpu_seconds * 20) / 20


# --- numbers -------------------------------------------------------------------------------------


@dataclass
class _Pool:
    """Arrays end to end; an array is known by its row of the table."""

    table: list[Plain] = field(default_factory=list)
    _rows: dict[tuple[str, tuple[int, ...], bytes], int] = field(default_factory=dict)
    _flat: dict[str, list[Array]] = field(default_factory=lambda: {kind: [] for kind in _DTYPES})

    def row(self, array: Array | None) -> int | None:
        if array is None:
            return None
        kind = _kind(array)
        kept: Array = np.ascontiguousarray(array, dtype=_DTYPES[kind]).reshape(-1)
        name = kind, array.shape, kept.tobytes()
        if name not in self._rows:
            self._rows[name] = len(self.table)
            start = sum(part.size for part in self._flat[kind])
            self.table.append([kind, start, list(array.shape)])
            self._flat[kind].append(kept)
        return self._rows[name]

    def numbers(self) -> bytes:
        flat = {kind: np.concatenate(parts) for kind, parts in self._flat.items() if parts}
        return save(flat)


def _kind(array: Array) -> str:
    if array.dtype.kind != "f":
        return "?" if array.dtype.kind == "b" else "q"
    with np.errstate(over="ignore"):
        narrow = array.astype(np.float32)
    return "f" if np.array_equal(narrow.astype(float), array, equal_nan=True) else "d"


def _array(pool: Mapping[str, Array], kind: str, start: int, shape: list[int]) -> Array:
    size = int(np.prod(shape))
    flat = pool[kind][start : start + size] if size else np.zeros(0, _DTYPES[kind])
    return np.asarray(flat.reshape(shape), dtype=float if kind == "f" else _DTYPES[kind])


# --- runs ----------------------------------------------------------------------------------------


def _run(run: Run, pool: _Pool) -> Plain:
    return {
        "ended": run.ended,
        "seen": _observations(run.observations, pool),
        "after": _observations(run.inputs_after, pool),
        "steps": None if run.steps is None else [_step(step, pool) for step in run.steps],
        "fault": None if run.fault is None else _fault(run.fault),
        "cells": [_fault(fault) for fault in run.cell_faults],
    }


def _fault(fault: Fault) -> list[str]:
    return [fault.kind, fault.type_name, fault.message]


def _step(step: Step, pool: _Pool) -> Plain:
    leaves = {
        name: [pool.row(leaf.value), pool.row(leaf.before), pool.row(leaf.after)]
        for name, leaf in step.leaves.items()
    }
    return [step.loss, leaves]


def _observations(seen: Mapping[str, Observation], pool: _Pool) -> Plain:
    return {name: _observation(each, pool) for name, each in seen.items()}


def _observation(seen: Observation, pool: _Pool) -> Plain:
    match seen:
        case Number(value):
            return ["number", value]
        case Text(value):
            return ["text", value]
        case Nothing():
            return ["none"]
        case Items(items):
            numbers = _all_floats(items)
            if numbers is not None:
                return ["floats", pool.row(numbers)]
            return ["items", [_observation(each, pool) for each in items]]
        case Tensor():
            return ["tensor", *_tensor(seen, pool)]
        case Raised(kind):
            return ["raised", kind]
        case Other(name):
            return ["other", name]


def _all_floats(items: Iterable[Observation]) -> Array | None:
    values = [item.value for item in items if isinstance(item, Number)]
    whole = [*items] and len(values) == len([*items])
    return np.array(values) if whole and {*map(type, values)} == {float} else None


def _tensor(seen: Tensor, pool: _Pool) -> Plain:
    flags = [seen.requires_grad, seen.is_leaf]
    rest = [seen.grad_fn, seen.storage, seen.version]
    return [pool.row(seen.value), seen.dtype, *flags, pool.row(seen.grad), *rest]


@dataclass(frozen=True, slots=True)
class _Reader:
    arrays: list[Array]

    def run(self, plain: Plain) -> Run:
        steps = plain["steps"]
        return Run(
            Ended(plain["ended"]),
            self.observations(plain["seen"]),
            self.observations(plain["after"]),
            None if steps is None else tuple(self.step(*each) for each in steps),
            None if plain["fault"] is None else Fault(*plain["fault"]),
            tuple(Fault(*fault) for fault in plain["cells"]),
        )

    def observations(self, plain: Plain) -> dict[str, Observation]:
        return {name: self.observation(*each) for name, each in plain.items()}

    def step(self, loss: float | None, leaves: Plain) -> Step:
        return Step(loss, {name: self.leaf(*rows) for name, rows in leaves.items()})

    def leaf(self, value: int, before: int | None, after: int | None) -> Leaf:
        return Leaf(self.arrays[value], self.maybe(before), self.maybe(after))

    def maybe(self, row: int | None) -> Array | None:
        return None if row is None else self.arrays[row]

    def observation(self, kind: str, *rest: Plain) -> Observation:
        match kind:
            case "number":
                return Number(*rest)
            case "text":
                return Text(*rest)
            case "none":
                return Nothing()
            case "floats":
                (row,) = rest
                return Items(tuple(Number(value) for value in self.arrays[row].tolist()))
            case "items":
                (items,) = rest
                return Items(tuple(self.observation(*each) for each in items))
            case "tensor":
                return self.tensor(*rest)
            case "raised":
                return Raised(*rest)
            case "other":
                return Other(*rest)
        raise ValueError(f"no observation {kind!r}")

    def tensor(self, value: int, dtype: str, *rest: Plain) -> Tensor:
        requires_grad, is_leaf, grad, *others = rest
        return Tensor(self.arrays[value], dtype, requires_grad, is_leaf, self.maybe(grad), *others)
