"""Runs + other runs → whether anything tells them apart: what was seen, or a check's verdict."""

from collections.abc import Iterator, Mapping, Sequence

from grader.checks.compare import distance
from grader.checks.noise import NOISELESS, Noise
from grader.checks.trace import SAME, gap, merged, steps_distance
from grader.course.parts.part import AnyPart
from grader.judging.keys import Drawn, Key, Model
from grader.model import Ended, Parsed, Run, Tensor

# Errors that have no kind of their own: type and words tell them apart.
TOLD_BY_WORDS = ("other", "name_missing", "wrong_return")


def alike(part: AnyPart, key: Key, seen: Model, models: Mapping[str, Sequence[Model]]) -> list[str]:
    """The mistakes that no run tells from what was seen."""
    return [
        name
        for name, styles in models.items()
        if any(same(part, key, seen, model) for model in styles)
    ]


def same(part: AnyPart, key: Key, seen: Model, model: Model) -> bool:
    """Whether nothing tells two sets of runs apart, in any case."""
    return not any(differs(part, key, case, seen[case.id], model[case.id]) for case in key.cases)


def differs(part: AnyPart, key: Key, case: Drawn, seen: Run, model: Run) -> bool:
    """Whether two runs can be told apart: by what was observed, or by what a check says of it."""
    if run_distance(seen, model, key.noise.get(case.id, NOISELESS)) > SAME:
        return True
    # In a script all is graded, so what fails on the way is part of the answer.
    if part.observed and [f.kind for f in seen.cell_faults] != [f.kind for f in model.cell_faults]:
        return True
    if seen.ended is not Ended.FINISHED:
        return False
    views = [key.view(case, run, Parsed()) for run in (seen, model)]
    return any(
        check.judge(views[0]).outcome is not check.judge(views[1]).outcome
        for check in part.checks
        if check.runs_code
    )


def run_distance(seen: Run, model: Run, noise: Noise = NOISELESS) -> float:
    """How far apart two runs are in all that was observed; inf if they ended differently.

    `noise` is the reference's: mistakes calculate with numbers of much the same size.
    """
    if seen.ended is not model.ended or _error(seen) != _error(model):
        return float("inf")
    if (seen.steps is None) != (model.steps is None):
        return float("inf")
    worst = 0.0
    for found in _gaps(seen, model, noise):
        worst = max(worst, found)
        if worst == float("inf"):  # a trace may be long, and the mistakes are many
            break
    return worst


def _gaps(seen: Run, model: Run, noise: Noise) -> Iterator[float]:
    for name, want in model.observations.items():
        yield distance(seen.observations.get(name), want, noise.get(name, 0.0))
    yield _state_gap(seen, model, noise)
    if seen.steps is not None and model.steps is not None:
        yield steps_distance(merged(seen.steps), merged(model.steps), noise)


def _error(run: Run) -> tuple[str, str]:
    """What an error is recognised by: its kind, or its type and words where it has none."""
    if run.fault is None:
        return "", ""
    known = run.fault.kind not in TOLD_BY_WORDS
    return run.fault.kind, "" if known else f"{run.fault.type_name}: {run.fault.message}"


def _state_gap(seen: Run, model: Run, noise: Noise) -> float:
    """Gradients and flags of returned tensors; None and zeros are told apart only by checks."""
    gaps = [0.0]
    for name, want in model.observations.items():
        got = seen.observations.get(name)
        if isinstance(want, Tensor) and isinstance(got, Tensor):
            gaps.append(gap(got.grad, want.grad, noise.get(f"{name}.grad", 0.0)))
            gaps.append(0.0 if got.requires_grad == want.requires_grad else float("inf"))
    return max(gaps)
