"""Two runs of one calculation in two precisions → how much of each number is rounding.

A number near zero tells nothing of the size of those that it came from; what rounding makes of it
does.  Paths are those of `find`; rows of a trace are `steps[0].w.grad`.
"""

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from types import MappingProxyType

import numpy as np

from grader.model import Array, Items, Leaf, Number, Observation, Run, Tensor

Noise = Mapping[str, float]  # path → absolute; what is not there has none

NOISELESS: Noise = MappingProxyType({})
_EPSILON = {"float32": 2.0**-24, "float64": 2.0**-53}


def noise(run: Run, other: Run, dtype: str, other_dtype: str) -> dict[str, float]:
    """The rounding in `run`, by the same calculation in another precision.

    Rounding is in proportion to the precision, so that of float64 can be told from float32.
    """
    share = min(1.0, _EPSILON[dtype] / _EPSILON[other_dtype])
    return {path: gap * share for path, gap in _gaps(run, other) if gap > 0}


def _gaps(run: Run, other: Run) -> Iterator[tuple[str, float]]:
    for name, one in run.observations.items():
        another = other.observations.get(name)
        if another is not None:
            yield name, _gap(one, another)
        if isinstance(one, Tensor) and isinstance(another, Tensor):
            yield f"{name}.grad", _largest(one.grad, another.grad)
    for row, (ours, theirs) in enumerate(zip(run.steps or (), other.steps or (), strict=False)):
        if ours.loss is not None and theirs.loss is not None:
            yield in_row(row, "loss"), _largest(np.asarray(ours.loss), np.asarray(theirs.loss))
        for name in ours.leaves.keys() & theirs.leaves.keys():
            yield from _of_leaf(row, name, ours.leaves[name], theirs.leaves[name])


def _of_leaf(row: int, name: str, one: Leaf, other: Leaf) -> Iterator[tuple[str, float]]:
    yield in_row(row, f"{name}.value"), _largest(one.value, other.value)
    yield in_row(row, f"{name}.before"), _largest(one.before, other.before)
    yield in_row(row, f"{name}.after"), _largest(one.after, other.after)


def in_row(row: int, path: str) -> str:
    """The path of a number in a row of the trace."""
    return f"steps[{row}].{path}"


def _gap(one: Observation, other: Observation) -> float:
    match one, other:
        case Items(items), Items(others):
            pairs = zip_longest(items, others, fillvalue=Number(0))
            return max((_gap(*pair) for pair in pairs), default=0.0)
        case Tensor(value=value), Tensor(value=another):
            return _largest(value, another)
        case Number(float() as value), Number(float() as another):
            return _largest(np.asarray(value), np.asarray(another))
    return 0.0


def _largest(one: Array | None, other: Array | None) -> float:
    """The largest difference; none where it is no matter of rounding."""
    if one is None or other is None or one.shape != other.shape or not one.size:
        return 0.0
    if one.dtype.kind != "f" or other.dtype.kind != "f":
        return 0.0
    with np.errstate(all="ignore"):
        gap = float(np.abs(one - other).max())
    return gap if np.isfinite(gap) else 0.0
