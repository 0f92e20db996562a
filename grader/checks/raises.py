"""The `raises` kind: does the same kind of error come, or none, where the reference's does?"""

from typing import Literal

from pydantic import Field

from grader.checks.check import Check, Name, View, find
from grader.model import Finding, Observation, Outcome, Raised


class Raises(Check):
    """Compare the kinds of errors that the drive caught and returned."""

    kind: Literal["raises"]
    of: tuple[Name, ...] = Field(min_length=1)

    @property
    def watched(self) -> tuple[str, ...]:
        return self.of

    def judge(self, view: View) -> Finding:
        for name in self.of:
            got, want = _error(find(view.seen, name)), _error(find(view.wanted, name))
            if got != want:
                words = f"`{name}` raised {got}, should raise {want}"
                return Finding(Outcome.FAIL, words, words)
        return Finding(Outcome.PASS)


def _error(observation: Observation | None) -> str:
    return observation.kind if isinstance(observation, Raised) else "no error"
