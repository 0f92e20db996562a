"""Source → facts about it, without running a line.

Runs in a box of its own: a file can be built so that parsing it kills the parser.
"""

import ast
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from .answers import answers
from .facts import Definition, facts
from .holes import blank_holes, untouched_copies
from .kinds import CONFLICT, NEWER
from .names import bound_by
from .values import bound

_MAGIC = re.compile(r"\s*(?:[%!?]|[A-Za-z_][\w, ]*=\s*[%!]|[\w.]+\?)")
_CONFLICT = re.compile(r"(<{7}|={7}|>{7})( |$)")  # as git marks them
# Of 3.12: an f-string with its own quotes within its braces, `type X = …`, `def f[T]`.
_NEWER = re.compile(
    r"""[fF][rR]?("|')[^"']*\{[^{}"']*\1|^\s*type\s+\w+.*=|^\s*(def|class)\s+\w+\["""
)
_INDENT = re.compile(r"[ \t]+")
# As `IPython.core.inputtransformer2` has them: what the first line begins with, and all.
_PROMPTS = (
    (re.compile(r">>>( |$)"), re.compile(r"(>>>|\.\.\.)( |$)")),
    (re.compile(r"In \[\d+\]: "), re.compile(r"(In \[\d+\]: |\s*\.{3,}: ?)")),
)
_RUNS_ITS_CELL = ("%%time", "%%timeit", "%%capture", "%%prun")
_WRITES = re.compile(r"%%(?:write)?file\s+(?P<append>-a\s+)?(?P<name>\w+\.py)\s*$")
_LONGEST = 1000  # characters of a line that are looked at
_LINE_END = re.compile(r"\r\n?|\n")


def tree_of(source: str, place: str, *, notebook: bool, runs: bool = False) -> ast.Module:
    """Parse one cell, or a file: it may come from a notebook.  A magic that breaks it is `pass`.

    A cell that writes a module is that module's code to who looks at it; where it `runs` it writes.
    Raises SyntaxError, ValueError (NUL), RecursionError or MemoryError as `ast.parse` does.
    """
    first, _, rest = source.lstrip().partition("\n")
    written = _WRITES.match(first) if notebook else None
    if written and runs:
        way = "a" if written["append"] else "w"
        return ast.parse(f"open({written['name']!r}, {way!r}).write({rest!r})")
    own = written or first.startswith(_RUNS_ITS_CELL)
    if notebook and first.startswith("%%") and not own:
        return ast.parse("", place)  # another language
    lines = _LINE_END.split(source)
    if notebook:
        lines = _unindented(_unprompted(lines))
    while True:
        try:
            return ast.parse("\n".join(lines), place)
        except SyntaxError as error:
            # Only where it breaks: a line of an expression may begin with % as well.
            if not _blanked(lines, (error.lineno or 0) - 1):
                raise


def _unprompted(lines: list[str]) -> list[str]:
    first = next((line for line in lines if line.strip()), "")
    for begins, prompt in _PROMPTS:
        if begins.match(first):
            return [prompt.sub("", line, count=1) if prompt.match(line) else line for line in lines]
    return lines


def _unindented(lines: list[str]) -> list[str]:
    """Without the indent of the first line, where there is one."""
    first = next((line for line in lines if line.strip()), "")
    indent = _INDENT.match(first)
    return [line.removeprefix(indent[0]) for line in lines] if indent else lines


def _blanked(lines: list[str], number: int) -> bool:
    """Put `pass` in place of a magic and what it goes on to; False if none is there."""
    if not 0 <= number < len(lines) or not _MAGIC.match(lines[number]):
        return False
    goes_on = lines[number].endswith("\\")
    lines[number] = re.sub(r"\S.*", "pass", lines[number])
    while goes_on and number + 1 < len(lines):
        number += 1
        goes_on = lines[number].endswith("\\")
        lines[number] = ""
    return True


def parse(job: Mapping[str, Any]) -> dict[str, Any]:
    """Look at every cell; a cell that does not parse is told and the rest is looked at."""
    trees, faults = [], []
    for cell in job["cells"]:
        try:
            trees.append(tree_of(cell["source"], cell["place"], notebook=job["notebook"]))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            faults.append(syntax_fault(error, cell["place"]))
            trees.append(ast.Module(body=[], type_ignores=[]))
    places = [cell["place"] for cell in job["cells"]]
    starter = ast.parse(job["starter"])
    skip, notes = _copies(starter, trees, places) if len(trees) > 1 else (set[int](), [])
    for n in untouched_copies(starter, job["holes"], trees) - skip if len(trees) > 1 else ():
        skip.add(n)
        notes.append(f"{places[n]}: an untouched copy of an answered cell was left out")
    kept = [ast.Module([], []) if n in skip else tree for n, tree in enumerate(trees)]
    found = answers(kept, job["asks"])
    there = {name for tree in kept for statement in tree.body for name in bound_by(statement)}
    blank = blank_holes(starter, job["holes"], kept)
    return {
        "faults": faults,
        "blank": {hole: empty and hole not in found for hole, empty in blank.items()},
        "missing": [name for name in job["names"] if name not in there],
        "answers": found,
        "facts": facts(kept, places),
        "given_edited": _edited(starter, kept, job["given"]),
        "skip": sorted(skip),
        "notes": notes,
    }


def unreadable(job: Mapping[str, Any], error: BaseException) -> dict[str, Any]:
    """What `parse` would say of a file that can be parsed, but not be looked through."""
    return {
        "faults": [syntax_fault(error, job["cells"][0]["place"])],
        "blank": {},
        "missing": list(job["names"]),
        "answers": {},
        "facts": [],
        "given_edited": False,
        "skip": [],
        "notes": [],
    }


def syntax_fault(error: BaseException, place: str) -> dict[str, Any]:
    """Where it is: line and column (from 1) and the line itself."""
    if not isinstance(error, SyntaxError):
        return {
            "kind": "syntax",
            "type": type(error).__name__,
            "message": str(error),
            "place": place,
        }
    return {
        "kind": _unread((error.text or "")[:_LONGEST]),
        "type": type(error).__name__,
        "message": error.msg or "",
        "place": place,
        "line": error.lineno,
        "column": error.offset,
        "text": (error.text or "").rstrip("\n")[:300],
    }


def _unread(line: str) -> str:
    """Why Python cannot read a line."""
    if _CONFLICT.match(line):
        return CONFLICT
    return NEWER if sys.version_info < (3, 12) and _NEWER.search(line) else "syntax"


# --- copies of cells ----------------------------------------------------------------------------


def _copies(
    starter: ast.Module, trees: Sequence[ast.Module], places: Sequence[str]
) -> tuple[set[int], list[str]]:
    """Cells whose definitions are all untouched, and answered in other cells, are left out."""
    blank = {s.name: ast.dump(s) for s in starter.body if isinstance(s, Definition)}
    found = [
        (n, statement.name, ast.dump(statement) == blank[statement.name])
        for n, tree in enumerate(trees)
        for statement in tree.body
        if isinstance(statement, Definition) and statement.name in blank
    ]
    skip, notes = set[int](), []
    for n, place in enumerate(places):
        own = [(name, untouched) for cell, name, untouched in found if cell == n]
        if own and all(same and _answered(found, name) for name, same in own):
            skip.add(n)
            names = ", ".join(f"`{name}`" for name, _ in own)
            notes.append(f"{place}: an untouched copy of {names} was left out")
    for name in blank:
        cells = _answered(found, name)
        if len(cells) > 1:
            where = ", ".join(places[n] for n in cells)
            notes.append(f"`{name}` is defined in {where}; the last one counts")
    return skip, notes


def _answered(found: Sequence[tuple[int, str, bool]], name: str) -> list[int]:
    """The cells in which a definition is no longer the starter's."""
    return sorted({n for n, each, untouched in found if each == name and not untouched})


# --- given values --------------------------------------------------------------------------------


def drop_given(tree: ast.Module, todo: set[str]) -> None:
    """Take out the first `name = value` of each given name, which is bound already."""
    kept = []
    for statement in tree.body:
        names = {name for name, _ in _constants(statement)}
        if names and names <= todo:
            todo -= names
        else:
            kept.append(statement)
    tree.body = kept


def _constants(statement: ast.stmt) -> list[tuple[str, str]]:
    """The names that a statement binds, and their values, if it is built of constants only."""
    pairs = bound(statement)
    used = {node.id for _, value in pairs for node in ast.walk(value) if isinstance(node, ast.Name)}
    return [(name, ast.dump(value)) for name, value in pairs] if used <= {"torch"} else []


def _edited(starter: ast.Module, trees: Sequence[ast.Module], names: Sequence[str]) -> bool:
    ours, theirs = _first_values([starter]), _first_values(trees)
    return any(name in theirs and ours.get(name) != theirs[name] for name in names)


def _first_values(trees: Sequence[ast.Module]) -> dict[str, str]:
    found: dict[str, str] = {}
    for statement in (statement for tree in trees for statement in tree.body):
        for name, value in _constants(statement):
            found.setdefault(name, value)
    return found
