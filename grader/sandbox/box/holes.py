"""Starter and submission → which holes are still blank."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from .facts import Definition

_ALIKE = 0.4  # share of equal lines; the given ones are equal, the filled holes are not


def blank_holes(
    starter: ast.Module, holes: Mapping[str, Sequence[int]], trees: Sequence[ast.Module]
) -> dict[str, bool]:
    """A hole is blank if the starter's statements still stand there and nothing was added."""
    blank: dict[str, bool] = {}
    for scope, wanted in _scopes([starter]).items():
        student = _scopes(trees).get(scope, [])
        lines = [dump for dump, _ in wanted]
        match = _matched(lines, [dump for dump, _ in student])
        for name, (first, last) in holes.items():
            inside = [i for i, (_, line) in enumerate(wanted) if first <= line <= last]
            if inside:
                blank[name] = _untouched(inside, match, len(lines), len(student))
    return blank


def untouched_copies(
    starter: ast.Module, holes: Mapping[str, Sequence[int]], trees: Sequence[ast.Module]
) -> set[int]:
    """Cells of a script that stand just so in the starter, while another has their holes filled."""
    wanted = _scopes([starter])[""]
    starter_lines = [dump for dump, _ in wanted]
    empty = {dump for dump, line in wanted if any(a <= line <= b for a, b in holes.values())}
    cells = [[dump for dump, _ in _scopes([tree])[""]] for tree in trees]
    copies = {
        n for n, lines in enumerate(cells) if set(lines) & empty and _within(lines, starter_lines)
    }
    return {
        n
        for n in copies
        if any(
            SequenceMatcher(None, cells[n], other, autojunk=False).ratio() >= _ALIKE
            for m, other in enumerate(cells)
            if m not in copies
        )
    }


def _within(part: list[str], whole: list[str]) -> bool:
    return any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))


def _matched(one: list[str], other: list[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return {block.a + k: block.b + k for block in blocks for k in range(block.size)}


def _untouched(inside: list[int], match: Mapping[int, int], ours: int, theirs: int) -> bool:
    places = [match[i] for i in inside if i in match]
    if len(places) < len(inside) or places[-1] - places[0] >= len(places):
        return False
    before = -1 if inside[0] == 0 else match.get(inside[0] - 1)
    after = theirs if inside[-1] == ours - 1 else match.get(inside[-1] + 1)
    return before in (None, places[0] - 1) and after in (None, places[-1] + 1)


def _scopes(trees: Sequence[ast.Module]) -> dict[str, list[tuple[str, int]]]:
    """Name of a top-level definition → its statements, flat; "" → those of the module."""
    scopes: dict[str, list[tuple[str, int]]] = {"": []}
    for tree in trees:
        for statement in tree.body:
            if isinstance(statement, Definition):
                scopes[statement.name] = list(_flat(statement.body))
            else:
                scopes[""] += _flat([statement])
    return scopes


def _flat(body: Sequence[ast.stmt]) -> Iterator[tuple[str, int]]:
    for statement in body:
        header = {k: v for k, v in ast.iter_fields(statement) if not _is_body(v)}
        shown = [ast.dump(v) if isinstance(v, ast.AST) else _dump_list(v) for v in header.values()]
        yield f"{type(statement).__name__}{shown}", statement.lineno
        for value in dict(ast.iter_fields(statement)).values():
            if _is_body(value):
                yield from _flat([item for item in value if isinstance(item, ast.stmt)])


def _dump_list(value: object) -> str:
    if isinstance(value, list):
        return str([ast.dump(v) if isinstance(v, ast.AST) else v for v in value])
    return repr(value)


def _is_body(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], ast.stmt)
