"""Exercise + part → Harness and Code: the reference takes the road that a submission takes."""

import ast
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from grader.course import regions
from grader.course.format import ASK, CodePart, Exercise, PredictPart, ScriptPart
from grader.course.regions import DRIVE, GIVEN, Swap
from grader.model import Cell
from grader.sandbox.box.names import defined_by
from grader.sandbox.jobs import Code, Harness, Job, program_job


def harness(exercise: Exercise, part: CodePart | ScriptPart) -> Harness:
    """What is done with a student's file for this part, and with the reference's."""
    return _harness(exercise, exercise.parts.index(part))


@lru_cache(maxsize=256)
def _harness(exercise: Exercise, number: int) -> Harness:
    part = exercise.parts[number]
    assert not isinstance(part, PredictPart)
    solution = exercise.solution
    drive = solution.code(DRIVE) if DRIVE in solution.regions else ""
    script = isinstance(part, ScriptPart)
    return Harness(
        names=() if script else names_of(exercise, part.id),
        imports=_imports(solution.text),
        drive="" if script else drive,
        entry="" if isinstance(part, ScriptPart) else part.drive,
        observe=part.observe if isinstance(part, ScriptPart) else (),
        given=given_names(exercise, part),
        watch=part.watch.steps,
        autograd=_watched(part),
        limits=part.limits,
    )


def _watched(part: CodePart | ScriptPart) -> Literal["", "passes", "nodes"]:
    if not part.watch.autograd:
        return ""
    return "nodes" if any("nodes" in check.wants for check in part.checks) else "passes"


def reference(exercise: Exercise, changes: Mapping[str, str | Swap] | None = None) -> Code:
    """The solution, or a variation of it, as if it had been handed in."""
    text = regions.replaced(exercise.solution, changes or {})
    solution = regions.parse(text, exercise.solution.path)
    lines: list[str] = text.splitlines()
    if DRIVE in solution.regions:
        region = solution.regions[DRIVE]
        lines[region.first : region.last] = [""] * (region.last - region.first)
    source = regions.strip_marks("\n".join(lines))
    return Code((Cell(Path(exercise.solution.path).name, source),))


def names_of(exercise: Exercise, part_id: str) -> tuple[str, ...]:
    """The top-level names that a part's region defines: what the student is to write."""
    return defined_by(ast.parse(exercise.solution.code(regions.region_of(part_id))).body)


def given_names(exercise: Exercise, part: CodePart | ScriptPart) -> tuple[str, ...]:
    """The names of a script's `given` block."""
    if not isinstance(part, ScriptPart) or GIVEN not in exercise.solution.regions:
        return ()
    return defined_by(ast.parse(exercise.solution.code(GIVEN)).body)


def _imports(text: str) -> str:
    nodes = ast.parse(text).body
    return "\n".join(ast.unparse(n) for n in nodes if isinstance(n, ast.Import | ast.ImportFrom))


def predict_job(part: PredictPart, program: str) -> Job:
    """Run a `predict` part's program; every `#? name = expression` becomes a recording."""
    lines = [
        ASK.sub(r"\g<indent>__ask__('\g<name>', lambda: \g<code>)", line)
        for line in program.splitlines()
    ]
    source = "\n".join(["import torch", *lines, ""])
    return program_job(source, tuple(part.asks), part.limits)
