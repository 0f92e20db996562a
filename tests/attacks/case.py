"""Student file → Case: what it tries, how its runs may end, what it earns.

A file of the corpus begins with comment lines:

    # 29. Walks the frames to the result pipe, writes a perfect record, and leaves.
    # ends: error | crashed
    # points: 0
    # in c, c_old: finished; points: full

The first says what it does, with the number it has in the catalogue of attacks, if any.  `ends`
lists the values of `grader.model.Ended` that each of its runs may have, and `unread` for a file
that is not even accepted; a file that cannot be parsed counts as finished.  `points` is a number
or `full`.  An `in` line gives other endings, and if need be other points, for some modes; a line
`# grade: heard` names another exercise than the usual one.  Other comment lines are the file's own;
the header ends with the first line that is no comment.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.model import Ended

CORPUS = Path(__file__).parent / "corpus"
FULL = 3.75  # points of the exercise
UNREAD = "unread"
_KNOWN = {*map(str, Ended), UNREAD} - {Ended.BROKEN}
_HEAD = re.compile(r"# ends: (?P<ends>[a-z |]+)\n# points: (?P<points>[0-9.]+|full)\n")
_IN = re.compile(r"# in (?P<modes>[a-z_, ]+): (?P<ends>[a-z |]+)(; points: (?P<points>.+))?\n")


@dataclass(frozen=True)
class Expected:
    ends: frozenset[str]
    points: float


@dataclass(frozen=True)
class Case:
    """One student file."""

    name: str  # `<group>_<slug>`
    path: Path
    usual: Expected
    by_mode: Mapping[str, Expected] = field(default_factory=dict)

    def expected(self, mode: str) -> Expected:
        return self.by_mode.get(mode, self.usual)


def load(path: Path) -> Case:
    """Raises ValueError for a file without a header."""
    text = path.read_bytes().decode("utf-8-sig", "replace")
    head = re.match(r"(#.*\n)+", text)
    said = head and _HEAD.search(head[0])
    if not head or not said:
        raise ValueError(f"{path.name} does not begin with the lines that every case has")
    usual = Expected(_ends(path, said["ends"]), _points(said["points"]))
    by_mode = {
        mode.strip(): Expected(
            _ends(path, other["ends"]),
            _points(other["points"]) if other["points"] else usual.points,
        )
        for other in _IN.finditer(head[0])
        for mode in other["modes"].split(",")
    }
    return Case(path.stem, path, usual, by_mode)


def corpus() -> list[Case]:
    return [load(path) for path in sorted(CORPUS.glob("*.py"))]


def _ends(path: Path, words: str) -> frozenset[str]:
    ends = frozenset(word.strip() for word in words.split("|"))
    if not ends <= _KNOWN:
        raise ValueError(f"{path.name}: no run ends as {', '.join(ends - _KNOWN)}")
    return ends


def _points(word: str) -> float:
    return FULL if word == "full" else float(word)
