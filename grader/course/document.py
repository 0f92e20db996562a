"""A YAML file: plain data, and where each value of it stands.

YAML 1.1 reads `no` as false, `010` as 8 and `1:30` as 90.  Only what a reader would expect is taken
here; the rest is a problem with its line, never a silent conversion.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from grader.errors import AuthorError

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 40
_CORE = "tag:yaml.org,2002:"
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?[0-9]*\.[0-9]*([eE][-+][0-9]+)?")
# What YAML refuses; libyaml would say so without a line.
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ufffd\U00010000-\U0010ffff]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Data = None | bool | int | float | str | list["Data"] | dict[str, "Data"]
Keys = tuple[str | int, ...]
Place = tuple[int, int]  # line and column, from 1


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at one value: what was found; what is allowed."""

    keys: Keys
    says: str
    place: Place | None = None  # where the value stands, unless said
    told: bool = False  # `says` names its own place, in another file


def elsewhere(says: str) -> Problem:
    """A problem of another file; `says` begins with its place there."""
    return Problem((), says, told=True)


@dataclass(frozen=True)
class Document:
    path: str
    data: Data
    values: Mapping[Keys, Place]
    keys: Mapping[Keys, Place]
    problems: tuple[Problem, ...]

    def at(self, keys: Keys) -> Data:
        """The value at a path that leads somewhere."""
        here = self.data
        for key in keys:
            here = children(here)[key]
        return here

    def line(self, problem: Problem) -> str:
        """`path:line:column: a.b[2].c: what was found; what is allowed`."""
        if problem.told:
            return problem.says
        known = problem.keys
        while known and known not in self.values:
            known = known[:-1]
        line, column = problem.place or self.values.get(known, (1, 1))
        where = f"{dotted(problem.keys)}: " if problem.keys else ""
        return f"{self.path}:{line}:{column}: {where}{problem.says}"

    def error(self, problems: Iterable[Problem]) -> AuthorError:
        """One error for all problems, in the order of the file."""
        told = {self.line(problem): None for problem in problems}
        return AuthorError("\n".join(sorted(told, key=self._order)))

    def _order(self, line: str) -> tuple[bool, int, int]:
        place = re.match(r":(\d+):(\d+): ", line.removeprefix(self.path))
        return (place is None, int(place[1]), int(place[2])) if place else (True, 0, 0)


def children(data: Data) -> dict[str | int, Data]:
    """What a list or mapping holds; nothing for a plain value."""
    if isinstance(data, dict):
        return {key: value for key, value in data.items()}  # noqa: C416  (widens the key's type)
    return dict(enumerate(data)) if isinstance(data, list) else {}


def dotted(keys: Keys) -> str:
    words = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return words.removeprefix(".")


def read(path: Path) -> str:
    """The text of a file of the course.  Raises AuthorError if it is missing, huge or not UTF-8."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise AuthorError(f"{path}: cannot be read: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        raise AuthorError(f"{path}: is larger than {MAX_BYTES} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise AuthorError(f"{path}:{line}:1: is not UTF-8 text", hint="save it as UTF-8") from error


def parse(text: str, path: str) -> Document:
    """Text → data with places.

    Raises AuthorError for what is no YAML, and for aliases and nesting without bound.
    """
    _refuse_unprintable(text, path)
    try:
        _refuse_tricks(text, path)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else path
        raise AuthorError(f"{at}: is not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise AuthorError(f"{path}: is not YAML: {error}") from error
    reader = _Reader({}, {}, [])
    data = None if root is None else reader.value(root, ())
    return Document(path, data, reader.values, reader.keys, tuple(reader.problems))


def heading(path: Path) -> dict[str, str]:
    """The texts at the top level of a file, read no further than `id` and `title`.

    A listing of the course need not read every exercise to its end.
    """
    found: dict[str, str] = {}
    key: str | None = None
    depth = 0
    try:
        for event in yaml.parse(read(path), Loader=_LOADER):
            depth += _step(event)
            if depth > 1:
                key = None
            elif isinstance(event, yaml.ScalarEvent) and depth == 1:
                key, value = (event.value, None) if key is None else (None, (key, event.value))
                found.update([value] if value else [])
            if {"id", "title"} <= found.keys():
                break
    except yaml.YAMLError:
        pass  # told in full when the exercise itself is loaded
    return found


def _step(event: yaml.Event) -> int:
    if isinstance(event, yaml.CollectionStartEvent):
        return 1
    return -1 if isinstance(event, yaml.CollectionEndEvent) else 0


def _refuse_unprintable(text: str, path: str) -> None:
    found = _UNPRINTABLE.search(text)
    if found:
        before = text[: found.start()]
        place = f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
        says = f"is not YAML: U+{ord(found[0]):04X} is a character that cannot be seen"
        raise AuthorError(f"{path}:{place}: {says}")


def _refuse_tricks(text: str, path: str) -> None:
    """Aliases can grow a small file without bound, and nesting is recursion: refuse both unread."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += _step(event)
        if isinstance(event, yaml.AliasEvent):
            says = f"*{event.anchor} is an alias; write the value out"
        elif depth > MAX_DEPTH:
            says = f"is nested more than {MAX_DEPTH} levels deep"
        else:
            continue
        line, column = _place(event)
        raise AuthorError(f"{path}:{line}:{column}: {says}")


@dataclass(frozen=True)
class _Reader:
    values: dict[Keys, Place]
    keys: dict[Keys, Place]
    problems: list[Problem]

    def value(self, node: yaml.Node, keys: Keys) -> Data:
        self.values[keys] = _place(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, keys)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(entry, (*keys, at)) for at, entry in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode), node
        data, says = _scalar(node)
        if says:
            self.problems.append(Problem(keys, says))
        return data

    def _mapping(self, node: yaml.MappingNode, keys: Keys) -> dict[str, Data]:
        found: dict[str, Data] = {}
        for key_node, value_node in node.value:
            key, says = _key(key_node)
            path = (*keys, key)
            if key in found:
                line, _ = self.keys[path]
                says = f"stands twice, first in line {line}; a key stands once"
                self.problems.append(Problem(path, says, _place(key_node)))
                continue
            self.keys[path] = _place(key_node)
            if says:
                self.problems.append(Problem(path, says, _place(key_node)))
            found[key] = self.value(value_node, path)
        return found


def _place(found: yaml.Node | yaml.Event) -> Place:
    mark = found.start_mark
    assert mark is not None  # only what is built without a text has none
    return mark.line + 1, mark.column + 1


def _key(node: yaml.Node) -> tuple[str, str]:
    """A key, and what is wrong with it."""
    if not isinstance(node, yaml.ScalarNode):
        return "?", "found a list or mapping as a key; a text is allowed"
    if node.tag == f"{_CORE}merge":
        return node.value, "`<<` merges an alias; write the keys out"
    if node.tag != f"{_CORE}str":
        return node.value, f"found `{node.value}`, which is no text to YAML; put it in quotes"
    return node.value, ""


def _scalar(node: yaml.ScalarNode) -> tuple[Data, str]:
    """A value, and what is wrong with it."""
    text: str = node.value
    match node.tag.removeprefix(_CORE):
        case "str":
            return text, ""
        case "null":
            return None, ""
        case "bool":
            truth = text.lower() in ("true", "yes", "on")
            says = f"found `{text}`, which YAML reads as {str(truth).lower()}; "
            says += f"write true, false or '{text}'"
            return truth, "" if text.lower() in ("true", "false") else says
        case "int" if _DECIMAL.fullmatch(text):
            return int(text), ""
        case "float" if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
            return float(text), ""
        case "int" | "float":
            return 0, f"found `{text}`; write a plain decimal number, or a text in quotes"
        case _:
            return text, f"found `{text}` as {node.tag}; put a text in quotes"
