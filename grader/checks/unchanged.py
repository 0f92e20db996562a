"""The `unchanged` kind: are the tensors that were handed in as they were?"""

from typing import Literal

import numpy as np
from pydantic import Field

from grader.checks.check import Check, Name, View
from grader.model import Finding, Outcome, as_array


class Unchanged(Check):
    """Compare each input after the run with what was handed in."""

    kind: Literal["unchanged"]
    of: tuple[Name, ...] = Field(min_length=1, description="Names of inputs.")

    def judge(self, view: View) -> Finding:
        for name in self.of:
            after = view.seen.inputs_after.get(name)
            value = None if after is None else as_array(after)
            before = np.asarray(view.inputs[name], dtype=float)
            # float32 holds an input to about 1e-7 of its size
            if value is None or value.shape != before.shape:
                return _changed(name)
            if not np.allclose(value, before, rtol=1e-6, atol=0):
                return _changed(name)
        return Finding(Outcome.PASS)


def _changed(name: str) -> Finding:
    words = f"`{name}` was changed: work on a copy of what you are handed"
    return Finding(Outcome.FAIL, words, words)
