"""The solution with its holes as a student finds them, cut into preamble, parts and tail."""

import ast
import re
import textwrap
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from grader.course import regions
from grader.course.format import ASK, Exercise, Part, PredictPart, RunPart, ScriptPart
from grader.course.regions import DRIVE, GIVEN, Solution, region_of
from grader.course.variants import as_code, substituted
from grader.handout.words import WIDTH, as_comment
from grader.model import Inputs
from grader.sandbox.box.names import defined_by

_PREAMBLE, _TAIL = "<preamble>", "<tail>"  # no part can have these ids

Span = tuple[int, int]  # first and last line, from 1, both included


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


@dataclass(frozen=True, slots=True)
class Pieces:
    """All code of a handout, in its order."""

    preamble: str
    starters: tuple[Starter, ...]
    tail: str


def pieces(exercise: Exercise, values: Inputs, cases: Mapping[str, Inputs]) -> Pieces:
    """Cut the starter of one variant.  `cases` holds the shown inputs of each script part."""
    todos = _todos(exercise, values)
    solution = exercise.solution
    parts = [part for part in exercise.parts if isinstance(part, RunPart)]
    changes = {hole: todos[hole] for part in parts for hole in part.todo}
    if GIVEN in solution.regions:
        changes[GIVEN] = _given(exercise, cases)
    worked = regions.parse(regions.replaced(solution, changes), solution.path)
    gaps = _gaps(exercise, worked)
    starters = [
        _predict(part, values, todos)
        if isinstance(part, PredictPart)
        else _run(part, values, worked, gaps.get(part.id, ""))
        for part in exercise.parts
    ]
    return Pieces(gaps[_PREAMBLE], tuple(starters), gaps.get(_TAIL, ""))


# --- holes ---------------------------------------------------------------------------------------


def _todos(exercise: Exercise, values: Inputs) -> dict[str, str]:
    """Hole → its task as a comment, numbered through the file, and the code it starts with."""
    found: dict[str, str] = {}
    for part in exercise.parts:
        for name in _in_order(exercise.solution, part):
            todo = part.todo[name]
            say = f"TODO {len(found) + 1}: {substituted(todo.say, values)}"
            region = exercise.solution.regions.get(name)
            width = WIDTH - len(region.indent) if region else WIDTH
            start = f"{name} = {todo.start}" if isinstance(part, PredictPart) else todo.start
            found[name] = f"{as_comment(say, width)}\n{textwrap.dedent(start).strip()}"
    return found


def _in_order(solution: Solution, part: Part) -> list[str]:
    """A part's holes as they follow each other in the file."""
    if isinstance(part, PredictPart):
        return list(part.asks)
    return sorted(part.todo, key=lambda name: solution.regions[name].first)


def _given(exercise: Exercise, cases: Mapping[str, Inputs]) -> str:
    """The values of the first open case, for the names that the `given` block holds."""
    (part,) = (
        part
        for part in exercise.parts
        if isinstance(part, ScriptPart) and exercise.solution.holds(region_of(part.id), GIVEN)
    )
    double = next(case for case in part.cases if case.open).dtype == "float64"
    names = defined_by(ast.parse(exercise.solution.code(GIVEN)).body)
    lines = [f"{name} = {as_code(cases[part.id][name], double=double)}" for name in names]
    return "\n".join(_folded(line) for line in lines)


def _folded(line: str) -> str:
    """Break a long list of numbers between its entries."""
    if "'" in line:  # as there is around a text, or within it
        return line
    return textwrap.fill(line, WIDTH, subsequent_indent="    ")


# --- parts ---------------------------------------------------------------------------------------


def _run(part: RunPart, values: Inputs, worked: Solution, gap: str) -> Starter:
    lines, holes = _cut(worked, region_of(part.id), part.todo)
    above = gap.count("\n") + 3 if gap else 0
    own = "\n".join(lines)
    given = (
        defined_by(ast.parse(worked.code(GIVEN)).body)
        if worked.holds(region_of(part.id), GIVEN)
        else ()
    )
    return Starter(
        part.id,
        substituted(part.title, values),
        substituted(part.task, values),
        f"{gap}\n\n\n{own}" if gap else own,
        {name: (first + above, last + above) for name, (first, last) in holes.items()},
        tuple(name for name in defined_by(ast.parse(own).body) if name not in given),
        given=given,
    )


def _cut(worked: Solution, name: str, todo: Collection[str]) -> tuple[list[str], dict[str, Span]]:
    """A region's lines without marks, and where each hole stands in them."""
    region = worked.regions[name]
    lines: list[str] = []
    holes: dict[str, Span] = {}
    for number in range(region.first, region.last):
        line = worked.lines[number]
        if regions.is_mark(line) or not (lines or line.strip()):
            continue
        lines.append(line)
        for hole in todo:
            if worked.regions[hole].first <= number < worked.regions[hole].last:
                holes[hole] = (holes.get(hole, (len(lines), 0))[0], len(lines))
    while lines and not lines[-1].strip():
        lines.pop()
    return lines, holes


def _predict(part: PredictPart, values: Inputs, todos: Mapping[str, str]) -> Starter:
    asks = tuple(part.asks)
    lines: list[str] = []
    holes: dict[str, Span] = {}
    for name in asks:
        lines += ["", *todos[name].splitlines()] if lines else todos[name].splitlines()
        holes[name] = (len(lines) - todos[name].count("\n"), len(lines))
    program = "\n".join(_question(line) for line in part.program.strip("\n").splitlines())
    task = substituted(f"{part.task.strip()}\n\n```python\n{program}\n```", values)
    title = substituted(part.title, values)
    return Starter(part.id, title, task.strip(), "\n".join(lines), holes, asks, asks)


def _question(line: str) -> str:
    """`#? first = x.grad` as the student reads it."""
    ask = ASK.match(line)
    return f"{ask['indent']}# {ask['name']}: what is {ask['code']} here?" if ask else line


# --- what stands between the parts ---------------------------------------------------------------


def _gaps(exercise: Exercise, worked: Solution) -> dict[str, str]:
    """Code outside the parts, by the part that it stands before; the drive is left out."""
    parts = {region_of(part.id): part.id for part in exercise.parts if isinstance(part, RunPart)}
    tops = [region for name, region in worked.regions.items() if name in parts or name == DRIVE]
    found: dict[str, str] = {}
    kept: list[str] = []
    start = _docstring_end(worked)
    for region in sorted(tops, key=lambda region: region.first):
        kept += worked.lines[start : region.first - 1]
        start = region.last + 1
        if region.name in parts:
            found[parts[region.name] if found else _PREAMBLE] = _tidy(kept)
            kept = []
    found[_TAIL if found else _PREAMBLE] = _tidy(kept + worked.lines[start:])
    return found


def _docstring_end(worked: Solution) -> int:
    """The docstring is for authors: it holds the canary."""
    first = ast.parse(worked.text).body[0]
    return first.end_lineno or 0


def _tidy(lines: list[str]) -> str:
    text = regions.strip_marks("\n".join(lines))
    return re.sub(r"\n{4,}", "\n\n\n", text).strip("\n")
