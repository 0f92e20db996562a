"""The `state` kind: flags, and whether a `.grad` is None, zeros or a value."""

from typing import Literal

import numpy as np
from pydantic import Field

from grader.checks.check import Check, Path, View, find
from grader.checks.compare import named
from grader.model import Finding, Items, Nothing, Number, Observation, Outcome, Tensor, Text

# What means nothing to who has not written the check.
_TOLD = {
    ("autograd.grows", "True"): "each backward pass walks through a larger graph than the one "
    "before: what changes from turn to turn is still being recorded",
}
# States that a student's code cannot fill with anything of its own.
_CLOSED = {"missing", "None", "True", "False", "zeros", "zero", "a value"}


class State(Check):
    """Compare the state at each path with the reference's; values are not looked at."""

    kind: Literal["state"]
    of: tuple[Path, ...] = Field(min_length=1)

    @property
    def watched(self) -> tuple[str, ...]:
        return self.of

    def judge(self, view: View) -> Finding:
        for path in self.of:
            seen, wanted = find(view.seen, path), find(view.wanted, path)
            words = _gap(path, seen, wanted)
            if words:
                closed = state(seen) in _CLOSED
                hint = words if closed else f"`{path}` is not as it should be"
                return Finding(Outcome.FAIL, words, hint)
        return Finding(Outcome.PASS)


def _gap(path: str, got: Observation | None, want: Observation | None) -> str:
    """The first difference in words, or "".  Lists are compared item by item."""
    if isinstance(got, Items) and isinstance(want, Items) and len(got.items) == len(want.items):
        pairs = enumerate(zip(got.items, want.items, strict=True))
        return next(filter(None, (_gap(f"{path}[{n}]", *pair) for n, pair in pairs)), "")
    ours, theirs = state(got), state(want)
    if ours == theirs:
        return ""
    return _TOLD.get((path, ours), f"`{path}` is {ours:.200}, should be {theirs}")


def state(observation: Observation | None) -> str:
    """What can be said without values: of a number with a fraction only whether it is zero."""
    match observation:
        case None:
            return "missing"
        case Nothing():
            return "None"
        case Tensor(value=value):
            return "a value" if np.any(value) else "zeros"
        case Number(value=bool() | int() as number):
            return str(number)
        case Number(value=number):
            return "a value" if number else "zero"
        case Items(items=items):
            return f"a list of {len(items)}"
        case Text(value=text):
            return text
        case _:
            return named(observation)
