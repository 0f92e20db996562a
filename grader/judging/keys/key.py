"""The nouns: a case with its numbers, the key of a part, and whoever makes one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from grader.checks.check import View
from grader.checks.noise import NOISELESS, Noise
from grader.course import variants
from grader.course.format import Exercise
from grader.course.parts.part import AnyPart
from grader.model import Inputs, Parsed, Run


@dataclass(frozen=True)
class Drawn:
    """A case with its numbers."""

    id: str
    hidden: bool
    dtype: str
    inputs: Inputs


@dataclass(frozen=True, slots=True)
class Unmet:
    """What a draw lacks, in words that are the same for every draw; "" for no case of its own."""

    case: str
    words: str

    def __str__(self) -> str:
        return f"case {self.case}: {self.words}" if self.case else self.words


@dataclass(frozen=True)
class Key:
    """What a part's runs are held against."""

    cases: tuple[Drawn, ...]
    wanted: Mapping[str, Run]  # case id → the reference's run
    unmet: tuple[Unmet, ...] = ()  # what no draw has; `grade check` reports it
    variant: int = 0
    pending: tuple[str, ...] = ()  # hidden cases that are judged elsewhere, by their ids
    noise: Mapping[str, Noise] = field(default_factory=dict)  # case id → the rounding in its run

    def view(self, case: Drawn, seen: Run, parsed: Parsed) -> View:
        """One case as checks see it."""
        noise = self.noise.get(case.id, NOISELESS)
        return View(seen, self.wanted[case.id], case.inputs, parsed, noise)


Model = Mapping[str, Run]  # case id → run of a mistake in one style
Alike = Callable[[Drawn, Run], bool]  # whether a run is what is being explained


class KeyMaker(Protocol):
    """Whoever knows the right answers, and the known wrong ones."""

    def key(self, exercise: Exercise, part: AnyPart, variant: int) -> Key:
        """The part's key for one open variant."""

    def matching(
        self, exercise: Exercise, part: AnyPart, key: Key, alike: Alike
    ) -> dict[str, list[Model]]:
        """The mistakes whose runs are alike in every case of the key.

        First as their author wrote them, then in the other styles.
        """


def open_cases(
    exercise: Exercise, part: AnyPart, variant: int, course_id: str, draw: int | None = None
) -> tuple[Drawn, ...]:
    """What everybody with this variant may see; in another draw than the recorded one."""
    drawn = variants.open_inputs(exercise, part, variant, course_id, draw)
    dtypes = {id_: case.dtype for case in part.cases for id_ in variants.case_ids(case)}
    return tuple(
        Drawn(id_, hidden=False, dtype=dtypes[id_], inputs=inputs) for id_, inputs in drawn.items()
    )
