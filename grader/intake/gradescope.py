"""Gradescope's "Download Submissions": `submission_<id>/…` and `submission_metadata.yml`.

There is no official description; the keys are those that published readers of it use.
"""

from collections.abc import Iterator

from grader.cohort import Student
from grader.errors import UsageError
from grader.intake.layout import Claim, Layout
from grader.intake.metadata import Entry, Submitter, entries
from grader.intake.tree import Left, Tree

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
    return Layout("Gradescope export", tree, claims, (*left, *_missing(tree, known.keys() - there)))


def is_marked(tree: Tree) -> bool:
    return _METADATA in tree.files


def _metadata(tree: Tree) -> bytes:
    raw = tree.files[_METADATA](_MOST + 1)
    if len(raw) > _MOST:
        raise UsageError(f"{_METADATA} is larger than {_MOST // 1024**2} MB")
    return raw


def _folder(file: str) -> str:
    return file.partition("/")[0]


def _missing(tree: Tree, folders: set[str]) -> Iterator[Left]:
    for folder in sorted(folders):
        yield Left(tree.where(folder), f"is in {_METADATA}, but has no file")


def _claim(file: str, entry: Entry) -> Claim:
    who = tuple(_student(submitter) for submitter in entry.submitters)
    return Claim(file, who, at=entry.at, unit=_folder(file))


def _student(submitter: Submitter) -> Student:
    return Student(submitter.sid or submitter.email, submitter.name, submitter.email)
