"""Two observations → how far apart they are, and how, in words.

The reference's observation says what is compared: a number or a 0-d tensor is a scalar (any
one-element number will do), a list of numbers is compared number by number, a list with flags
item by item, a tensor must have the same shape.  NaN equals nothing.  Distances are relative to the
largest reference value, or to the size of the numbers that its rounding tells of: what comes out
near zero is no smaller than what it was calculated from.

What a student's code answers is any number there is: whoever subtracts it asks `apart`, which
neither raises nor warns, whatever overflows.
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
NOISES = 300  # what one style's rounding may be to another's, with room to spare
_RATIO = 2e-4
_NUMERIC = "biuf"
_MOST_TIMES = 4  # what a slip makes of a number; the sizes of the data come on top
_LONGEST = 200  # characters of a text that is quoted
_LARGEST = float(np.finfo(float).max)

_ANOTHER = "is of another kind than it should be"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two predicates, "is …" or "has …", and a distance.

    `words` may quote what was seen; `hint` comes from a closed list, so that no student's code can
    make it carry a hidden case's numbers.
    """

    words: str
    hint: str
    size: float  # relative; inf where no number can say it


@dataclass(frozen=True, slots=True)
class _Room:
    """A difference is told above `least`; sizes are such that what may be is up to `tolerance`."""

    least: float
    tolerance: float
    noise: float

    def scale(self, want: Array) -> float:
        return scale(want, self.noise, self.tolerance)


def scale(want: Array, noise: float = 0.0, tolerance: float = TOLERANCE) -> float:
    """What a difference is relative to: up to `tolerance` of it, two right styles may differ."""
    largest = float(np.abs(want).max(initial=0.0))
    return max(largest or 1.0, NOISES * noise / tolerance)


def distance(
    seen: Observation | None,
    wanted: Observation,
    noise: float = 0.0,
    tolerance: float = TOLERANCE,
) -> float:
    """0 for equal; inf for another type, another shape, or a value that is not finite.

    `noise` is the absolute rounding in `wanted`; what it allows is at a distance of `tolerance`.
    """
    found = _compare(seen, wanted, _Room(0.0, tolerance, noise), ())
    return 0.0 if found is None else found.size


def difference(
    seen: Observation | None,
    wanted: Observation,
    tolerance: float = TOLERANCE,
    lengths: Collection[int] = (),
    noise: float = 0.0,
) -> Difference | None:
    """How `seen` differs, or None.  `lengths` are sizes of the data, to recognise "N times"."""
    return _compare(seen, wanted, _Room(tolerance, tolerance, noise), lengths)


def _compare(
    seen: Observation | None, wanted: Observation, room: _Room, lengths: Collection[int]
) -> Difference | None:
    if seen is None:
        return _kind("is missing")
    if not isinstance(wanted, Number | Tensor | Items):
        return _same(seen, wanted)
    if isinstance(wanted, Items) and isinstance(seen, Items):
        ours, theirs = len(seen.items), len(wanted.items)
        if ours != theirs:  # before they are looked at: there may be a hundred thousand
            return _count(ours, theirs)
    if isinstance(wanted, Items) and not (
        _all_numbers(wanted) and (isinstance(seen, Tensor) or _all_numbers(seen))
    ):
        return _each(seen, wanted, room, lengths)
    want = as_array(wanted)
    assert want is not None
    got = _numbers(seen, wanted)
    return got if isinstance(got, Difference) else _numeric(got, want, room, lengths)


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
            f"is {seen.value[:_LONGEST]!r}, should be {wanted.value!r}", "is another text", math.inf
        )
    return _kind(f"is {named(seen)}, should be {named(wanted)}", _ANOTHER)


def _each(
    seen: Observation, wanted: Items, room: _Room, lengths: Collection[int]
) -> Difference | None:
    if not isinstance(seen, Items):
        return _kind(f"is {named(seen)}, should be a list or tuple", _ANOTHER)
    worst: Difference | None = None
    for index, (got, want) in enumerate(zip(seen.items, wanted.items, strict=True)):
        found = _compare(got, want, room, lengths)
        if found is not None and (worst is None or found.size > worst.size):
            worst = Difference(f"at [{index}] {found.words}", found.hint, found.size)
    return worst


def _numbers(seen: Observation, wanted: Observation) -> Array | Difference:
    """The numbers of `seen` in the shape that `wanted` asks for."""
    got = as_array(seen)
    if got is None or got.dtype.kind not in _NUMERIC:
        return _kind(f"is {named(seen)}, should be {named(wanted)}", _ANOTHER)
    want = as_array(wanted)
    assert want is not None
    if want.dtype.kind == "b" or got.dtype.kind == "b":
        if want.dtype.kind != got.dtype.kind:
            return _kind(f"is {named(seen)}, should be {named(wanted)}", _ANOTHER)
        return got if got.shape == want.shape else _shape(got, want)
    if want.ndim == 0:
        return (
            got.reshape(()) if got.size == 1 and not isinstance(seen, Items) else _shape(got, want)
        )
    if isinstance(wanted, Tensor) and not isinstance(seen, Tensor):
        return _kind(f"is {named(seen)}, should be a tensor of shape {_dims(want)}", _ANOTHER)
    if isinstance(wanted, Items) and got.ndim == 1 and got.shape != want.shape:
        return _count(got.size, want.size)
    return got if got.shape == want.shape else _shape(got, want)


def _numeric(got: Array, want: Array, room: _Room, lengths: Collection[int]) -> Difference | None:
    flags = want.dtype.kind == "b"
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
    if flags:
        return _flags(got, want)
    scale, gaps = room.scale(want), apart(got, want)
    size = float(gaps.max()) / scale
    if size <= room.least:
        return None
    pattern = ratio_hint(got, want, lengths)
    wrong = gaps > max(room.least * scale, _RATIO * float(gaps.max()))
    spot = tuple(int(i) for i in np.argwhere(wrong)[0])
    at = f" at {list(spot)}" if spot else ""
    words = f"is {_short(got[spot])}{at}, should be {_short(want[spot])}"
    if pattern:
        words = f"{pattern} ({words})"
    return Difference(words, pattern or "is wrong", size)


@np.errstate(all="ignore")
def apart(got: Array, want: Array) -> Array:
    """How far each number is from what it should be; the largest float where that overflows."""
    gaps: Array = np.minimum(np.abs(got.astype(float) - want.astype(float)), _LARGEST)
    return gaps


def _flags(got: Array, want: Array) -> Difference | None:
    wrong = got != want
    if not wrong.any():
        return None
    flag = bool(want[tuple(np.argwhere(wrong)[0])])
    return Difference(f"is {not flag}{_where(wrong)}, should be {flag}", "is wrong", 1.0)


@np.errstate(all="ignore")
def ratio_hint(got: Array, want: Array, lengths: Collection[int] = ()) -> str:
    """A pattern between a wrong array and the right one, from a closed list, or ""."""
    if not np.any(got):
        return "is zero everywhere" if got.ndim else "is zero"
    if not np.any(want):
        return ""
    factor = _times(got, want)
    if factor and _alike(got, factor * want):
        return _factor(factor, lengths)
    if want.ndim == 2 and want.shape[0] == want.shape[1] and _alike(got, want.T):
        return "is transposed"
    if want.ndim >= 1 and len(want) > 1:
        return _along(got, want)
    return ""


def _times(got: Array, want: Array) -> float:
    """The factor between them that fits best; 0 where no float can hold it.

    Squares of numbers that are relative to the largest one neither overflow nor vanish.
    """
    ours, theirs = got / scale(got), want / scale(want)
    factor = float(np.vdot(theirs, ours) / np.vdot(theirs, theirs)) * (scale(got) / scale(want))
    return factor if math.isfinite(factor) else 0.0


def _along(got: Array, want: Array) -> str:
    if _alike(got, np.cumsum(want, axis=0)):
        return "is a running sum: row k is the sum of all rows up to k"
    if len(want) < 3 or _alike(want[1:], want[:-1]):  # two values are too few to tell
        return ""
    shifted = _alike(got[1:], want[:-1]) or _alike(got[:-1], want[1:])
    return "is shifted by one step" if shifted else ""


def _factor(factor: float, lengths: Collection[int]) -> str:
    """Words for got = factor * want, for factors that mean something."""
    sign = "-" if factor < 0 else ""
    times, part = _whole(abs(factor), lengths), _whole(abs(1 / factor), lengths)
    if times == 1:
        return "has the opposite sign" if sign else ""
    if times:
        same = " (one for each data point)" if times in lengths else ""
        known = {"2": "is twice what it should be"}
        return known.get(f"{sign}{times}", f"is {sign}{times} times what it should be{same}")
    if part:
        same = " (divided by the number of data points)" if part in lengths else ""
        known = {"2": "is half of what it should be"}
        return known.get(f"{sign}{part}", f"is {sign}1/{part} of what it should be{same}")
    return ""


def _whole(number: float, lengths: Collection[int]) -> int:
    """The whole number that this is, if it is one that somebody could mean; else 0."""
    if number > 1 + max((_MOST_TIMES, *lengths)):  # an infinite one cannot be rounded
        return 0
    whole = round(number)
    meant = whole <= _MOST_TIMES or whole in lengths
    return whole if meant and abs(number - whole) < _RATIO * number else 0


def _alike(got: Array, want: Array) -> bool:
    scale = float(np.abs(want).max(initial=0.0))
    return 0 < scale <= _LARGEST and bool((apart(got, want) <= _RATIO * scale).all())


def _all_numbers(observation: Observation) -> bool:
    """Whether it is a list of numbers; a list with flags in it is compared item by item."""
    if not isinstance(observation, Items) or as_array(observation) is None:
        return False
    values = [item.value for item in observation.items if isinstance(item, Number)]
    if len(values) == len(observation.items):  # the usual case, and a hundred times faster
        return bool not in map(type, values)
    parts = [as_array(item) for item in observation.items]
    return not any(part is not None and part.dtype.kind == "b" for part in parts)


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
            kind = "a bool tensor" if value.dtype.kind == "b" else "a tensor"
            return kind if value.ndim == 0 else f"{kind} of shape {_dims(value)}"
        case Raised():
            return "an error"
        case Other(type_name=type_name):
            return f"of type {type_name[:_LONGEST]}"


def _kind(words: str, hint: str = "") -> Difference:
    return Difference(words, hint or words, math.inf)


def _shape(got: Array, want: Array) -> Difference:
    return _kind(f"has shape {_dims(got)}, should have {_dims(want)}", "has another shape")


def _count(got: int, want: int) -> Difference:
    entries = "entry" if got == 1 else "entries"
    return _kind(f"has {got} {entries}, should have {want}", "has another number of entries")


def _dims(array: Array) -> str:
    return str(tuple(array.shape))


def _where(mask: Array) -> str:
    return f" at {[int(i) for i in np.argwhere(mask)[0]]}" if mask.ndim else ""


def _short(value: float) -> str:
    return f"{float(value):.6g}"
