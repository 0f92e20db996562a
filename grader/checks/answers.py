"""The `answers` kind: are the predictions what the program really does?"""

from collections.abc import Iterable
from typing import Literal

import numpy as np

from grader.checks.check import Check, Name, View
from grader.checks.compare import apart
from grader.model import Finding, Nothing, Observation, Other, Outcome, Text, as_array

_ROUNDING = 0.005


class Answers(Check):
    """Compare one literal with what the program gave at that ask.  Never says the right answer."""

    kind: Literal["answers"]
    of: tuple[Name, ...] | None = None

    @property
    def runs_code(self) -> bool:
        return False

    @property
    def predicts(self) -> bool:
        return True

    def asked(self, asks: Iterable[str]) -> tuple[str, ...]:
        return self.of or tuple(asks)

    def judge(self, view: View) -> Finding:
        """The view holds one ask: the only observation of `wanted`."""
        (name, wanted), *_ = view.wanted.observations.items()
        seen = view.parsed.answers.get(name)
        if seen is not None and right(seen, wanted):
            return Finding(Outcome.PASS)
        words = f"`{name}` {_wrong(seen, wanted)}"
        return Finding(Outcome.FAIL, words, words)


def _wrong(seen: Observation | None, wanted: Observation) -> str:
    """What is wrong with the form of an answer, or just that it is wrong."""
    if seen is None:
        return "holds no answer: write a number, None, True, False or a text"
    if isinstance(seen, Other):
        return (
            "cannot be read: write a number, None, True, False or a text, or arithmetic with "
            "numbers and earlier answers; what PyTorch finds for you is no prediction"
        )
    if isinstance(seen, Text) and not isinstance(wanted, Text):
        return "is a text: write the value without quotes"
    return "is not what happens"


def right(seen: Observation, wanted: Observation) -> bool:
    """Whether a literal says what the program showed; people round, so to 2 decimals."""
    if isinstance(wanted, Nothing | Text):
        return seen == wanted
    want, got = as_array(wanted), as_array(seen)
    if want is None or got is None:
        return False
    if want.dtype.kind == "b" or got.dtype.kind == "b":
        return want.dtype.kind == got.dtype.kind and np.array_equal(want, got)
    if got.size != want.size or not np.isfinite(want).all():
        return False
    near = _ROUNDING + 1e-5 * np.abs(want.astype(float))
    return bool((apart(got.reshape(want.shape), want) <= near).all())
