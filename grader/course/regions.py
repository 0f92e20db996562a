"""Solution text → named regions, and the same text with other code in some of them.

A region is what stands between `# <name>` and `# </name>`.  Starters, accepted variants and
mistakes are all made by `replaced`, so they cannot drift apart.
"""

import ast
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from grader.errors import AuthorError
from grader.sandbox.box.names import defined_by

_MARK = re.compile(r"^(?P<indent>\s*)# <(?P<end>/?)(?P<name>[a-z][a-z0-9_]*)>\s*$")


DRIVE = "drive"  # holds what calls the student's code; never handed out
GIVEN = "given"  # holds a script's values; handed out with those of the variant


@dataclass(frozen=True, slots=True)
class Region:
    """Lines `first` to `last` (0-based, exclusive), marks not included."""

    name: str
    indent: str
    first: int
    last: int
    parent: str | None


@dataclass(frozen=True, slots=True)
class Swap:
    """Replace `old`, which must stand exactly once in the region, by `new`."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Solution:
    path: str
    text: str
    regions: Mapping[str, Region]

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def holds(self, outer: str, name: str) -> bool:
        """Whether a region is `outer` itself or lies within it, however deep."""
        here = self.regions.get(name)
        while here is not None and here.name != outer:
            here = self.regions[here.parent] if here.parent else None
        return here is not None

    def code(self, name: str) -> str:
        """The region's lines without marks, dedented."""
        region = self.regions[name]
        return strip_marks(textwrap.dedent("\n".join(self.lines[region.first : region.last])))

    def names(self, name: str) -> tuple[str, ...]:
        """The functions, classes and variables that a region defines at its top level."""
        return defined_by(ast.parse(self.code(name)).body)

    def statements(self, name: str) -> list[ast.stmt]:
        """Those of the file's top level that stand in a region."""
        region, body = self.regions[name], ast.parse(self.text).body
        return [each for each in body if region.first < each.lineno <= region.last]

    @property
    def imports(self) -> str:
        nodes = ast.parse(self.text).body
        return "\n".join(
            ast.unparse(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)
        )


def parse(text: str, path: str) -> Solution:
    """Find the regions of a solution file.

    Raises AuthorError for a mark that does not pair up or a name used twice.
    """
    found: dict[str, Region] = {}
    stack: list[tuple[str, str, int]] = []
    for number, line in enumerate(text.splitlines()):
        mark = _MARK.match(line)
        if mark is None:
            continue
        name, at = mark["name"], f"{path}:{number + 1}:{len(mark['indent']) + 1}"
        if not mark["end"]:
            if name in found or any(name == open_name for open_name, _, _ in stack):
                raise AuthorError(f"{at}: region <{name}> stands twice", hint="names are unique")
            stack.append((name, mark["indent"], number + 1))
        elif not stack or stack[-1][0] != name:
            raise AuthorError(f"{at}: </{name}> closes no open <{name}>", hint="regions nest")
        else:
            _, indent, first = stack.pop()
            parent = stack[-1][0] if stack else None
            found[name] = Region(name, indent, first, number, parent)
    if stack:
        name, _, first = stack[-1]
        raise AuthorError(f"{path}:{first}:1: <{name}> is never closed", hint=f"add # </{name}>")
    return Solution(path, text, found)


def region_of(part_id: str) -> str:
    """The name of a part's region: its id, spelled as a name."""
    return part_id.replace("-", "_").replace(".", "_")


def is_mark(line: str) -> bool:
    return _MARK.match(line) is not None


def strip_marks(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not is_mark(line))


def replaced(solution: Solution, changes: Mapping[str, str | Swap]) -> str:
    """The solution's text, marks kept, with the given regions' code exchanged.

    New code is re-indented to its region; empty code becomes `pass`.
    Raises AuthorError for an unknown region, a nested pair, or a `Swap` that does not match once.
    """
    lines = solution.lines
    for name in changes:
        _refuse_unknown(solution, name)
        _refuse_nested(solution, name, changes)
    order = sorted(changes, key=lambda name: solution.regions[name].first, reverse=True)
    for name in order:
        region = solution.regions[name]
        lines[region.first : region.last] = _new_lines(solution, region, changes[name])
    return "\n".join(lines) + "\n"


def _new_lines(solution: Solution, region: Region, change: str | Swap) -> list[str]:
    if isinstance(change, Swap):
        old = "\n".join(solution.lines[region.first : region.last])
        count = old.count(change.old)
        if count != 1:
            raise AuthorError(
                f"{solution.path}: <{region.name}> holds {change.old!r} {count} times, not once",
                hint="choose a longer or shorter text to replace",
            )
        return old.replace(change.old, change.new).splitlines()
    code = textwrap.dedent(change).strip("\n")
    return textwrap.indent(code if code.strip() else "pass", region.indent).splitlines()


def _refuse_unknown(solution: Solution, name: str) -> None:
    if name not in solution.regions:
        known = ", ".join(solution.regions)
        raise AuthorError(f"{solution.path}: no region <{name}>", hint=f"regions: {known}")


def _refuse_nested(solution: Solution, name: str, changes: Mapping[str, str | Swap]) -> None:
    parent = solution.regions[name].parent
    while parent is not None:
        if parent in changes:
            raise AuthorError(f"{solution.path}: <{name}> lies inside <{parent}>, both are changed")
        parent = solution.regions[parent].parent
