"""Traces: rows around each backward(), compared channel by channel.

`None` and zeros are both a cleared gradient here; a check of kind `state` tells them apart.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grader.compare import TOLERANCE
from grader.model import Array, Leaf, Step

# Styles of one mistake differ by rounding only; 5 times the tolerance of a check is still far
# below the distance between two mistakes, which `grade check` measures.
SAME = 5 * TOLERANCE


def merged(steps: Sequence[Step]) -> list[Step]:
    """Join rows between which no leaf moved and no gradient was cleared: a loss in two parts."""
    rows: list[Step] = []
    for step in steps:
        if rows and _continues(rows[-1], step):
            rows[-1] = _joined(rows[-1], step)
        else:
            rows.append(step)
    return rows


def _continues(last: Step, step: Step) -> bool:
    return all(
        name in last.leaves
        and np.array_equal(leaf.value, last.leaves[name].value)
        and gap(leaf.before, last.leaves[name].after) == 0
        for name, leaf in step.leaves.items()
    )


def _joined(last: Step, step: Step) -> Step:
    loss = None if last.loss is None or step.loss is None else last.loss + step.loss
    leaves = {n: replace(step.leaves[n], before=last.leaves[n].before) for n in step.leaves}
    return Step(loss, leaves)


def steps_distance(seen: Sequence[Step], model: Sequence[Step]) -> float:
    """The largest gap in any row and channel; inf if there are more rows in one."""
    if len(seen) != len(model):
        return float("inf")
    gaps = [0.0]
    for ours, theirs in zip(seen, model, strict=True):
        if ours.loss is not None and theirs.loss is not None:
            gaps.append(gap(np.asarray(ours.loss), np.asarray(theirs.loss)))
        if ours.leaves.keys() != theirs.leaves.keys():
            return float("inf")
        for name, leaf in ours.leaves.items():
            gaps += _leaf_gaps(leaf, theirs.leaves[name])
    return max(gaps)


def _leaf_gaps(ours: Leaf, theirs: Leaf) -> list[float]:
    return [
        gap(ours.value, theirs.value),
        gap(ours.before, theirs.before),
        gap(ours.after, theirs.after),
    ]


def gap(got: Array | None, want: Array | None) -> float:
    """Relative to the largest wanted value; None counts as zeros: both are "cleared"."""
    if want is None or not np.any(want):
        return 0.0 if got is None or not np.any(got) else float("inf")
    if got is None:
        return float("inf")
    if got.size != want.size or not np.isfinite(got).all():
        return float("inf")
    scale = float(np.abs(want).max())
    return float(np.abs(got.reshape(-1) - want.reshape(-1)).max()) / scale


# --- in words ------------------------------------------------------------------------------------


def first_departure(seen: Sequence[Step], wanted: Sequence[Step]) -> str:
    """In words: "step 2: w.grad before backward() was not cleared …"."""
    for row, (ours, theirs) in enumerate(zip(seen, wanted, strict=False), start=1):
        for name, leaf in ours.leaves.items():
            want = theirs.leaves.get(name)
            if want is not None:
                words = _leaf_words(name, leaf, want)
                if words:
                    return f"step {row}: {words}"
        if ours.loss is not None and theirs.loss is not None:
            if gap(np.asarray(ours.loss), np.asarray(theirs.loss)) > SAME:
                return f"step {row}: the loss is {_times(ours.loss, theirs.loss)}"
    if len(seen) != len(wanted):
        return f"backward() ran {len(seen)} times, in the reference {len(wanted)} times"
    return ""


def _leaf_words(name: str, leaf: Leaf, want: Leaf) -> str:
    if gap(leaf.value, want.value) > SAME:
        return f"{name} is {_times_of(leaf.value, want.value)}"
    if gap(leaf.before, want.before) > SAME:
        return f"{name}.grad before backward() was not what it should be: it was not cleared"
    if gap(leaf.after, want.after) > SAME:
        if leaf.after is None:
            return f"{name}.grad after backward() is None: the loss does not reach {name}"
        return f"{name}.grad after backward() is {_times_of(leaf.after, want.after)}"
    return ""


def _times_of(got: Array, want: Array | None) -> str:
    if want is None or want.size != 1 or got.size != 1:
        return "not what it is in the reference"
    return _times(float(got.reshape(())), float(want.reshape(())))


def _times(got: float, want: float) -> str:
    return f"{got:.4g}, in the reference {want:.4g}" + (f" (×{got / want:.3g})" if want else "")
