"""The format of a course: one class a mapping of its YAML files, and the Exercise made of them.

Strict on purpose: an unknown key or a number that YAML read as text is an error, never a default.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Discriminator, Field

from grader.checks.check import Check, Frozen, Id, Name
from grader.course.parts import Part
from grader.course.parts.part import AnyPart, Words
from grader.course.regions import Solution
from grader.inputs.expressions import Expression


class ExerciseFile(Frozen):
    """One `exNN_name.yaml`."""

    format: Literal[1]
    id: Id
    title: str = Field(min_length=1)
    topics: tuple[str, ...] = ()
    level: Annotated[int, Field(ge=1, le=5)] = 1
    sources: tuple[str, ...] = ()
    instructions: Words
    variants: Annotated[int, Field(ge=1, le=1000)] = 20
    variant: dict[Name, Expression] = Field({}, description="Names drawn once a variant.")
    parts: tuple[Part, ...] = Field(min_length=1)


class Released(Frozen):
    """Written by `grade release`: what the release was made from, and with which versions."""

    versions: dict[str, str]
    digests: dict[Id, str] = Field(description="Exercise → digest of its YAML and solution.")


def _time(value: object) -> datetime:
    """A time with its zone: without one, a due date would move with the machine."""
    try:
        found = _zoned(value) if isinstance(value, str) else value
    except (ValueError, KeyError, OSError):  # `ZoneInfo` reads a file of that name
        found = None
    if not isinstance(found, datetime) or found.tzinfo is None:
        allowed = "a time with its zone, such as 2026-11-30T23:59:00+01:00 or …:00 Europe/Berlin"
        raise ValueError(f"found {value!r}; allowed: {allowed}")
    return found


def _zoned(text: str) -> datetime:
    time, _, zone = text.partition(" ") if "/" in text else (text, "", "")
    found = datetime.fromisoformat(time)
    return found.replace(tzinfo=ZoneInfo(zone)) if zone and not found.tzinfo else found


def _span(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"found {value!r}; allowed: a number and s, m, h or d, such as 15m")
    return int(found["number"]) * _UNITS[found["unit"]]


_SPAN = re.compile(r"(?P<number>[0-9]{1,5})(?P<unit>[smhd])")
_UNITS = {"s": timedelta(0, 1), "m": timedelta(0, 60), "h": timedelta(0, 3600), "d": timedelta(1)}
Time = Annotated[datetime, BeforeValidator(_time)]
Span = Annotated[timedelta, BeforeValidator(_span)]
Percent = Annotated[int | float, Field(ge=0, le=100)]


class NoPenalty(Frozen):
    """What is late counts in full."""

    policy: Literal["none"]


class PerDay(Frozen):
    """Each begun day after the due date costs `percent` of what was earned, `most` in all."""

    policy: Literal["per_day"]
    percent: Percent
    most: Percent = 100
    grace: Span = Field(timedelta(), description="How late costs nothing yet: 15m.")


class CutOff(Frozen):
    """What is late does not count."""

    policy: Literal["cut_off"]
    grace: Span = Field(timedelta(), description="How late is not late yet: 15m.")


Late = Annotated[NoPenalty | PerDay | CutOff, Discriminator("policy")]


class ExerciseRules(Frozen):
    weight: Annotated[int | float, Field(ge=0, le=1e6)] = 1
    due: Time | None = None


class BookRules(Frozen):
    keep: Literal["best", "last", "first"] = "best"
    attempts: Annotated[int, Field(ge=1)] | None = Field(
        None, description="How many count; those beyond it do not."
    )
    late: Late = NoPenalty(policy="none")
    exercises: dict[Id, ExerciseRules] = {}

    def of(self, exercise: str) -> ExerciseRules:
        return self.exercises.get(exercise, ExerciseRules())


class CourseFile(Frozen):
    """`course.yaml`."""

    format: Literal[1]
    id: Id
    title: str = Field(min_length=1)
    isolation: Literal["none", "basic", "strong", "full"] | None = Field(
        None,
        description="The least that must keep student code in; strong, but none in a release.",
    )
    book: BookRules = BookRules()
    released: Released | None = Field(
        None, description="Only in what `grade release` has written: nothing here is secret."
    )


Draws = Mapping[str, Mapping[int, int]]  # part → variant → number of the draw


@dataclass(frozen=True, eq=False)  # what is made from one is kept, by identity
class Exercise:
    """An exercise with its solution; `digest` changes with either file, and with the draws."""

    file: ExerciseFile
    solution: Solution
    path: Path
    digest: str
    draws: Draws = field(default_factory=dict)  # of open cases, other than the first

    @property
    def id(self) -> str:
        return self.file.id

    @property
    def parts(self) -> tuple[AnyPart, ...]:
        return self.file.parts

    @property
    def checks(self) -> tuple[Check, ...]:
        return tuple(check for part in self.parts for check in part.checks)


@dataclass(frozen=True)
class Course:
    """A folder with `exercises/`, `solutions/` and, if it wants its own looks, `templates/`."""

    folder: Path
    id: str
    title: str
    asked_isolation: str | None  # by `course.yaml`
    paths: Mapping[str, Path]  # exercise id → its YAML file, in course order
    titles: Mapping[str, str] = field(default_factory=dict)  # exercise id → its title
    released: Released | None = None  # None: solutions are here, or should be
    rules: BookRules = field(default_factory=BookRules)
    trusted: bool = False  # named in words or installed: only then it may lower the fences

    @property
    def has_solutions(self) -> bool:
        return (self.folder / "solutions").is_dir()

    @property
    def isolation(self) -> str:
        """The least that must keep student code in: only a release has no secrets."""
        asked = self.asked_isolation or ("none" if self.released else "strong")
        return asked if self.trusted or asked == "full" else "strong"
