"""Exercise → what students may have of it: YAML without code or hidden inputs, and a skeleton.

The skeleton is the solution file with every hole as the starter has it.  What a handout shows
anyway stays, and the drive, so that a release renders and runs as the course does.
"""

import ast
from pathlib import Path

import yaml

from grader.course import regions
from grader.course.format import Exercise, ExerciseFile
from grader.course.parts.part import AnyPart, Case, Mistake
from grader.course.regions import DRIVE, GIVEN, Solution, region_of

_HEAD = """\
# Made by `grade release`.  Hidden cases have no inputs here, and no mistake has its code: what
# stands there is a stand-in.
"""
_DOCSTRING = '"""The skeleton of an exercise: what is handed out, and what calls it."""'


def redacted(exercise: Exercise) -> ExerciseFile:
    """The exercise's words and rules, without what gives answers or hidden cases away."""
    return exercise.file.model_copy(update={"parts": tuple(map(_part, exercise.parts))})


def as_yaml(file: ExerciseFile) -> str:
    plain = file.model_dump(mode="json", exclude_defaults=True)
    text: str = yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return _HEAD + text


def stand_in(part: AnyPart) -> dict[str, str]:
    """What stands for the code of every mistake: the format asks for some."""
    return {region_of(part.id): ""}


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    """Several lines as they would be read."""
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _text)


def _part(part: AnyPart) -> AnyPart:
    if part.predicts:
        return part
    mistakes = {
        name: Mistake(say=it.say, code={**stand_in(part)}, hints=it.hints, tell=it.tell)
        for name, it in part.mistakes.items()
    }
    cases = tuple(_case(part, case) for case in part.cases)
    update = {"inputs": {}, "cases": cases, "accept": {}, "mistakes": mistakes}
    return part.model_copy(update=update)


def _case(part: AnyPart, case: Case) -> Case:
    """An open case draws for itself what it had from its part, in the same order."""
    if not case.open:
        return Case(id=case.id, times=case.times)
    return case.model_copy(update={"inputs": {**part.inputs, **case.inputs}})


# --- the skeleton --------------------------------------------------------------------------------


def skeleton(exercise: Exercise) -> str:
    """The solution without a line that a student has to write."""
    parts = exercise.parts
    changes = {hole: todo.start for part in parts for hole, todo in part.holes.items()}
    if GIVEN in exercise.solution.regions:
        changes[GIVEN] = _given(exercise.solution.code(GIVEN))
    kept = {*changes, *(part.region for part in parts), DRIVE}
    empty = regions.parse(regions.replaced(exercise.solution, changes), exercise.solution.path)
    marks = {
        number
        for region in empty.regions.values()
        if region.name not in kept
        for number in (region.first - 1, region.last)
    }
    lines = [line for number, line in enumerate(empty.lines) if number not in marks]
    return "\n".join([_DOCSTRING, *lines[_docstring_end(empty) :]]) + "\n"


def _docstring_end(solution: Solution) -> int:
    return ast.parse(solution.text).body[0].end_lineno or 0


def _given(code: str) -> str:
    """The names alone: a handout has the variant's values."""
    statements = ast.parse(code).body
    for statement in statements:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            statement.value = ast.Constant(...)
    return "\n".join(map(ast.unparse, statements))


def written(exercise: Exercise, folder: Path) -> Path:
    """Write the YAML and the skeleton; return the YAML's path."""
    path = folder / exercise.path.name
    path.write_text(as_yaml(redacted(exercise)), encoding="utf-8")
    path.with_suffix(".py").write_text(skeleton(exercise), encoding="utf-8")
    return path
