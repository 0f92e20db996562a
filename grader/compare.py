"""Two observations → how far apart they are, and how, in words.

The reference's observation says what is compared: a number or a 0-d tensor is a scalar (any
one-element number will do), a list of numbers is compared number by number, a tensor must have the
same shape.  NaN equals nothing.  Distances are relative to the largest reference value.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from grader.model import (
    Array,
    Items,
    Nothing,
    Number,
    Observation,
    Other,
    Raised,
    Tensor,
    Text,
    as_array,
)

TOLERANCE = (
    1e-4  # float32; 300 times the noise between right styles, 1000 below the nearest mistake
)
_RATIO = 1e-3
_NUMERIC = "biuf"


@dataclass(frozen=True, slots=True)
class Difference:
    """`words` may quote values, `hint` never does.  Both are predicates: "is …", "has …"."""

    words: str
    hint: str
    size: float  # relative; inf where no number can say it


def distance(seen: Observation | None, wanted: Observation) -> float:
    """0 for equal; inf for another type, another shape, or a value that is not finite."""
    found = _compare(seen, wanted, 0.0, ())
    return 0.0 if found is None else found.size


def difference(
    seen: Observation | None,
    wanted: Observation,
    tolerance: float = TOLERANCE,
    lengths: Collection[int] = (),
) -> Difference | None:
    """How `seen` differs, or None.  `lengths` are sizes of the data, to recognise "N times"."""
    return _compare(seen, wanted, tolerance, lengths)


def _compare(
    seen: Observation | None, wanted: Observation, tolerance: float, lengths: Collection[int]
) -> Difference | None:
    if seen is None:
        return _kind("is missing")
    if isinstance(wanted, Number | Tensor) or _all_numbers(wanted):
        want = as_array(wanted)
        assert want is not None
        got = _numbers(seen, wanted)
        if isinstance(got, Difference):
            return got
        return _numeric(got, want, tolerance, lengths)
    if isinstance(wanted, Items):
        return _each(seen, wanted, tolerance, lengths)
    return _same(seen, wanted)


def _same(seen: Observation, wanted: Observation) -> Difference | None:
    if seen == wanted:
        return None
    if isinstance(wanted, Raised):
        return (
            _kind("raised no error")
            if not isinstance(seen, Raised)
            else _kind("raised another error")
        )
    if isinstance(wanted, Nothing):
        return _kind("is not None")
    if isinstance(wanted, Text) and isinstance(seen, Text):
        return Difference(
            f"is {seen.value!r}, should be {wanted.value!r}", "is another text", math.inf
        )
    return _kind(f"is {named(seen)}, should be {named(wanted)}")


def _each(
    seen: Observation, wanted: Items, tolerance: float, lengths: Collection[int]
) -> Difference | None:
    if not isinstance(seen, Items):
        return _kind(f"is {named(seen)}, should be a list or tuple")
    if len(seen.items) != len(wanted.items):
        return _count(len(seen.items), len(wanted.items))
    worst: Difference | None = None
    for index, (got, want) in enumerate(zip(seen.items, wanted.items, strict=True)):
        found = _compare(got, want, tolerance, lengths)
        if found is not None and (worst is None or found.size > worst.size):
            worst = Difference(
                f"at [{index}] {found.words}", f"at [{index}] {found.hint}", found.size
            )
    return worst


def _numbers(seen: Observation, wanted: Observation) -> Array | Difference:
    """The numbers of `seen` in the shape that `wanted` asks for."""
    got = as_array(seen)
    if got is None or got.dtype.kind not in _NUMERIC:
        return _kind(f"is {named(seen)}, should be {named(wanted)}")
    want = as_array(wanted)
    assert want is not None
    if want.dtype.kind == "b" or got.dtype.kind == "b":
        if want.dtype.kind != got.dtype.kind:
            return _kind(f"is {named(seen)}, should be {named(wanted)}")
        return got if got.shape == want.shape else _shape(got, want)
    if want.ndim == 0:
        return (
            got.reshape(()) if got.size == 1 and not isinstance(seen, Items) else _shape(got, want)
        )
    if isinstance(wanted, Tensor) and not isinstance(seen, Tensor):
        return _kind(f"is {named(seen)}, should be a tensor of shape {_dims(want)}")
    if isinstance(wanted, Items) and got.ndim == 1 and got.shape != want.shape:
        return _count(got.size, want.size)
    return got if got.shape == want.shape else _shape(got, want)


def _numeric(
    got: Array, want: Array, tolerance: float, lengths: Collection[int]
) -> Difference | None:
    got, want = got.astype(float), want.astype(float)
    if not np.isfinite(got).all():
        what = "NaN" if np.isnan(got).any() else "infinite"
        return Difference(f"is {what}{_where(~np.isfinite(got))}", f"is {what}", math.inf)
    if not np.isfinite(want).all():
        return Difference(
            "cannot be judged: the reference is not finite", "is not finite", math.inf
        )
    if want.size == 0:
        return None
    scale = float(np.abs(want).max()) or 1.0
    size = float(np.abs(got - want).max()) / scale
    if size <= tolerance:
        return None
    pattern = ratio_hint(got, want, lengths)
    wrong = np.abs(got - want) > max(tolerance, _RATIO * size) * scale
    spot = tuple(int(i) for i in np.argwhere(wrong)[0])
    at = f" at {list(spot)}" if spot else ""
    words = f"is {_short(got[spot])}{at}, should be {_short(want[spot])}"
    if pattern:
        words = f"{pattern} ({words})"
    return Difference(words, pattern or "is wrong", size)


def ratio_hint(got: Array, want: Array, lengths: Collection[int] = ()) -> str:
    """A pattern between a wrong array and the right one, from a closed list, or ""."""
    if not np.any(got):
        return "is zero everywhere"
    if not np.any(want):
        return ""
    factor = float(np.vdot(want, got) / np.vdot(want, want))
    if factor and _alike(got, factor * want):
        return _factor(factor, lengths)
    if want.ndim == 2 and want.shape[0] == want.shape[1] and _alike(got, want.T):
        return "is transposed"
    if want.ndim >= 1 and len(want) > 1:
        return _along(got, want)
    return ""


def _along(got: Array, want: Array) -> str:
    if _alike(got, np.cumsum(want, axis=0)):
        return "is a running sum: row k is the sum of all rows up to k"
    if _alike(got[1:], want[:-1]) or _alike(got[:-1], want[1:]):
        return "is shifted by one step"
    return ""


def _factor(factor: float, lengths: Collection[int]) -> str:
    """Words for got = factor * want, for factors that mean something."""
    whole, part = round(factor), round(1 / factor)
    named_factors = {-1: "has the opposite sign", 2: "is twice what it should be"}
    if abs(factor - whole) < _RATIO * abs(factor) and whole not in (0, 1):
        same = " (one for each data point)" if whole in lengths else ""
        return named_factors.get(whole, f"is {whole} times what it should be{same}")
    if abs(1 / factor - part) < _RATIO * abs(1 / factor) and part not in (0, 1):
        same = " (divided by the number of data points)" if part in lengths else ""
        return (
            "is half of what it should be"
            if part == 2
            else f"is 1/{part} of what it should be{same}"
        )
    return ""


def _alike(got: Array, want: Array) -> bool:
    scale = float(np.abs(want).max(initial=0.0))
    return bool(scale) and bool((np.abs(got - want) <= _RATIO * scale).all())


def _all_numbers(observation: Observation) -> bool:
    return isinstance(observation, Items) and as_array(observation) is not None


def named(observation: Observation) -> str:
    """What an observation is, for people."""
    match observation:
        case Number(value=bool()):
            return "a bool"
        case Number():
            return "a number"
        case Text():
            return "text"
        case Nothing():
            return "None"
        case Items():
            return "a list"
        case Tensor(value=value):
            return "a tensor" if value.ndim == 0 else f"a tensor of shape {_dims(value)}"
        case Raised():
            return "an error"
        case Other(type_name=type_name):
            return f"of type {type_name}"


def _kind(words: str) -> Difference:
    return Difference(words, words, math.inf)


def _shape(got: Array, want: Array) -> Difference:
    return _kind(f"has shape {_dims(got)}, should have {_dims(want)}")


def _count(got: int, want: int) -> Difference:
    return _kind(f"has {got} entries, should have {want}")


def _dims(array: Array) -> str:
    return str(tuple(array.shape))


def _where(mask: Array) -> str:
    return f" at {[int(i) for i in np.argwhere(mask)[0]]}" if mask.ndim else ""


def _short(value: float) -> str:
    return f"{float(value):.6g}"
