"""The `bounded` kind: is a count within bounds?"""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from grader.checks.check import Check, Path, View, Watching, find
from grader.inputs.expressions import Expression, evaluate
from grader.model import Finding, Inputs, Number, Outcome, Run

_Bound = int | float | str


class Bounded(Check):
    """Compare a number the drive returned, or `steps`, with expressions over the inputs."""

    kind: Literal["bounded"]
    of: Path = Field(description="An observation, or `steps`: how many rows the trace has.")
    least: _Bound | None = None
    most: _Bound | None = None

    @model_validator(mode="after")
    def _has_a_bound(self) -> "Bounded":
        if self.least is None and self.most is None:
            raise ValueError("needs `least` or `most`")
        return self

    @property
    def watched(self) -> tuple[str, ...]:
        return () if self.of == "steps" else (self.of,)

    @property
    def expressions(self) -> Mapping[str, Expression]:
        bounds = {"least": self.least, "most": self.most}
        return {field: bound for field, bound in bounds.items() if bound is not None}

    @property
    def wants(self) -> frozenset[Watching]:
        return super().wants | ({"steps"} if self.of == "steps" else set())

    def judge(self, view: View) -> Finding:
        count = _count(view.seen, self.of)
        if count is None:
            words = f"`{self.of}` is not a number"
            return Finding(Outcome.FAIL, words, words)
        least, most = _bound(self.least, view.inputs), _bound(self.most, view.inputs)
        if least is not None and not count >= least:  # NaN is not
            return _fail(self.of, f"is {count:g}, should be at least {least:g}", "is too small")
        if most is not None and not count <= most:
            return _fail(self.of, f"is {count:g}, should be at most {most:g}", "is too large")
        return Finding(Outcome.PASS)


def _fail(of: str, words: str, hint: str) -> Finding:
    return Finding(Outcome.FAIL, f"`{of}` {words}", f"`{of}` {hint}")


def _count(run: Run, of: str) -> float | None:
    if of == "steps":
        return None if run.steps is None else float(len(run.steps))
    seen = find(run, of)
    return float(seen.value) if isinstance(seen, Number) else None


def _bound(bound: _Bound | None, inputs: Inputs) -> float | None:
    if bound is None:
        return None
    value = evaluate(bound, inputs, None)
    assert isinstance(value, int | float), bound
    return float(value)
