"""PATH → what a class handed in, and what is left aside.

Nothing is written, unpacked or executed here: names are read, and bytes when they are asked for.
"""

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.classroom.cohort import HandedIn, Student
from grader.classroom.intake import (
    archive,
    canvas,
    folder,
    gradescope,
    kept,
    moodle,
    nbgrader,
    own,
    plain,
)
from grader.classroom.intake.downloads import refuse_several
from grader.classroom.intake.joined import join
from grader.classroom.intake.layout import Layout, Read
from grader.classroom.intake.roster import Roster
from grader.classroom.intake.tree import Left, Tree, is_submission
from grader.errors import UsageError

# The first that knows its own marks reads; what no platform made is told by its shape.
LAYOUTS: tuple[Read, ...] = (
    gradescope.read,
    nbgrader.read,
    kept.read,
    moodle.read,
    canvas.read,
)
_MAX_WRAPPERS = 8


@dataclass(frozen=True, slots=True)
class Intake:
    """`students` are those of the roster, or without one those that handed something in."""

    layout: str
    handed_in: tuple[HandedIn, ...]
    left: tuple[Left, ...]
    students: tuple[Student, ...]
    junk: int = 0  # what systems leave behind, not worth a line each


def find(path: Path, roster: Roster | None = None, pattern: str | None = None) -> Intake:
    """Read what stands in a folder, a zip or a single file, in whatever layout it is.

    With a roster, what matches nobody on it is left aside; without, the layout's own keys are the
    ids.  Raises UsageError for what cannot be read at all.
    """
    expression = None if pattern is None else own.compile_pattern(pattern)
    tree = _tree(path)
    layout = own.read(tree, expression) if expression else _layout(tree, roster)
    handed_in, people, left = join(layout, roster)
    left = sorted((*tree.left, *left), key=lambda one: one.where)
    students = roster.students if roster else tuple(people)
    return Intake(layout.name, tuple(handed_in), tuple(left), students, tree.junk)


def _tree(path: Path) -> Tree:
    mode = _mode(path)
    if stat.S_ISDIR(mode):
        return folder.read(path)
    if is_submission(path.name):
        return folder.read_file(path)
    if stat.S_ISREG(mode) and path.suffix.lower() == ".zip":
        return archive.read(path)
    hint = "unpack it, or name a folder, a .zip, a .py or an .ipynb"
    raise UsageError(f"{path} cannot be graded", hint=hint)


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def _layout(tree: Tree, roster: Roster | None) -> Layout:
    levels = list(_levels(tree, roster))
    for level in levels:
        for read in LAYOUTS:
            if layout := read(level):
                return layout
    refuse_several(levels[-1], roster)
    if plain.is_one_person_s(levels[-1]) and _is_a_student_s(levels, roster):
        return plain.one_person(levels[-1])
    return plain.folders(levels[-1]) or plain.files(levels[-1])


def _is_a_student_s(levels: Sequence[Tree], roster: Roster | None) -> bool:
    """The last folder: it stands in the one that was named, or a roster has its name.

    What was named itself is called as the user, or the archive's maker, liked.
    """
    *around, last = (level.name for level in levels)
    is_inside = bool(around) and last not in around
    return is_inside or bool(roster and roster.has(last))


def _levels(tree: Tree, roster: Roster | None) -> Iterator[Tree]:
    """The tree, then what is left of it as long as all stands in one folder."""
    yield tree
    for _ in range(_MAX_WRAPPERS):
        wrapper = _wrapper(tree, roster)
        if not wrapper:
            return
        tree = tree.inside(wrapper)
        yield tree


def _wrapper(tree: Tree, roster: Roster | None) -> str:
    """The one folder around everything, unless it is a student's; "" if there is none."""
    tops = {file.partition("/")[0] for file in tree.files if "/" in file}
    if len(tops) != 1 or not all("/" in file for file in tree.files):
        return ""
    top = tops.pop()
    is_student_s = len(tree.files) == 1 and top != tree.name  # `ann/ex4.py`, and nobody else
    return "" if is_student_s or (roster and roster.has(top)) else top
