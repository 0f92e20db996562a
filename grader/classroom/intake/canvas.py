"""Canvas' "Download Submissions": `<name>[_LATE]_<user>_<attachment>_<file>`, flat.

lib/content_zipper.rb.  The name is the sortable one, squeezed; `[LATE_]anon_<id>` stands for it
when grading is anonymous, and a group's name when a group handed in.
"""

import re
from dataclasses import replace

from grader.classroom.cohort import Student
from grader.classroom.intake.layout import Claim, Layout, are_most
from grader.classroom.intake.tree import Left, Tree

_NUMBERS = r"_(?P<attachment>[0-9]+)_(?P<file>.)"
_ANONYMOUS = re.compile(rf"(?:LATE_)?(?P<user>anon_[0-9A-Za-z]+){_NUMBERS}", re.DOTALL)
_NAMED = re.compile(rf"_(?=(?P<user>[0-9]+){_NUMBERS})", re.DOTALL)
_ENTRY = re.compile(r"[^/]*_(?:text|link)\.html")
_AGAIN = re.compile(r"-[0-9]+(?=\.[A-Za-z]+$)")  # of a file that was handed in again


def read(tree: Tree) -> Layout | None:
    """Only if most submissions are named so, each with numbers of its own.

    `ex4_2026_11_alice.py` beside `ex4_2026_11_bob.py` is nothing that Canvas made.
    """
    found = {file: readings for file in tree.files if (readings := _readings(file))}
    once = {readings[0].group("user", "attachment"): file for file, readings in found.items()}
    if not are_most(set(once.values()), tree):
        return None
    left = tuple(Left(tree.where(file), _why(file)) for file in tree.files if file not in found)
    return Layout("Canvas download", tree, tuple(map(_claim, found.values())), left)


def _readings(file: str) -> tuple[re.Match[str], ...]:
    """Several, if a student is called, or has called the file, `…_1_2_…`."""
    if "/" in file:
        return ()
    anonymous = _ANONYMOUS.match(file)
    return (anonymous,) if anonymous else tuple(_NAMED.finditer(file))


def _why(file: str) -> str:
    entry = _ENTRY.fullmatch(file)
    return "is a text or a link, no file" if entry else "is not named as Canvas names a submission"


def _claim(readings: tuple[re.Match[str], ...]) -> Claim:
    first, *others = map(_reading, readings)
    return replace(first, rivals=tuple(others))


def _reading(match: re.Match[str]) -> Claim:
    file, id_ = match.string, match["user"]
    student = Student(id_, file[: match.start()].removesuffix("_LATE"))
    name = _AGAIN.sub("", file[match.start("file") :])
    return Claim(file, (student,), name=name, unit=id_)
