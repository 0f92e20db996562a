"""Traces: rows around each backward(), compared channel by channel.

Before a backward(), `None` and zeros are the same: a cleared gradient.  After it they are not: None
says that the loss does not reach the leaf.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grader.checks.compare import NOISES, TOLERANCE, apart
from grader.checks.noise import NOISELESS, Noise, in_row
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
        and _cleared_gap(leaf.before, last.leaves[name].after) == 0
        for name, leaf in step.leaves.items()
    )


def _joined(last: Step, step: Step) -> Step:
    # The same number twice is one loss run twice; two numbers are a loss in two parts.
    twice = last.loss == step.loss
    added = None if last.loss is None or step.loss is None else last.loss + step.loss
    loss = step.loss if twice else added
    leaves = {n: replace(step.leaves[n], before=last.leaves[n].before) for n in step.leaves}
    return Step(loss, leaves)


def aligned(seen: Sequence[Step], wanted: Sequence[Step]) -> tuple[list[Step], list[Step]]:
    """Two traces row by row: joined only where that is what makes the rows as many."""
    if len(seen) == len(wanted):
        return list(seen), list(wanted)
    ours, theirs = merged(seen), merged(wanted)
    return (ours, theirs) if len(ours) == len(theirs) else (list(seen), list(wanted))


def steps_distance(seen: Sequence[Step], model: Sequence[Step], noise: Noise = NOISELESS) -> float:
    """The largest gap in any row and channel; inf if there are more rows in one.

    `noise` is that of the reference, row by row.
    """
    if len(seen) != len(model):
        return float("inf")
    gaps = [0.0]
    for row, (ours, theirs) in enumerate(zip(seen, model, strict=True)):
        if ours.loss is not None and theirs.loss is not None:
            gaps.append(_loss_gap(ours.loss, theirs.loss, noise.get(in_row(row, "loss"), 0.0)))
        if ours.leaves.keys() != theirs.leaves.keys():
            return float("inf")
        for name, leaf in ours.leaves.items():
            gaps += _leaf_gaps(leaf, theirs.leaves[name], _leaf_noise(noise, row, name))
    return max(gaps)


def _leaf_noise(noise: Noise, row: int, name: str) -> list[float]:
    return [noise.get(in_row(row, f"{name}.{of}"), 0.0) for of in ("value", "before", "after")]


def _leaf_gaps(ours: Leaf, theirs: Leaf, noises: Sequence[float]) -> list[float]:
    value, before, after = noises
    return [
        gap(ours.value, theirs.value, value),
        _cleared_gap(ours.before, theirs.before, before),
        gap(ours.after, theirs.after, after),
    ]


def _loss_gap(got: float, want: float, noise: float) -> float:
    return gap(np.asarray(got), np.asarray(want), noise)


def _cleared_gap(got: Array | None, want: Array | None, noise: float = 0.0) -> float:
    """As `gap`, but None is as good as zeros."""
    some = got is not None and np.any(got)
    wanted = want is not None and np.any(want)
    return gap(got if some else None, want if wanted else None, noise)


def gap(got: Array | None, want: Array | None, noise: float = 0.0) -> float:
    """Relative to the largest wanted value; inf between None, zeros and a value.

    `noise` is the rounding in what is wanted: a value no larger is as good as zeros.
    """
    if got is None or want is None:
        return 0.0 if got is want else float("inf")
    if not np.any(want) and not noise:
        return float("inf") if np.any(got) else 0.0
    if got.size != want.size or not np.isfinite(got).all() or not np.isfinite(want).all():
        return float("inf")
    # The smallest integer has no absolute value.
    largest = float(np.abs(want.astype(float)).max(initial=0.0))
    scale = max(largest, NOISES * noise / TOLERANCE)
    return float(apart(got.reshape(-1), want.reshape(-1)).max()) / scale


# --- in words ------------------------------------------------------------------------------------


def first_departure(seen: Sequence[Step], wanted: Sequence[Step], noise: Noise = NOISELESS) -> str:
    """In words: "step 2: w.grad before backward() was not cleared …"."""
    for row, (ours, theirs) in enumerate(zip(seen, wanted, strict=False), start=1):
        for name, leaf in ours.leaves.items():
            want = theirs.leaves.get(name)
            if want is not None:
                words = _leaf_words(name, leaf, want, _leaf_noise(noise, row - 1, name))
                if words:
                    return f"step {row}: {words}"
        loss, wanted_loss = ours.loss, theirs.loss
        if loss is None or wanted_loss is None:
            continue
        if _loss_gap(loss, wanted_loss, noise.get(in_row(row - 1, "loss"), 0.0)) > SAME:
            return f"step {row}: the loss is {_times_of(np.asarray(loss), np.asarray(wanted_loss))}"
    if len(seen) != len(wanted):
        times = "once" if len(seen) == 1 else f"{len(seen)} times"
        return f"backward() ran {times}, in the reference {len(wanted)} times"
    return ""


def _leaf_words(name: str, leaf: Leaf, want: Leaf, noises: Sequence[float]) -> str:
    value, before, after = _leaf_gaps(leaf, want, noises)
    if value > SAME:
        return f"{name} is {_beside(leaf.value, want.value)}"
    if before > SAME:
        return f"{name}.grad before backward() {_left_over(leaf.before, want.before)}"
    if after > SAME:
        if leaf.after is None:
            return f"{name}.grad after backward() is None: the loss does not reach {name}"
        return f"{name}.grad after backward() is {_times_of(leaf.after, want.after)}"
    return ""


def _left_over(got: Array | None, want: Array | None) -> str:
    if want is None or not np.any(want):
        return "was not cleared"
    if got is None or not np.any(got):
        return "was cleared"
    return f"was {_times_of(got, want)}"


def _times_of(got: Array, want: Array | None) -> str:
    """The two numbers, and how many times the one is the other."""
    words = _beside(got, want)
    if want is None or want.size != 1 or got.size != 1 or not np.any(want):
        return words
    times = float(got.reshape(())) / float(want.reshape(()))
    return f"{words} ({times:.3g} times)" if np.isfinite(times) else words


def _beside(got: Array, want: Array | None) -> str:
    if want is None or want.size != 1 or got.size != 1:
        return "not what it is in the reference"
    return f"{float(got.reshape(())):.4g}, in the reference {float(want.reshape(())):.4g}"
