"""The `close` kind: are values and gradients what the reference's are?"""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from grader.checks.check import Check, Path, View, find
from grader.checks.compare import TOLERANCE, difference, distance
from grader.model import Finding, Inputs, Nothing, Observation, Outcome, Tensor


class Close(Check):
    """Compare each observation; the first one that differs is told."""

    kind: Literal["close"]
    of: tuple[Path, ...] = Field(min_length=1)
    tolerance: Annotated[float, Field(gt=0, lt=0.1)] = TOLERANCE
    exact: bool = Field(False, description="The dtype counts too.")

    @property
    def watched(self) -> tuple[str, ...]:
        return self.of

    @property
    def numeric(self) -> tuple[str, ...]:
        return self.of

    def excesses(self, view: View) -> Mapping[str, float]:
        found = {}
        for path in self.of:
            wanted = find(view.wanted, path)
            assert wanted is not None, path
            noise = view.noise.get(path, 0.0)
            size = distance(find(view.seen, path), wanted, noise, self.tolerance)
            found[path] = size / self.tolerance
        return found

    def judge(self, view: View) -> Finding:
        for path in self.of:
            wanted = find(view.wanted, path)
            assert wanted is not None, path  # `grade check` refuses such an exercise
            finding = self._one(path, find(view.seen, path), wanted, view)
            if finding is not None:
                return finding
        return Finding(Outcome.PASS)

    def _one(
        self, path: str, seen: Observation | None, wanted: Observation, view: View
    ) -> Finding | None:
        if path.endswith(".grad") and isinstance(wanted, Tensor) and isinstance(seen, Nothing):
            words = f"`{path}` is None"
            return Finding(Outcome.FAIL, words, words)
        noise = view.noise.get(path, 0.0)
        found = difference(seen, wanted, self.tolerance, _lengths(view.inputs), noise)
        if found is not None:
            return Finding(Outcome.FAIL, f"`{path}` {found.words}", f"`{path}` {found.hint}")
        got, want = _dtype(seen), _dtype(wanted)
        if self.exact and got and want and got != want:
            words = f"`{path}` has dtype {got}, should have {want}"
            return Finding(Outcome.FAIL, words, f"`{path}` has another dtype")
        return None


def _dtype(observation: Observation | None) -> str:
    return observation.dtype if isinstance(observation, Tensor) else ""


def _lengths(inputs: Inputs) -> set[int]:
    """Sizes of the data, to tell "N times" from any other factor."""
    arrays = (value for value in inputs.values() if isinstance(value, np.ndarray))
    return {len(array) for array in arrays if array.ndim} - {0, 1}
