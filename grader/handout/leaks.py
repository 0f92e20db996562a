"""What of a solution stands in a text that students may read."""

import io
import json
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.course import regions
from grader.course.anchors import canary
from grader.course.format import Exercise
from grader.course.regions import Region, Solution, replaced

_RUN = 3  # consecutive statements that nobody writes by accident
_LAYOUT = frozenset(
    {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENCODING,
        tokenize.ENDMARKER,
    }
)


@dataclass(frozen=True, slots=True)
class _Statement:
    line: int  # from 1
    text: str  # without blanks


def leaks(exercise: Exercise, text: str) -> list[str]:
    """Say what leaks, in words that can be shown; an empty list if nothing does.

    Looked for are the canary, any 3 consecutive statements of a hole, and a shorter hole's code
    beside the code that it stands next to.
    """
    readings = _readings(text)
    secret = _squeezed(canary(exercise.solution) or "")
    leaked = secret and any(secret in each for each in readings)
    found = ["the canary of the solution"] if leaked else []
    starts = {name: todo.start for part in exercise.parts for name, todo in part.holes.items()}
    for name in starts:
        traces = _traces(exercise.solution, name, starts)
        if any(trace in each for trace in traces for each in readings):
            found.append(f"code of <{name}>")
    return found


def _traces(solution: Solution, name: str, starts: Mapping[str, str]) -> Iterator[str]:
    """Texts that stand in a handout only if the hole's code does."""
    own, _, _ = _around(solution, name)
    if len(own) >= _RUN:
        yield from ("".join(own[at : at + _RUN]) for at in range(len(own) - _RUN + 1))
        return
    # A neighbour may be a hole too: look beside its code, and beside what it starts with.
    others = {other: start for other, start in starts.items() if other != name}
    starter = regions.parse(replaced(solution, others), solution.path)
    for text in (solution, starter):
        own, before, after = _around(text, name)
        if own:
            yield from (side for side in (before + "".join(own), "".join(own) + after) if side)


def _around(solution: Solution, name: str) -> tuple[list[str], str, str]:
    """The statements of a region, the one before it and the one after it."""
    region = solution.regions[name]
    statements = _statements(solution.text)
    own = [each.text for each in statements if _holds(region, each)]
    before = [each.text for each in statements if each.line <= region.first]
    after = [each.text for each in statements if each.line > region.last]
    return own, before[-1] if before else "", after[0] if after else ""


def _holds(region: Region, statement: _Statement) -> bool:
    return region.first < statement.line <= region.last


def _statements(text: str) -> list[_Statement]:
    """Logical lines, without comments and layout."""
    found: list[_Statement] = []
    line, parts = 0, list[str]()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NEWLINE:
            found.append(_Statement(line, _squeezed("".join(parts))))
            parts = []
        elif token.type not in _LAYOUT:
            line = line if parts else token.start[0]
            parts.append(token.string)
    return found


def _readings(text: str) -> list[str]:
    """The text as it stands, without its comments, and with its comments read as code."""
    plain = _from_json(text)
    return [_squeezed(plain), _squeezed(re.sub(r"#[^\n]*", "", plain))]


def _from_json(text: str) -> str:
    """A notebook's text: every string in it; other text as it is."""
    try:
        return "\n".join(_strings(json.loads(text)))
    except (ValueError, RecursionError):
        return text


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value.rstrip("\n")
    elif isinstance(value, list | dict):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _strings(entry)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s#]+", "", text)
