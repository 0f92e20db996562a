"""Layouts that no platform made: one folder a student, one file a student, one person's files."""

import re

from grader.classroom.cohort import Student
from grader.classroom.intake.layout import Claim, Layout
from grader.classroom.intake.tree import Left, Tree, is_submission

_EXERCISE = r"ex(?:ercise)?[ _.-]?(?P<number{}>[0-9]{{1,9}})"
_SEPARATOR = r"[ _.-]"
_ONLY_EXERCISE = re.compile(_EXERCISE.format(""), re.IGNORECASE)
_AFFIX = re.compile(
    f"^{_EXERCISE.format('')}{_SEPARATOR}|{_SEPARATOR}{_EXERCISE.format('_behind')}$",
    re.IGNORECASE,
)
_NAMELESS = (
    "does not tell whose it is: call it ex1_NAME.py, or put it into a folder called after the "
    "student and name the folder around that"
)


def exercise(name: str) -> str:
    """The exercise that a file is named after, alone or beside other words: "ex4", or ""."""
    stem = _stem(name)
    match = _ONLY_EXERCISE.fullmatch(stem) or _AFFIX.search(stem)
    return f"ex{match[match.lastgroup or 0]}" if match else ""


def folders(tree: Tree) -> Layout | None:
    """`<student>/…`; what stands beside the folders belongs to nobody."""
    inside = [file for file in tree.files if "/" in file]
    if not inside:
        return None
    beside = (file for file in tree.files if "/" not in file)
    left = tuple(Left(tree.where(file), "stands beside the students' folders") for file in beside)
    owners = {file: file.partition("/")[0] for file in inside}
    claims = tuple(Claim(file, (Student(id_, id_),), unit=id_) for file, id_ in owners.items())
    return Layout("one folder a student", tree, claims, left)


def files(tree: Tree) -> Layout:
    """`alice.py`, `ex4_alice.py` or `alice_ex4.py`."""
    nameless = [file for file in tree.files if _is_nameless(file)]
    left = tuple(Left(tree.where(file), _NAMELESS) for file in nameless)
    claims = tuple(_named(file) for file in tree.files if not _is_nameless(file))
    return Layout("one file a student", tree, claims, left)


def _named(file: str) -> Claim:
    """With a roster, what stands before the last or after the first separator may be the id."""
    stem = _stem(file)
    student = _AFFIX.sub("", stem)
    readings = (stem, stem.partition("_")[2], stem.rpartition("_")[0])
    return Claim(file, (Student(student, student),), unit=student, readings=readings)


def is_one_person_s(tree: Tree) -> bool:
    """Nothing but `ex1.py`, `ex2.ipynb`."""
    work = [file for file in tree.files if is_submission(file)]
    return bool(work) and all(map(_is_nameless, work))


def one_person(tree: Tree) -> Layout:
    """The folder is called after who wrote what is in it."""
    student = Student(tree.name, tree.name)
    claims = tuple(Claim(file, (student,)) for file in tree.files)
    return Layout("one person's files", tree, claims)


def _is_nameless(file: str) -> bool:
    return is_submission(file) and bool(_ONLY_EXERCISE.fullmatch(_stem(file)))


def _stem(file: str) -> str:
    return file.rpartition(".")[0] or file
