"""The `code` kind: functions or classes, called by the drive that stands in the solution file."""

import ast
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from grader.checks.check import Name
from grader.course.document import Keys, Problem
from grader.course.parts.part import RunPart
from grader.course.regions import DRIVE, Solution
from grader.sandbox.jobs import Harness


class CodePart(RunPart):
    """Functions or classes, called by the drive that stands in the solution file."""

    kind: Literal["code"]
    drive: Name = Field("drive", description="The function that calls the student's code.")

    def harness(self, solution: Solution) -> Harness:
        return Harness(
            names=solution.names(self.region),
            imports=solution.imports,
            drive=solution.code(DRIVE) if DRIVE in solution.regions else "",
            entry=self.drive,
            watch=self.watch.steps,
            autograd=self.watched,
            limits=self.limits,
        )

    def anchored(self, solution: Solution, keys: Keys) -> Iterator[Problem]:
        at = (*keys, "drive")
        region = solution.regions.get(DRIVE)
        if region is None or region.parent is not None:
            yield Problem(at, f"{solution.path} has no top-level region <{DRIVE}>")
            return
        functions = solution.statements(DRIVE)
        drives = {each.name: each for each in functions if isinstance(each, ast.FunctionDef)}
        if self.drive not in drives:
            allowed = ", ".join(drives) or "none"
            yield Problem(at, f"no function {self.drive!r} in <{DRIVE}>; allowed: {allowed}")
            return
        for number, case in enumerate(self.cases):
            missing = _required(drives[self.drive]) - {*self.inputs, *case.inputs}
            for name in sorted(missing):
                says = f"{self.drive}() needs {name!r}, which is no input of this case"
                yield Problem((*keys, "cases", number), says)


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
