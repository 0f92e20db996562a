"""What every kind of part shares: the nouns of its YAML, and what the grader asks of a part.

A kind is run in cases (`RunPart`) or answered in words and numbers (`AnswerPart`).  What a kind
does not have is empty in it, so that whoever goes through cases, styles or asks need not know the
kind.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from grader.checks import AnyCheck
from grader.checks.check import Frozen, Id, Name
from grader.course.document import Keys, Problem
from grader.course.places import substituted
from grader.course.regions import Solution, Swap, region_of
from grader.inputs.expressions import Expression, ExpressionError, check
from grader.model import Inputs
from grader.sandbox.jobs import Harness, Job, program_job
from grader.sandbox.limits import Limits

Words = Annotated[
    str, Field(min_length=1, description="Markdown; [[name]] is the variant's value.")
]
Span = tuple[int, int]  # first and last line, from 1, both included
AtKey = Callable[[Keys, str], Problem]  # a problem that is told where a key stands, not its value

# --- the nouns -----------------------------------------------------------------------------------


class Todo(Frozen):
    """A hole of the starter: the task's words, the code it starts with, and a ladder of hints."""

    say: Words
    start: str = Field("...", description="What stands in the starter instead of the solution.")
    hints: tuple[Words, ...] = ()


class Replace(Frozen):
    replace: tuple[str, str] = Field(description="[old, new]; old must stand exactly once.")


Variation = dict[str, str | Replace]


class Tell(Frozen):
    """A fact of the source that splits mistakes whose runs are equal."""

    fact: Literal["call", "name", "bare", "unused"]
    what: str = Field(description="A dotted name, with * and ?: '*.zero_'.")


class Mistake(Frozen):
    """A known wrong answer: the reference with other code in some regions."""

    expects: ClassVar[Mapping[str, Expression]] = {}

    say: Words = Field(description="What a student who made it reads.")
    code: Variation = Field(min_length=1)
    hints: tuple[Words, ...] = ()
    tell: Tell | None = None
    same_as: tuple[Id, ...] = Field(
        (), description="Mistakes that no run can tell from this one; `grade check` verifies it."
    )


class Belief(Frozen):
    """A wrong mental model of a `predict` part: what somebody who holds it would answer."""

    code: ClassVar[Variation] = {}
    tell: ClassVar[Tell | None] = None
    same_as: ClassVar[tuple[Id, ...]] = ()

    say: Words
    expects: dict[Name, Expression] = Field(
        min_length=1, description="Ask → expression over the right answers and the variant."
    )
    hints: tuple[Words, ...] = ()


class Case(Frozen):
    """One set of inputs.  Hidden unless `open`; `times` draws it more than once."""

    id: Id
    open: bool = False
    times: Annotated[int, Field(ge=1, le=20)] = 1
    dtype: Literal["float32", "float64"] = "float32"
    inputs: dict[Name, Expression] = Field({}, description="Overrides the part's inputs.")


class Watch(Frozen):
    """What the box records besides what the drive returns."""

    steps: dict[Name, Name] = Field(
        {}, description="Leaf → the input that holds its start value; one row a backward()."
    )
    autograd: bool = Field(
        default=False,
        description="Adds what can be observed as autograd.used, autograd.grows and "
        "name.from_autograd.",
    )


@dataclass(frozen=True, slots=True)
class Starter:
    """One part as it is handed out: words in Markdown, and code with holes."""

    part: str
    title: str
    words: str
    text: str
    holes: Mapping[str, Span]  # lines of `text`
    names: tuple[str, ...]  # top-level names that a submission must have
    asks: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


# --- the families --------------------------------------------------------------------------------


class BasePart(Frozen):
    predicts: ClassVar[bool]  # is it answered, and not run?
    if TYPE_CHECKING:
        kind: str  # each kind's own; declared here it would stand first in the format

    id: Id
    title: str = Field(min_length=1)
    task: str = ""
    todo: dict[Name, Todo] = Field(min_length=1)
    checks: tuple[AnyCheck, ...] = Field(min_length=1)
    limits: Limits = Limits()

    @property
    def region(self) -> str:
        """The region of the solution that is its reference."""
        return region_of(self.id)

    @abstractmethod
    def in_order(self, solution: Solution) -> list[str]:
        """Its holes as they follow each other in the file."""

    @abstractmethod
    def start(self, hole: str) -> str:
        """What stands in a hole before anybody has written there."""


class RunPart(BasePart):
    """Code that is run in cases, and compared with the reference."""

    predicts: ClassVar[bool] = False
    asks: ClassVar[Mapping[str, str]] = {}

    inputs: dict[Name, Expression] = {}
    cases: tuple[Case, ...] = Field(min_length=1)
    watch: Watch = Watch()
    accept: dict[Id, Variation] = Field({}, description="Other right answers: id → region → code.")
    mistakes: dict[Id, Mistake] = {}

    @property
    def holes(self) -> Mapping[str, Todo]:
        """Those that are regions of the solution."""
        return self.todo

    def in_order(self, solution: Solution) -> list[str]:
        return sorted(self.todo, key=lambda name: solution.regions[name].first)

    def start(self, hole: str) -> str:
        return self.todo[hole].start

    def given(self, solution: Solution) -> tuple[str, ...]:
        """The names of values that a starter shows."""
        del solution
        return ()

    @property
    def observed(self) -> tuple[str, ...]:
        """Names of the top level that are looked at; then all of the file is graded."""
        return ()

    @abstractmethod
    def harness(self, solution: Solution) -> Harness:
        """What is done with a student's file for this part, and with the reference's."""

    @abstractmethod
    def anchored(self, solution: Solution, keys: Keys) -> Iterator[Problem]:
        """What in the YAML leads nowhere in the solution, in a way of this kind's own."""

    def problems(self, keys: Keys, known: Iterable[str], at_key: AtKey) -> Iterator[Problem]:
        """What leads nowhere in the YAML, in a way of this kind's own; `known` by the variant."""
        del keys, known, at_key
        return iter(())

    @property
    def watched(self) -> Literal["", "passes", "nodes"]:
        """How closely autograd is looked at."""
        if not self.watch.autograd:
            return ""
        return "nodes" if any("nodes" in check.wants for check in self.checks) else "passes"


class AnswerPart(BasePart):
    """Questions that are answered in the file: `name = answer`."""

    predicts: ClassVar[bool] = True
    inputs: ClassVar[Mapping[str, Expression]] = {}
    cases: ClassVar[tuple[Case, ...]] = ()
    watch: ClassVar[Watch] = Watch()
    accept: ClassVar[Mapping[str, Variation]] = {}
    holes: ClassVar[Mapping[str, Todo]] = {}
    observed: ClassVar[tuple[str, ...]] = ()

    mistakes: dict[Id, Belief] = {}

    @property
    @abstractmethod
    def asks(self) -> Mapping[str, str]:
        """Name → what is asked for, in the order in which it is answered."""

    @abstractmethod
    def source(self, values: Inputs) -> str:
        """A program that calls `__ask__(name, lambda: answer)` for each ask: the right answers."""

    @abstractmethod
    def question(self) -> str:
        """What stands below the task, in Markdown."""

    def job(self, values: Inputs) -> Job:
        """What gives the right answers of a variant; nothing of a student's is run."""
        return program_job(self.source(values), tuple(self.asks), self.limits)

    def starter(self, values: Inputs, todos: Mapping[str, str]) -> Starter:
        """As it is handed out; `todos` has each hole's task and start."""
        asks = tuple(self.asks)
        lines: list[str] = []
        holes: dict[str, Span] = {}
        for name in asks:
            lines += ["", *todos[name].splitlines()] if lines else todos[name].splitlines()
            holes[name] = (len(lines) - todos[name].count("\n"), len(lines))
        task = substituted(f"{self.task.strip()}\n\n{self.question()}", values)
        title = substituted(self.title, values)
        return Starter(self.id, title, task.strip(), "\n".join(lines), holes, asks, asks)

    def in_order(self, solution: Solution) -> list[str]:
        del solution
        return list(self.asks)

    def start(self, hole: str) -> str:
        return f"{hole} = {self.todo[hole].start}"

    def given(self, solution: Solution) -> tuple[str, ...]:
        del solution
        return ()

    def problems(self, keys: Keys, known: Iterable[str], at_key: AtKey) -> Iterator[Problem]:
        """Beliefs speak of what is asked."""
        asks = list(self.asks)
        for id_, belief in self.mistakes.items():
            for name, expression in belief.expects.items():
                at = (*keys, "mistakes", id_, "expects", name)
                if name not in asks:
                    yield at_key(at, f"no ask {name!r}; allowed: {', '.join(asks)}")
                yield from unreadable(at, expression, [*asks, *known])


AnyPart = RunPart | AnswerPart


def unreadable(keys: Keys, expression: Expression, known: Iterable[str]) -> Iterator[Problem]:
    """What is wrong with an expression over these names."""
    try:
        check(expression, tuple(known))
    except ExpressionError as error:
        yield Problem(keys, str(error))


def as_changes(code: Mapping[str, str | Replace]) -> dict[str, str | Swap]:
    """A variation as `regions.replaced` takes it."""
    return {
        name: Swap(*change.replace) if isinstance(change, Replace) else change
        for name, change in code.items()
    }
