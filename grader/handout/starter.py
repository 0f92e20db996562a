"""The solution with its holes as a student finds them, cut into preamble, parts and tail."""

import ast
import re
import textwrap
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from grader.course import regions
from grader.course.format import Exercise
from grader.course.parts.part import AnswerPart, RunPart, Span, Starter
from grader.course.places import as_code, substituted
from grader.course.regions import DRIVE, GIVEN, Solution
from grader.handout.words import WIDTH, as_comment
from grader.model import Inputs

_PREAMBLE, _TAIL = "<preamble>", "<tail>"  # no part can have these ids


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
    changes = {hole: todos[hole] for part in exercise.parts for hole in part.holes}
    if GIVEN in solution.regions:
        changes[GIVEN] = _given(exercise, cases)
    worked = regions.parse(regions.replaced(solution, changes), solution.path)
    gaps = _gaps(exercise, worked)
    starters = [
        part.starter(values, todos)
        if isinstance(part, AnswerPart)
        else _run(part, values, worked, gaps.get(part.id, ""))
        for part in exercise.parts
    ]
    return Pieces(gaps[_PREAMBLE], tuple(starters), gaps.get(_TAIL, ""))


# --- holes ---------------------------------------------------------------------------------------


def _todos(exercise: Exercise, values: Inputs) -> dict[str, str]:
    """Hole → its task as a comment, numbered through the file, and the code it starts with."""
    found: dict[str, str] = {}
    for part in exercise.parts:
        for name in part.in_order(exercise.solution):
            todo = part.todo[name]
            say = f"TODO {len(found) + 1}: {substituted(todo.say, values)}"
            region = exercise.solution.regions.get(name)
            width = WIDTH - len(region.indent) if region else WIDTH
            start = textwrap.dedent(part.start(name)).strip()
            found[name] = f"{as_comment(say, width)}\n{start}"
    return found


def _given(exercise: Exercise, cases: Mapping[str, Inputs]) -> str:
    """The values of the first open case, for the names that the `given` block holds."""
    solution = exercise.solution
    (part,) = (
        part
        for part in exercise.parts
        if part.given(solution) and solution.holds(part.region, GIVEN)
    )
    double = next(case for case in part.cases if case.open).dtype == "float64"
    names = part.given(solution)
    lines = [f"{name} = {as_code(cases[part.id][name], double=double)}" for name in names]
    return "\n".join(_folded(line) for line in lines)


def _folded(line: str) -> str:
    """Break a long list of numbers between its entries."""
    if "'" in line:  # as there is around a text, or within it
        return line
    return textwrap.fill(line, WIDTH, subsequent_indent="    ")


# --- parts ---------------------------------------------------------------------------------------


def _run(part: RunPart, values: Inputs, worked: Solution, gap: str) -> Starter:
    lines, holes = _cut(worked, part.region, part.todo)
    above = gap.count("\n") + 3 if gap else 0
    own = "\n".join(lines)
    given = part.given(worked) if worked.holds(part.region, GIVEN) else ()
    return Starter(
        part.id,
        substituted(part.title, values),
        substituted(part.task, values),
        f"{gap}\n\n\n{own}" if gap else own,
        {name: (first + above, last + above) for name, (first, last) in holes.items()},
        tuple(name for name in worked.names(part.region) if name not in given),
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


# --- what stands between the parts ---------------------------------------------------------------


def _gaps(exercise: Exercise, worked: Solution) -> dict[str, str]:
    """Code outside the parts, by the part that it stands before; the drive is left out."""
    parts = {part.region: part.id for part in exercise.parts if not part.predicts}
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
