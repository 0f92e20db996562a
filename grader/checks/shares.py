"""The `shares` kind: do two tensors share memory exactly where the reference's do?"""

from typing import Literal

from pydantic import Field

from grader.checks.check import Check, Name, View, find
from grader.model import Finding, Outcome, Run, Tensor


class Shares(Check):
    """Compare, pair by pair, whether one storage lies behind both tensors."""

    kind: Literal["shares"]
    pairs: tuple[tuple[Name, Name], ...] = Field(min_length=1)

    @property
    def watched(self) -> tuple[str, ...]:
        return tuple(name for pair in self.pairs for name in pair)

    def judge(self, view: View) -> Finding:
        for first, second in self.pairs:
            got, want = _shared(view.seen, first, second), _shared(view.wanted, first, second)
            if got != want:
                should = "should share memory" if want else "should not share memory"
                words = f"`{first}` and `{second}` {should}"
                return Finding(Outcome.FAIL, words, words)
        return Finding(Outcome.PASS)


def _shared(run: Run, first: str, second: str) -> bool | None:
    one, other = find(run, first), find(run, second)
    if not isinstance(one, Tensor) or not isinstance(other, Tensor):
        return None
    return one.storage == other.storage
