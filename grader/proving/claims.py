"""What there is to prove of an exercise, and the nouns of a proof.

The subjects follow from the YAML alone: a tool can list them before anything is run.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from grader.course.format import Exercise
from grader.course.parts.part import AnyPart
from grader.proving import prose

Kind = Literal[
    "starter",
    "prose",
    "reference",
    "accept",
    "mistake",
    "belief",
    "check",
    "inputs",
    "margin",
    "time",
]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something with an obligation: `fit`, `mistake`, `zero_never`."""

    part: str  # "" for the exercise as a whole
    kind: Kind
    name: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.part, self.kind, self.name)))

    def claim(self, wrong: str, shown: str = "") -> "Claim":
        """`wrong` says what to change; without it the claim holds, and this was `shown`."""
        return Claim(self, not wrong, wrong or shown)


@dataclass(frozen=True, slots=True)
class Claim:
    """A subject, and what was found.  `detail` says what was measured, or what is wrong."""

    subject: Subject
    holds: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Mistakes that no run tells apart.  `by_source` are known by what stands in the source."""

    names: tuple[str, ...]
    by_source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Strength:
    """How well a part tells right from wrong."""

    kills: Mapping[str, tuple[str, ...]]  # mistake → ids of the checks it fails
    classes: tuple[Alike, ...]
    margin: float  # nearest mistake / farthest accepted variant


@dataclass(frozen=True, slots=True)
class Proof:
    exercise: str
    claims: tuple[Claim, ...]
    strengths: Mapping[str, Strength]  # part → ; predictions have none

    @property
    def holds(self) -> bool:
        return all(claim.holds for claim in self.claims)


def subjects(exercise: Exercise) -> tuple[Subject, ...]:
    """Everything that `prove` makes a claim of, in the same order."""
    whole = of_whole(exercise)
    return (*whole, *(subject for part in exercise.parts for subject in of_part(part)))


def of_whole(exercise: Exercise) -> tuple[Subject, ...]:
    starter = (Subject("", "starter", "blank"), Subject("", "starter", "leaks"))
    return (*starter, Subject("", "prose")) if prose.has_blocks(exercise) else starter


def of_part(part: AnyPart) -> Iterator[Subject]:
    checks = [check.id for check in part.checks]
    names: dict[Kind, Sequence[str]]
    if part.predicts:
        names = {"reference": [""], "belief": list(part.mistakes), "check": checks}
    else:
        names = {
            "reference": [""],
            "accept": list(part.accept),
            "mistake": list(part.mistakes),
            "check": checks,
            "inputs": [""],
            "margin": [""],
            "time": [""],
        }
    for kind, those in names.items():
        yield from (Subject(part.id, kind, name) for name in those)
