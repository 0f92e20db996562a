"""The `state` kind: flags, and whether a `.grad` is None, zeros or a value."""

from typing import Literal

import numpy as np
from pydantic import Field

from grader.checks.check import Check, Path, View, find
from grader.model import Finding, Nothing, Number, Observation, Outcome, Tensor, Text


class State(Check):
    """Compare the state at each path with the reference's; values are not looked at."""

    kind: Literal["state"]
    of: tuple[Path, ...] = Field(min_length=1)

    @property
    def watched(self) -> tuple[str, ...]:
        return self.of

    def judge(self, view: View) -> Finding:
        for path in self.of:
            got, want = state(find(view.seen, path)), state(find(view.wanted, path))
            if got != want:
                words = f"`{path}` is {got}, should be {want}"
                return Finding(Outcome.FAIL, words, words)
        return Finding(Outcome.PASS)


def state(observation: Observation | None) -> str:
    """One word for what can be said without values."""
    match observation:
        case None:
            return "missing"
        case Nothing():
            return "None"
        case Tensor(value=value):
            return "a value" if np.any(value) else "zeros"
        case Number(value=bool() as flag):
            return str(flag)
        case Number(value=number):
            return f"{number:g}"
        case Text(value=text):
            return text
        case _:
            return type(observation).__name__.lower()
