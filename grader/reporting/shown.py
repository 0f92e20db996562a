"""Report: all that one audience may read of one graded submission, as plain data.

Exporters see nothing else.  The classes are also the source of exporters/report.schema.json.
"""

import math
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from grader.model import Certainty, Ended, Outcome

# pending: all is right that a release can judge; hidden cases are judged at the hand-in.
Whole = Literal["passed", "pending", "failed", "not_attempted", "broken"]
# JSON has no word for what a diverging loop computes, so these three are text there.
Real = Annotated[
    float,
    WithJsonSchema({"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]}),
]
Points = Annotated[float, Field(ge=0, description="Rounded to 0.01; shares are exact until then.")]


class Audience(StrEnum):
    STUDENT = "student"
    TEACHER = "teacher"


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")


class ShownCase(_Shown):
    """One case of a check."""

    id: str
    hidden: bool
    ended: Ended
    outcome: Outcome
    message: str


class ShownCheck(_Shown):
    """One judged claim; its message is the first failing open case's, else a hidden one's."""

    id: str
    part: str
    title: str
    outcome: Outcome
    points: Points
    max_points: Points
    needs: str | None
    message: str
    cases: tuple[ShownCase, ...]


class ShownPart(_Shown):
    """One part of an exercise, with notes such as blank holes and errors."""

    id: str
    title: str
    outcome: Outcome
    notes: tuple[str, ...]


class ShownDiagnosis(_Shown):
    """Which misconception explains what was seen."""

    id: str
    part: str
    certainty: Certainty
    among: tuple[str, ...]
    message: str
    case: str
    evidence: str


class Numbers(_Shown):
    """An array: its shape and its first numbers, row by row."""

    shape: tuple[int, ...]
    values: tuple[Real, ...]

    @property
    def size(self) -> int:
        return math.prod(self.shape)


class ShownGrad(_Shown):
    """One line of a gradient table; null is a `.grad` that is None."""

    name: str
    step: int | None
    got: Numbers | None
    want: Numbers | None
    right: bool


class ShownCurve(_Shown):
    """A loss, one number a step; the label is "yours", "reference", or a mistake's id."""

    label: str
    values: tuple[Real, ...]


class ShownExhibit(_Shown):
    """What an open case looked like, the student's beside the reference's."""

    part: str
    case: str
    grads: tuple[ShownGrad, ...]
    curves: tuple[ShownCurve, ...]


class ShownUsage(_Shown):
    """What all runs of the student's code used."""

    wall_seconds: float
    cpu_seconds: float
    memory_bytes: int


class ShownIsolation(_Shown):
    """How strictly the student's code was confined."""

    mode: str
    level: str
    missing: tuple[str, ...]


class ShownEvidence(_Shown):
    """What is needed to grade the same file again, and get the same report."""

    submission: str = Field(description="SHA-256 of the file that was handed in.")
    file_name: str
    exercise: str = Field(description="Digest of the exercise and its solution.")
    variant: int
    secret_fingerprint: str = Field(
        description="Tells two course secrets apart, and no more; empty in a release."
    )
    versions: dict[str, str]
    threads: int


class Report(_Shown):
    """All that one audience may read of one graded submission."""

    format: Literal["grader/report/v1"] = Field("grader/report/v1", alias="schema")
    audience: Audience
    exercise: str
    title: str
    student: str
    outcome: Whole
    points: Points
    max_points: Points
    parts: tuple[ShownPart, ...]
    checks: tuple[ShownCheck, ...]
    diagnosis: tuple[ShownDiagnosis, ...]
    exhibits: tuple[ShownExhibit, ...]
    output: str
    notes: tuple[str, ...]
    usage: ShownUsage
    isolation: ShownIsolation
    evidence: ShownEvidence
    # Python could not read the work at all; stands in no file, whose format has its words for it.
    unread: SkipJsonSchema[bool] = Field(default=False, exclude=True)
