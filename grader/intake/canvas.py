"""Canvas' "Download Submissions": `<name>[_LATE]_<user>_<attachment>_<file>`, flat.

lib/content_zipper.rb.  The name is the sortable one, squeezed; `[LATE_]anon_<id>` stands for it
when grading is anonymous, and a group's name when a group handed in.
"""

import re

from grader.cohort import Student
from grader.intake.layout import Claim, Layout
from grader.intake.tree import Left, Tree, is_submission

_FILE = re.compile(
    r"(?:(?:LATE_)?anon_(?P<anonymous>[0-9A-Za-z]+)"
    r"|(?P<name>[\w-]+?)(?:_LATE)?_(?P<user>[0-9]+))"
    r"_[0-9]+_(?P<file>[^/]+)"
)
_ENTRY = re.compile(r"[\w-]+_(?:text|link)\.html")
_AGAIN = re.compile(r"-[0-9]+(?=\.[A-Za-z]+$)")  # of a file that was handed in again


def read(tree: Tree) -> Layout | None:
    """Only if all submissions are named so: `ex4_2026_11_alice.py` is nothing that Canvas made."""
    matches = [match for file in tree.files if (match := _FILE.fullmatch(file))]
    others = tree.files.keys() - {match[0] for match in matches}
    if not matches or any(is_submission(file) for file in others):
        return None
    left = tuple(Left(tree.where(file), _why(file)) for file in sorted(others))
    return Layout("Canvas download", tree, tuple(map(_claim, matches)), left)


def _why(file: str) -> str:
    entry = _ENTRY.fullmatch(file)
    return "is a text or a link, no file" if entry else "is not named as Canvas names a submission"


def _claim(match: re.Match[str]) -> Claim:
    id_ = match["user"] or f"anon_{match['anonymous']}"
    student = Student(id_, match["name"] or "")
    return Claim(match[0], (student,), name=_AGAIN.sub("", match["file"]), unit=id_)
