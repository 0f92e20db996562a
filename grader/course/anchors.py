"""Where an exercise's YAML and its solution meet: regions, drives, and code put into regions."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from grader.course.crosscheck import Draft
from grader.course.document import Keys, Problem, elsewhere
from grader.course.format import CodePart, PredictPart, RunPart, ScriptPart, Variation, as_changes
from grader.course.regions import DRIVE, GIVEN, Region, Solution, region_of, replaced
from grader.errors import AuthorError
from grader.sandbox.box.names import bound_by, defined_by

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
    known = [region_of(part.id) for part in draft.parts.values() if isinstance(part, RunPart)]
    placed = [name for name in solution.regions if name in known]
    if placed != sorted(placed, key=known.index):
        yield Problem(("parts",), f"stand in another order than in {solution.path}: {placed}")
    defined = {name for statement in tree.body for name in bound_by(statement)}
    for number, part in draft.parts.items():
        if isinstance(part, PredictPart):
            for name in part.todo.keys() & defined:
                says = f"{name!r} is also defined in {solution.path}; both stand in one starter"
                yield draft.at_key(("parts", number, "todo", name), says)
        else:
            yield from _Part(draft, solution, tree, part, ("parts", number)).problems()


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
    tree: ast.Module
    part: RunPart
    keys: Keys

    def problems(self) -> Iterator[Problem]:
        name = region_of(self.part.id)
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
        if isinstance(self.part, CodePart):
            yield from self._drive(self.part)
        else:
            yield from self._script(self.part, region)

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
        return self.solution.holds(region_of(self.part.id), name)

    def _drive(self, part: CodePart) -> Iterator[Problem]:
        at = (*self.keys, "drive")
        region = self.solution.regions.get(DRIVE)
        if region is None or region.parent is not None:
            yield Problem(at, f"{self.solution.path} has no top-level region <{DRIVE}>")
            return
        drives = {each.name: each for each in _functions(self.tree, region)}
        if part.drive not in drives:
            allowed = ", ".join(drives) or "none"
            yield Problem(at, f"no function {part.drive!r} in <{DRIVE}>; allowed: {allowed}")
            return
        for number, case in enumerate(part.cases):
            missing = _required(drives[part.drive]) - {*part.inputs, *case.inputs}
            for name in sorted(missing):
                says = f"{part.drive}() needs {name!r}, which is no input of this case"
                yield Problem((*self.keys, "cases", number), says)

    def _script(self, part: ScriptPart, region: Region) -> Iterator[Problem]:
        inputs = {*part.inputs, *part.cases[0].inputs}
        if self._owns(GIVEN):
            try:
                given = _tree(self.solution.code(GIVEN))
            except SyntaxError as error:
                line = self.solution.regions[GIVEN].first
                yield _in_solution(self.solution, line, f"<given> is not Python: {error.msg}")
                return
            yield from self._given(given.body, inputs)
        known = {name for each in _within(self.tree, region) for name in bound_by(each)}
        for number, name in enumerate(part.observe):
            if name not in known:
                says = f"no {name!r} at the top level of <{region_of(part.id)}>"
                yield Problem((*self.keys, "observe", number), says)

    def _given(self, body: list[ast.stmt], inputs: set[str]) -> Iterator[Problem]:
        for statement in body:
            names = defined_by([statement])
            if len(names) != 1 or names[0] not in inputs:
                says = f"<{GIVEN}> holds `{ast.unparse(statement)}`; allowed: `name = value`"
                yield Problem((*self.keys, "inputs"), f"{says} with the name of an input")


def _within(tree: ast.Module, region: Region) -> list[ast.stmt]:
    return [each for each in tree.body if region.first < each.lineno <= region.last]


def _functions(tree: ast.Module, region: Region) -> list[ast.FunctionDef]:
    return [each for each in _within(tree, region) if isinstance(each, ast.FunctionDef)]


def _required(function: ast.FunctionDef) -> set[str]:
    """Parameters that have no default."""
    spec = function.args
    positional = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
    plain = positional[: len(positional) - len(spec.defaults)]
    keyword = [
        argument.arg
        for argument, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
        if default is None
    ]
    return {*plain, *keyword}
