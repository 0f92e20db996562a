"""Page ↔ bytes: the recorded runs of one part in one variant, as JSON and safetensors.

A run has the form that a box gives it, and is decoded as what comes out of a box is.  Only arrays
are kept otherwise than in a frame: in one pool for each dtype, equal arrays and equal runs once,
and in four bytes what was computed in float32.  Frames would be six times as large or, end to end,
take three times as long to read; and what is JSON can be searched for secrets.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from grader.checks.noise import Noise
from grader.judging.keys.key import Model
from grader.model import Array, Run, Usage
from grader.sandbox import decode
from grader.sandbox.encode import Encoder

# A tree of what JSON has; its form is what this file is about.
Plain = Any

FORMAT = 2  # a page that says none has runs in a form of its own
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


class Outdated(Exception):
    """What another version of the grader has recorded."""


def as_bytes(page: Page) -> tuple[bytes, bytes]:
    """The JSON and the numbers of a page."""
    pool, runs = _Pool(), dict[str, int]()
    encoder = Encoder(pool.row)

    def model(which: Model) -> dict[str, int]:
        texts = {case: json.dumps(encoder.run(run)) for case, run in which.items()}
        return {case: runs.setdefault(text, len(runs)) for case, text in texts.items()}

    wanted = model(page.wanted)
    styles = [[style.mistake, style.own, model(style.runs)] for style in page.styles]
    text = {
        "format": FORMAT,
        "wanted": wanted,
        "seconds": {case: _seconds(run) for case, run in page.wanted.items()},
        "styles": styles,
        "runs": [json.loads(run) for run in runs],
        "arrays": pool.table,
        "noise": {case: dict(each) for case, each in page.noise.items()},
    }
    return json.dumps(text, separators=(",", ":")).encode(), pool.numbers()


def from_bytes(text: bytes, numbers: bytes) -> Page:
    """Raises Outdated for a page of another format, ValueError for what is none."""
    try:
        plain, pool = json.loads(text), load(numbers)
        if plain.get("format") != FORMAT:
            raise Outdated
        arrays = [_array(pool, *row) for row in plain["arrays"]]
        runs = [decode.kept(each, arrays.__getitem__) for each in plain["runs"]]
        styles = (Style(name, own, _model(which, runs)) for name, own, which in plain["styles"])
        wanted = {
            case: replace(run, usage=Usage(cpu_seconds=float(plain["seconds"][case])))
            for case, run in _model(plain["wanted"], runs).items()
        }
        return Page(wanted, tuple(styles), _noise(plain["noise"]))
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

    def row(self, array: Array) -> int:
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
