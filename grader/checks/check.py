"""What every check kind shares: its fields, what it is shown, and how it finds an observation.

A kind judges plain data outside the box.  It never meets student code, so a new kind never widens
the trust boundary.
"""

import math
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from grader.checks.noise import Noise
from grader.inputs.expressions import Expression
from grader.model import (
    Finding,
    Inputs,
    Nothing,
    Number,
    Observation,
    Outcome,
    Parsed,
    Run,
    Tensor,
    Text,
)
from grader.rounding import exact

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]*$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Path = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*$")]

Watching = Literal["steps", "autograd", "nodes"]

_INNER = {"value", "storage"}  # of a tensor; no observations of their own


class Frozen(BaseModel):
    """A mapping of a course file: unknown keys are errors, nothing is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


@dataclass(frozen=True, slots=True)
class View:
    """One case: what was handed in, what the student's box saw, and what the reference's saw.

    `noise` is the rounding in what the reference's saw.
    """

    seen: Run
    wanted: Run
    inputs: Inputs
    parsed: Parsed
    noise: Noise = field(default_factory=dict)


class Check(Frozen):
    """One judged claim.  `points` are shared equally over its cases."""

    id: Id
    points: Annotated[int | float, Field(ge=0)] = 1
    needs: Id | None = None
    say: str = Field(min_length=1, description="What the check looks at, in words for students.")
    hints: tuple[str, ...] = ()
    cases: tuple[Id, ...] | None = Field(None, description="Ids of its cases; all if left out.")

    @property
    def worth(self) -> Fraction:
        return exact(self.points)

    @property
    def runs_code(self) -> bool:
        """Whether it looks at a run; else it looks at the source, once."""
        return True

    @property
    def predicts(self) -> bool:
        """Whether it judges predictions, and nothing else."""
        return False

    def asked(self, asks: Iterable[str]) -> tuple[str, ...]:
        """Those of a program's asks that it judges, each as a case of its own."""
        return tuple(asks)

    @property
    def named_inputs(self) -> Mapping[str, tuple[str, ...]]:
        """Field → names of inputs that stand in it."""
        return {}

    @property
    def expressions(self) -> Mapping[str, Expression]:
        """Field → an expression over the inputs that stands in it."""
        return {}

    @property
    def wants(self) -> frozenset[Watching]:
        """What the box must watch for it, besides what the drive returns."""
        return frozenset({"autograd"} if any(map(_by_autograd, self.watched)) else ())

    @property
    def watched(self) -> tuple[str, ...]:
        """Paths of the observations it rests on."""
        return ()

    @property
    def numeric(self) -> tuple[str, ...]:
        """Those of `watched` that are compared as numbers, within a tolerance."""
        return ()

    def excesses(self, view: View) -> Mapping[str, float]:
        """What it looks at → how many times its tolerance it is off; up to 1 passes.

        Where no number says so, inf for what fails.  Of what is numeric the dtype does not count.
        """
        failed = self.judge(view).outcome is Outcome.FAIL
        return {", ".join(self.watched) or self.id: math.inf if failed else 0.0}

    def covers(self, case: str) -> bool:
        """`h` in `cases` names the case h, and h.1, h.2 … where it is drawn more than once."""
        return self.cases is None or case in self.cases or case.rpartition(".")[0] in self.cases

    @abstractmethod
    def judge(self, view: View) -> Finding:
        """Say how good the answer is in one case."""


def _by_autograd(path: str) -> bool:
    return path.startswith("autograd.") or path.endswith(".from_autograd")


def find(run: Run, path: str) -> Observation | None:
    """The observation at `name`, `name.grad`, `name.requires_grad` … or None if there is none."""
    if path in run.observations:
        return run.observations[path]
    name, _, attribute = path.rpartition(".")
    owner = run.observations.get(name)
    return _attribute(owner, attribute) if isinstance(owner, Tensor) else None


def _attribute(tensor: Tensor, attribute: str) -> Observation | None:
    """What a field of a tensor is as an observation of its own; `shape` is its value's."""
    if attribute == "shape":
        return Text(str(tuple(tensor.value.shape)))
    if attribute in _INNER or attribute not in Tensor.__slots__:
        return None
    match getattr(tensor, attribute):
        case None:
            return Nothing()
        case str(text):
            return Text(text)
        case np.ndarray() as array:
            return Tensor(array, tensor.dtype)
        case number:
            return Number(number)
