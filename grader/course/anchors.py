"""Where an exercise's YAML and its solution meet: regions, drives, and code put into regions."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from grader.course.crosscheck import Draft
from grader.course.document import Keys, Problem, elsewhere
from grader.course.parts.part import RunPart, Variation, as_changes
from grader.course.regions import Solution, replaced
from grader.errors import AuthorError
from grader.sandbox.box.names import bound_by

CANARY = re.compile(r"^canary: [0-9a-f]{32}$", re.MULTILINE)


def canary(solution: Solution) -> str | None:
    """The line that must never reach a handout."""
    found = CANARY.search(ast.get_docstring(ast.parse(solution.text)) or "")
    return found[0] if found else None


def problems(draft: Draft, solution: Solution) -> Iterator[Problem]:
    """Every name of the YAML that the solution does not know, and code that fits nowhere."""
    try:
        tree = _tree(solution.text)
    except SyntaxError as error:
        yield _in_solution(solution, error.lineno or 1, f"is not Python: {error.msg}")
        return
    if canary(solution) is None:
        says = "the docstring has no line `canary: ` with 32 hex digits"
        yield _in_solution(solution, 1, says)
    known = [part.region for part in draft.parts.values() if not part.predicts]
    placed = [name for name in solution.regions if name in known]
    if placed != sorted(placed, key=known.index):
        yield Problem(("parts",), f"stand in another order than in {solution.path}: {placed}")
    defined = {name for statement in tree.body for name in bound_by(statement)}
    for number, part in draft.parts.items():
        keys: Keys = ("parts", number)
        if isinstance(part, RunPart):
            yield from _Part(draft, solution, part, keys).problems()
        for name in part.todo.keys() - part.holes.keys() & defined:
            says = f"{name!r} is also defined in {solution.path}; both stand in one starter"
            yield draft.at_key((*keys, "todo", name), says)


def _tree(text: str) -> ast.Module:
    """Raises SyntaxError, also for what is nested too deeply to be read."""
    try:
        return ast.parse(text)
    except (RecursionError, MemoryError):
        raise SyntaxError("is nested too deeply") from None


def _in_solution(solution: Solution, line: int, says: str) -> Problem:
    return elsewhere(f"{solution.path}:{line}:1: {says}")


@dataclass(frozen=True, slots=True)
class _Part:
    draft: Draft
    solution: Solution
    part: RunPart
    keys: Keys

    def problems(self) -> Iterator[Problem]:
        name = self.part.region
        region = self.solution.regions.get(name)
        if region is None or region.parent is not None:
            says = f"{self.solution.path} has no top-level region <{name}>"
            yield Problem((*self.keys, "id"), says)
            return
        yield from self._todo()
        for id_, code in self.part.accept.items():
            yield from self._changed((*self.keys, "accept", id_), code)
        for id_, mistake in self.part.mistakes.items():
            yield from self._changed((*self.keys, "mistakes", id_, "code"), mistake.code)
        yield from self.part.anchored(self.solution, self.keys)

    def _todo(self) -> Iterator[Problem]:
        code: Variation = {name: todo.start for name, todo in self.part.todo.items()}
        yield from self._changed((*self.keys, "todo"), code)

    def _changed(self, keys: Keys, code: Variation) -> Iterator[Problem]:
        """Regions exist and belong to the part, and the file with the new code is Python."""
        strangers = [name for name in code if not self._owns(name)]
        for name in strangers:
            allowed = ", ".join(name for name in self.solution.regions if self._owns(name))
            says = f"no region <{name}> in this part; allowed: {allowed}"
            yield self.draft.at_key((*keys, name), says)
        if strangers:
            return
        try:
            _tree(replaced(self.solution, as_changes(code)))
        except AuthorError as error:
            says = str(error).removeprefix(f"{self.solution.path}: ")
            yield self.draft.at_key(keys, f"{says}; {error.hint}" if error.hint else says)
        except SyntaxError as error:
            yield self.draft.at_key(keys, f"with this code the file is not Python: {error.msg}")

    def _owns(self, name: str) -> bool:
        return self.solution.holds(self.part.region, name)
