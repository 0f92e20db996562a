"""The `script` kind: top-level code; module-level names are looked at when it has run."""

import ast
from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from grader.checks.check import Name
from grader.course.document import Keys, Problem, elsewhere
from grader.course.parts.part import AtKey, RunPart
from grader.course.regions import GIVEN, Solution
from grader.sandbox.box.names import bound_by, defined_by
from grader.sandbox.jobs import Harness


class ScriptPart(RunPart):
    """Top-level code; module-level names are looked at when it has run."""

    kind: Literal["script"]
    observe: tuple[Name, ...] = Field(min_length=1)

    @property
    def observed(self) -> tuple[str, ...]:
        return self.observe

    def given(self, solution: Solution) -> tuple[str, ...]:
        return solution.names(GIVEN) if GIVEN in solution.regions else ()

    def harness(self, solution: Solution) -> Harness:
        return Harness(
            names=(),
            imports=solution.imports,
            entry="",
            observe=self.observe,
            given=self.given(solution),
            watch=self.watch.steps,
            autograd=self.watched,
            limits=self.limits,
        )

    def problems(self, keys: Keys, known: Iterable[str], at_key: AtKey) -> Iterator[Problem]:
        del known
        if not any(case.open for case in self.cases):
            says = "a script needs an open case: its values stand in the starter"
            yield at_key((*keys, "cases"), says)

    def anchored(self, solution: Solution, keys: Keys) -> Iterator[Problem]:
        if solution.holds(self.region, GIVEN):
            try:
                given = ast.parse(solution.code(GIVEN))
            except SyntaxError as error:
                line = solution.regions[GIVEN].first
                at = f"{solution.path}:{line}:1"
                yield elsewhere(f"{at}: <given> is not Python: {error.msg}")
                return
            yield from self._given(given.body, keys)
        known = {name for each in solution.statements(self.region) for name in bound_by(each)}
        for number, name in enumerate(self.observe):
            if name not in known:
                says = f"no {name!r} at the top level of <{self.region}>"
                yield Problem((*keys, "observe", number), says)

    def _given(self, body: list[ast.stmt], keys: Keys) -> Iterator[Problem]:
        inputs = {*self.inputs, *self.cases[0].inputs}
        for statement in body:
            names = defined_by([statement])
            if len(names) != 1 or names[0] not in inputs:
                says = f"<{GIVEN}> holds `{ast.unparse(statement)}`; allowed: `name = value`"
                yield Problem((*keys, "inputs"), f"{says} with the name of an input")
