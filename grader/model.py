"""The nouns of a grading: frozen, plain, known to every other module.

How a run *ended* and how *good* an answer was are two enums: a process that finished may be wrong,
and one that was killed says nothing about the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

# The dtype of student data is not known before it is looked at.
Array = npt.NDArray[Any]

# What a case hands to student code: numbers, text, lists; an array becomes a tensor.
Value = bool | int | float | str | None | Array | list["Value"]
Inputs = Mapping[str, Value]


class Ended(StrEnum):
    """How a run ended."""

    FINISHED = "finished"
    ERROR = "error"  # the student's code raised
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"  # the process died: a signal, or an exit behind our back
    REFUSED = "refused"  # what came out of the box is not what may come out of it
    BROKEN = "broken"  # our fault


class Outcome(StrEnum):
    """How good an answer is."""

    PASS = "pass"  # noqa: S105  (not a password)
    FAIL = "fail"
    SKIP = "skip"
    PENDING = "pending"  # right as far as it was judged; the rest is judged elsewhere
    NOT_ATTEMPTED = "not_attempted"
    BROKEN = "broken"


# --- what is seen in a box -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """A Python or numpy number, or a bool."""

    value: bool | int | float


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """`None`."""


@dataclass(frozen=True, slots=True)
class Items:
    """A list or tuple."""

    items: tuple["Observation", ...]


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor as it was when the drive returned.

    A field is an attribute as the box tells it: how it is read, and what `find` makes of it,
    follows from its type.  `value` and `grad` are float64, int64 or bool whatever `dtype` says;
    `storage` is equal for two tensors of one run exactly when they share memory.
    """

    value: Array
    dtype: str
    requires_grad: bool = False
    is_leaf: bool = True
    grad: Array | None = None
    grad_fn: str | None = None  # name without "Backward0"
    storage: int = -1
    version: int = 0


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that the drive caught and returned; `kind` is one of sandbox/box/kinds.py."""

    kind: str


@dataclass(frozen=True, slots=True)
class Other:
    """Something that no check can use; only the name of its type is kept."""

    type_name: str


Observation = Number | Text | Nothing | Items | Tensor | Raised | Other


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf in one row of a trace; `None` is a `.grad` that is None."""

    value: Array
    before: Array | None
    after: Array | None


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a trace: the leaves around one `backward()`."""

    loss: float | None
    leaves: Mapping[str, Leaf]


@dataclass(frozen=True, slots=True)
class Fault:
    """What stopped a run, in the words of the box.  A claim: shown, never believed."""

    kind: str
    type_name: str = ""
    message: str = ""
    place: str = ""  # "ex4.py" or "cell 3"
    line: int | None = None
    column: int | None = None
    text: str = ""  # the source line


@dataclass(frozen=True, slots=True)
class Usage:
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """What one box saw: of student code, of the reference, or of a mistake."""

    ended: Ended
    observations: Mapping[str, Observation] = field(default_factory=dict)
    inputs_after: Mapping[str, Observation] = field(default_factory=dict)
    steps: tuple[Step, ...] | None = (
        None  # None: not watched, or the leaves could not be told apart
    )
    fault: Fault | None = None
    cell_faults: tuple[Fault, ...] = ()  # what failed at the top level while the rest ran
    stuck: Fault | None = None  # a statement there that never ended, if it may be left out
    warnings: tuple[str, ...] = ()  # kinds, see sandbox/box/kinds.py
    output: str = ""
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that stands in the source.

    `kind` is call (`what` is the dotted name, imports resolved), name (a dotted name that is read),
    bare (a method named but not called), or unused (a call whose result is dropped).
    """

    kind: str
    what: str
    scope: str  # name of the top-level function or class, "" for the module
    place: str
    line: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """What can be said of a submission without running it."""

    fault: Fault | None = None  # a syntax error
    blank: Mapping[str, bool] = field(default_factory=dict)  # per hole
    missing: tuple[str, ...] = ()  # top-level names of the starter that are gone
    answers: Mapping[str, Observation] = field(default_factory=dict)  # literal assignments
    facts: tuple[Fact, ...] = ()
    given_edited: bool = False
    skip_cells: tuple[int, ...] = ()  # untouched copies of a cell that was answered elsewhere
    notes: tuple[str, ...] = ()
    ended: Ended = Ended.FINISHED
    unread: bool = False  # nothing can be judged; of a notebook, the cells that parse can


# --- what is handed in ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    place: str  # how a person finds it: "ex4.py", "cell 3"
    source: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A file as it was handed in.  `student` is an opaque id, "" when unknown."""

    name: str  # file name, for display
    raw: bytes
    digest: str  # sha256 of raw
    notebook: bool
    cells: tuple[Cell, ...]
    exercise: str  # from the header, "" when there is none
    format: int | None
    variant: int | None
    student: str = ""
    remarks: tuple[str, ...] = ()  # what may be why a notebook's answer is not found


# --- what is said of it --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """One check in one case.

    `message` may quote the case's values and is for open cases; `hint` is built from a closed list
    and may be shown for hidden ones too.
    """

    outcome: Outcome
    message: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    id: str
    hidden: bool
    ended: Ended
    finding: Finding


@dataclass(frozen=True, slots=True)
class CheckVerdict:
    part: str
    id: str
    title: str
    outcome: Outcome
    points: Fraction
    max_points: Fraction
    needs: str | None
    cases: tuple[CaseVerdict, ...]


@dataclass(frozen=True, slots=True)
class PartVerdict:
    id: str
    title: str
    outcome: Outcome
    checks: tuple[CheckVerdict, ...]
    notes: tuple[str, ...] = ()  # which holes are still blank


@dataclass(frozen=True, slots=True)
class Verdict:
    exercise: str
    outcome: Outcome
    points: Fraction
    max_points: Fraction
    parts: tuple[PartVerdict, ...]


class Certainty(StrEnum):
    MATCH = "match"
    ONE_OF = "one_of"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Which misconception explains what was seen; `among` is the class if it is one of several."""

    part: str
    id: str
    certainty: Certainty
    message: str
    among: tuple[str, ...] = ()
    case: str = ""
    evidence: str = ""


def as_array(observation: Observation) -> Array | None:
    """The numbers of a number, a tensor, or a list of one-element ones; None for anything else."""
    if isinstance(observation, Number):
        return np.asarray(observation.value)
    if isinstance(observation, Tensor):
        return observation.value
    if isinstance(observation, Items):
        numbers = [item.value for item in observation.items if isinstance(item, Number)]
        if len(numbers) == len(observation.items):  # the usual case, and a hundred times faster
            return np.array(numbers, dtype=float)
        parts = [as_array(item) for item in observation.items]
        if any(part is None or part.size != 1 for part in parts):
            return None
        return np.array([part.reshape(()) for part in parts if part is not None], dtype=float)
    return None


# --- what is shown beside a verdict --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GradRow:
    """One line of a gradient table; `None` is a `.grad` that is None."""

    name: str
    step: int | None  # row of the trace, from 1
    got: Array | None
    want: Array | None
    right: bool


@dataclass(frozen=True, slots=True)
class Curve:
    label: str  # "yours", "reference", or "this mistake"
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """A part's code in one case, as the box saw it."""

    part: str
    case: str
    run: Run


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What a case looked like, yours beside the reference's."""

    part: str
    case: str
    grads: tuple[GradRow, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is needed to grade the same file again, and get the same report."""

    submission: str  # sha256 of the bytes handed in
    file_name: str
    exercise: str  # digest of YAML and solution
    variant: int
    secret: str  # keyed fingerprint of the course's secret, never the secret
    versions: Mapping[str, str]  # grader, python, torch, numpy
    threads: int


@dataclass(frozen=True, slots=True)
class Isolation:
    mode: str
    level: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """The grader itself failed.  `details` are for staff: they may quote a hidden case."""

    where: str  # what is needed to see it again
    details: str


@dataclass(frozen=True, slots=True)
class Graded:
    """Everything there is to report of one submission, of hidden cases too: `report` hides."""

    title: str
    submission: Submission
    parsed: Parsed
    verdict: Verdict
    tried: tuple[Tried, ...]  # in the order of parts and cases
    diagnoses: tuple[Diagnosis, ...]
    exhibits: tuple[Exhibit, ...]
    notes: tuple[str, ...]  # about the file as a whole
    isolation: Isolation
    evidence: Evidence
    incident: Incident | None = None
