"""Layouts that no platform made: one folder a student, one file a student, one person's files."""

import re

from grader.cohort import Student
from grader.intake.layout import Claim, Layout
from grader.intake.tree import Left, Tree, is_submission

_EXERCISE = r"ex(?:ercise)?[ _.-]?[0-9]+"
_SEPARATOR = r"[ _.-]"
_ONLY_EXERCISE = re.compile(_EXERCISE, re.IGNORECASE)
_AFFIX = re.compile(f"^{_EXERCISE}{_SEPARATOR}|{_SEPARATOR}{_EXERCISE}$", re.IGNORECASE)


def folders(tree: Tree) -> Layout | None:
    """`<student>/…`; what stands beside the folders belongs to nobody."""
    inside = [file for file in tree.files if "/" in file]
    if not inside:
        return None
    beside = (file for file in tree.files if "/" not in file)
    left = tuple(Left(tree.where(file), "stands beside the students' folders") for file in beside)
    return Layout("one folder a student", tree, tuple(map(_in_folder, inside)), left)


def _in_folder(file: str) -> Claim:
    student = file.partition("/")[0]
    return Claim(file, (Student(student, student),), unit=student)


def files(tree: Tree) -> Layout:
    """`alice.py`, `ex4_alice.py` or `alice_ex4.py`."""
    return Layout("one file a student", tree, tuple(map(_named, tree.files)))


def _named(file: str) -> Claim:
    """With a roster, what stands before the last or after the first separator may be the id."""
    stem = _stem(file)
    if _ONLY_EXERCISE.fullmatch(stem):
        return Claim(file, ())
    student = _AFFIX.sub("", stem)
    readings = (stem, stem.partition("_")[2], stem.rpartition("_")[0])
    return Claim(file, (Student(student, student),), unit=student, readings=readings)


def one_person(tree: Tree) -> Layout | None:
    """Nothing but `ex1.py`, `ex2.ipynb`: the folder is called after who wrote them."""
    stems = [_stem(file) for file in tree.files if is_submission(file)]
    if not stems or not all(_ONLY_EXERCISE.fullmatch(stem) for stem in stems):
        return None
    student = Student(tree.name, tree.name)
    claims = tuple(Claim(file, (student,)) for file in tree.files)
    return Layout("one person's files", tree, claims)


def _stem(file: str) -> str:
    return file.rpartition(".")[0] or file
