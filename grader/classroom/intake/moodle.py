"""Moodle's "Download all submissions": `<full name>_<N>_assignsubmission_file…`.

mod/assign/classes/downloader.php.  In folders, or flat; before 4.1 a folder ended with `_`.  `N` is
no user: it numbers a user in one assignment, as `Participant N` of the grading worksheet.  That is
the id without a roster; with the worksheet as roster, it is a key of the student.
"""

import re

from grader.classroom.cohort import Student
from grader.classroom.intake.layout import Claim, Layout, are_most
from grader.classroom.intake.tree import Left, Tree

# A name holds no `_`: Moodle makes it a space.
_FILE = re.compile(
    r"(?P<name>[^_/]*)_(?P<number>[0-9]{1,18})_assignsubmission_(?P<kind>[a-z]+)"
    r"(?:_?/(?P<inside>.+)|_(?P<flat>[^/]+))",
)
_BLIND = "Participant"


def read(tree: Tree) -> Layout | None:
    found = {file: match for file in tree.files if (match := _FILE.fullmatch(file))}
    if not are_most(found, tree):
        return None
    claims = tuple(_claim(match) for match in found.values() if match["kind"] == "file")
    left = tuple(
        Left(tree.where(file), _why(found.get(file)))
        for file in tree.files
        if file not in found or found[file]["kind"] != "file"
    )
    return Layout("Moodle download", tree, claims, left)


def _claim(match: re.Match[str]) -> Claim:
    name = "" if match["name"] == _BLIND else match["name"]
    student = Student(f"{_BLIND} {match['number']}", name)
    unit = f"{name}_{match['number']}"
    return Claim(match[0], (student,), name=match["flat"] or "", unit=unit, by_number=True)


def _why(match: re.Match[str] | None) -> str:
    if not match:
        return "is not named as Moodle names a submission"
    return "is an online text, no file" if match["kind"] == "onlinetext" else "is no file handed in"
