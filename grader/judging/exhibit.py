"""Runs → the tables and curves that are shown beside a verdict."""

from collections.abc import Iterator

from grader.checks.check import find
from grader.checks.compare import TOLERANCE
from grader.checks.noise import NOISELESS, Noise, in_row
from grader.checks.trace import aligned, gap
from grader.course.parts.part import AnyPart
from grader.judging.judge import Answer
from grader.judging.keys import Model
from grader.model import Array, Curve, Ended, Exhibit, GradRow, Run, as_array

_ROWS = 5  # of a trace
_CURVE = 3  # rows; fewer are two calls rather than a loop


def exhibits(answer: Answer, mistake: Model | None) -> Iterator[Exhibit]:
    """One exhibit a case that has gradients or a loss to show."""
    part, key, seen = answer.part, answer.key, answer.seen
    if key is None:
        return
    for case in key.cases:
        ours, theirs = seen[case.id], key.wanted[case.id]
        runs = [("yours", ours), ("reference", theirs)]
        if mistake is not None:
            runs.append(("this mistake", mistake[case.id]))
        curves = tuple(curve for label, run in runs for curve in _curve(label, run))
        noise = key.noise.get(case.id, NOISELESS)
        grads = tuple(_gradients(part, ours, theirs, noise))
        if grads or len(curves) > 1:
            yield Exhibit(part.id, case.id, grads, curves)


def _curve(label: str, run: Run) -> Iterator[Curve]:
    losses = [step.loss for step in run.steps or ()]
    values = tuple(loss for loss in losses if loss is not None)
    if len(values) >= _CURVE:
        yield Curve(label, values)


def _gradients(part: AnyPart, ours: Run, theirs: Run, noise: Noise) -> Iterator[GradRow]:
    """`.grad` after each backward of the trace, then every `.grad` that a check watches."""
    rows = zip(*aligned(ours.steps or (), theirs.steps or ()), strict=False)
    for number, (row, want) in enumerate(rows, start=1):
        for name in want.leaves if number <= _ROWS else ():
            got = row.leaves[name].after if name in row.leaves else None
            rounding = noise.get(in_row(number - 1, f"{name}.after"), 0.0)
            yield _row((name, number), got, want.leaves[name].after, rounding)
    watched = dict.fromkeys(path for check in part.checks for path in check.watched)
    for path in watched:
        if path.endswith(".grad") and ours.ended is Ended.FINISHED:
            named = path.removesuffix(".grad"), None
            yield _row(named, _array(ours, path), _array(theirs, path), noise.get(path, 0.0))


def _row(
    named: tuple[str, int | None], got: Array | None, want: Array | None, noise: float
) -> GradRow:
    return GradRow(*named, got, want, right=gap(got, want, noise) <= TOLERANCE)


def _array(run: Run, path: str) -> Array | None:
    found = find(run, path)
    return None if found is None else as_array(found)
