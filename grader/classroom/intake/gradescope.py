"""Gradescope's "Download Submissions": `submission_<id>/…` and `submission_metadata.yml`.

There is no official description; the keys are those that published readers of it use.
"""

from grader.classroom.cohort import Student
from grader.classroom.intake.layout import Claim, Layout
from grader.classroom.intake.metadata import Entry, entries
from grader.classroom.intake.tree import Left, Tree
from grader.errors import UsageError

_METADATA = "submission_metadata.yml"
_MOST = 256 * 1024**2


def read(tree: Tree) -> Layout | None:
    """Raises UsageError if the metadata cannot be used: without them nobody is known."""
    if not is_marked(tree):
        return None
    known = entries(_metadata(tree))
    files = [file for file in tree.files if file != _METADATA]
    there = {_folder(file) for file in files}
    claims = tuple(_claim(file, known[_folder(file)]) for file in files if _folder(file) in known)
    left = tuple(
        Left(tree.where(file), f"{_METADATA} does not tell whose it is")
        for file in files
        if _folder(file) not in known
    )
    missing = tuple(
        Left(tree.where(folder), f"is in {_METADATA}, but has no file")
        for folder in sorted(known.keys() - there)
    )
    return Layout("Gradescope export", tree, claims, left + missing)


def is_marked(tree: Tree) -> bool:
    return _METADATA in tree.files


def _metadata(tree: Tree) -> bytes:
    raw = tree.files[_METADATA](_MOST + 1)
    if len(raw) > _MOST:
        raise UsageError(f"{_METADATA} is larger than {_MOST // 1024**2} MB")
    return raw


def _folder(file: str) -> str:
    return file.partition("/")[0]


def _claim(file: str, entry: Entry) -> Claim:
    who = tuple(Student(one.sid or one.email, one.name, one.email) for one in entry.submitters)
    return Claim(file, who, at=entry.at, unit=_folder(file))
