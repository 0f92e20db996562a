"""nbgrader's course folder, or its `submitted` folder: `<student>/<assignment>/…`.

https://nbgrader.readthedocs.io: `timestamp.txt` in a submission tells when it was handed in.
"""

from collections.abc import Iterator

from grader.classroom.cohort import Student
from grader.classroom.intake.layout import Claim, Layout
from grader.classroom.intake.times import moment, untold
from grader.classroom.intake.tree import Left, Tree

_STEP = "submitted"
_TIMESTAMP = "timestamp.txt"
_LONGEST = 200  # bytes of a timestamp


def read(tree: Tree) -> Layout | None:
    start = "" if tree.name == _STEP else f"{_STEP}/"
    inside = [file for file in tree.files if _is_submitted(file, start)]
    if not inside:
        return None
    stamps = {
        file: tree.files[file](_LONGEST).decode("utf-8", "replace")
        for file in inside
        if file.endswith(f"/{_TIMESTAMP}")
    }
    left = [
        Left(tree.where(file), untold(text)) for file, text in stamps.items() if not moment(text)
    ]
    claims = tuple(_claim(file, start, stamps) for file in inside if file not in stamps)
    outside = [file for file in tree.files if not _is_submitted(file, start)]
    return Layout("nbgrader", tree, claims, (*left, *_steps(tree, outside)))


def _is_submitted(file: str, start: str) -> bool:
    return file.startswith(start) and file.removeprefix(start).count("/") > 1


def _claim(file: str, start: str, stamps: dict[str, str]) -> Claim:
    student, exercise, *_ = file.removeprefix(start).split("/")
    stamp = stamps.get(f"{start}{student}/{exercise}/{_TIMESTAMP}", "")
    return Claim(file, (Student(student),), exercise, moment(stamp), unit=student)


def _steps(tree: Tree, outside: list[str]) -> Iterator[Left]:
    """The other steps hold copies of every submission: a line for each would bury the rest."""
    tops = [file.partition("/")[0] for file in outside]
    for top in dict.fromkeys(tops):
        yield Left(tree.where(top), f"is not {_STEP} by a student: {tops.count(top)} files")
