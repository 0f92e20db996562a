"""The `unchanged` kind: are the tensors that were handed in as they were?"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from pydantic import Field

from grader.checks.check import Check, Name, View
from grader.checks.compare import apart
from grader.model import Finding, Items, Observation, Outcome, Value, as_array

_ROUNDING = 1e-6  # float32 holds an input to about 1e-7 of its size


class Unchanged(Check):
    """Compare each input after the run with what was handed in."""

    kind: Literal["unchanged"]
    of: tuple[Name, ...] = Field(min_length=1, description="Names of inputs.")

    @property
    def named_inputs(self) -> Mapping[str, tuple[str, ...]]:
        return {"of": self.of}

    def judge(self, view: View) -> Finding:
        for name in self.of:
            if not _same(view.seen.inputs_after.get(name), view.inputs[name]):
                words = f"`{name}` was changed: work on a copy of what you are handed"
                return Finding(Outcome.FAIL, words, words)
        return Finding(Outcome.PASS)


def _same(after: Observation | None, before: Value) -> bool:
    if isinstance(before, list):
        return (
            isinstance(after, Items)
            and len(after.items) == len(before)
            and all(map(_same, after.items, before))
        )
    if before is None or isinstance(before, str):
        return True  # nothing can change these
    was, value = np.asarray(before, dtype=float), None if after is None else as_array(after)
    if value is None or value.shape != was.shape:
        return False
    return bool((apart(value, was) <= _ROUNDING * np.abs(was)).all())
