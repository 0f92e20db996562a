"""Limits and the reference's own CPU time → what one run may use.

Three stretches of a run have each a budget of their own: loading the file until all that is graded
is defined; the rest of its top level, which is not graded; and driving the graded code.  Each
begins once, so that whatever a child says, its total is bounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from grader.sandbox.limits import Limits

LOAD, REST, DRIVE = STRETCHES = ("load", "rest", "drive")
_FLOOR = 0.7  # CPU seconds of the graded code in one case, however quick the reference is
_TIMES = 10  # the reference's
_TRUSTED = 3  # CPU seconds of the reference itself, and of a mistake
_WALL = 5  # times the CPU time, for what sleeps
_REST = 1 / 3  # of the time to load
_LESS = 1 / 8


@dataclass(frozen=True, slots=True)
class Span:
    """The time of a stretch; the wall's only ends what sleeps."""

    cpu_seconds: float
    wall_seconds: float

    def times(self, factor: float) -> "Span":
        return Span(self.cpu_seconds * factor, self.wall_seconds * factor)


@dataclass(frozen=True, slots=True)
class Budget:
    load: Span
    rest: Span
    drive: Span
    memory_mb: int

    @classmethod
    def trusted(cls, limits: Limits | None = None) -> Self:
        """For the course's own code."""
        limits = limits or Limits()
        return cls._of(limits, limits.cpu_seconds or limits.wall_seconds or _TRUSTED)

    @classmethod
    def beside(cls, limits: Limits, reference_seconds: float) -> Self:
        """For a student's code, where the reference took so much CPU time.

        Doubled from the floor on, so that the same limit holds on machines that differ a little.
        """
        seconds = _FLOOR
        while seconds < _TIMES * reference_seconds:
            seconds *= 2
        most = limits.wall_seconds or seconds
        return cls._of(limits, limits.cpu_seconds or min(seconds, most))

    @classmethod
    def _of(cls, limits: Limits, seconds: float) -> Self:
        load = Span(limits.load_seconds, limits.load_seconds * _WALL)
        drive = Span(seconds, limits.wall_seconds or seconds * _WALL)
        return cls(load, load.times(_REST), drive, limits.memory_mb)

    @property
    def cpu_seconds(self) -> float:
        """Of all stretches."""
        return self.load.cpu_seconds + self.rest.cpu_seconds + self.drive.cpu_seconds

    @property
    def memory_bytes(self) -> int:
        return self.memory_mb << 20

    def span(self, stretch: str) -> Span:
        spans = {LOAD: self.load, REST: self.rest, DRIVE: self.drive}
        return spans[stretch]

    @classmethod
    def together(cls, budgets: Sequence[Self]) -> Self:
        """For many jobs in one box: what all of them may use, in one stretch."""
        load = Span(
            sum(each.cpu_seconds for each in budgets),
            sum(each.cpu_seconds * _WALL for each in budgets),
        )
        nothing = Span(0, 0)
        return cls(load, nothing, nothing, max(each.memory_mb for each in budgets))

    def in_one(self) -> Self:
        """For code that is loaded and judged at once: a script, a program."""
        both = Span(
            self.load.cpu_seconds + self.drive.cpu_seconds,
            self.load.wall_seconds + self.drive.wall_seconds,
        )
        return replace(self, load=both)

    def less(self, reference_seconds: float, *, loaded: bool) -> Self:
        """For the other cases of code that ran out of time in one; what works still has enough."""
        enough = min(self.drive.cpu_seconds, 3 * reference_seconds)
        cpu, wall = self.drive.cpu_seconds / 16, self.drive.wall_seconds / 4
        drive = Span(max(cpu, enough), max(wall, enough))
        if loaded:
            return replace(self, drive=drive)
        return replace(self, load=self.load.times(_LESS), rest=self.rest.times(_LESS), drive=drive)
