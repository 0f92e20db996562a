"""HandedIn → Works by exercise; what cannot be compared is left aside, and said."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.classroom.cohort import HandedIn, Student
from grader.classroom.collect import parse
from grader.classroom.similar.work import Read, Work
from grader.errors import StudentError
from grader.model import Submission

_SMALL = 64 * 1024  # characters of code that are kept; what is longer is read again


@dataclass(frozen=True, slots=True)
class Gathered:
    works: Mapping[str, list[Work]]  # exercise → what was handed in
    left: list[tuple[str, str]]  # where, and why


def gathered(
    files: Iterable[HandedIn],
    students: Mapping[str, Student],
    exercises: Collection[str],
    asked: str | None = None,
) -> Gathered:
    """Read each file once, for its exercise; `asked` is that of files which do not say theirs.

    With it, files of others are passed over.
    """
    found = Gathered({id_: [] for id_ in exercises}, [])
    for file in files:
        try:
            submission = _submission(file)
            id_ = _exercise(file, submission, exercises, asked)
        except StudentError as error:
            found.left.append((file.origin, str(error)))
            continue
        if asked in (None, id_):
            found.works[id_].append(_work(file, submission, students))
    return found


def _submission(file: HandedIn) -> Submission:
    return parse(Path(file.name), file.read())


def _exercise(
    file: HandedIn, submission: Submission, exercises: Collection[str], asked: str | None
) -> str:
    """A platform's name for an assignment need not be an exercise of ours."""
    named = (file.exercise, Path(file.name).stem)
    told, called = (name if name in exercises else "" for name in named)
    id_ = told or submission.exercise or called or asked or file.exercise
    if id_ not in exercises:
        said = f"names exercise {id_!r}, which the course has not" if id_ else "names no exercise"
        raise StudentError(f"{file.name} {said}")
    return id_


def _work(file: HandedIn, submission: Submission, students: Mapping[str, Student]) -> Work:
    groups = {students[id_].group for id_ in file.students if id_ in students} - {""}
    group = groups.pop() if len(groups) == 1 else ""
    return Work(file.students, file.name, file.origin, _reader(file, submission), group)


def _reader(file: HandedIn, submission: Submission) -> Read:
    text = _code(submission)
    return (lambda: text) if len(text) <= _SMALL else (lambda: _code(_submission(file)))


def _code(submission: Submission) -> str:
    """The code of a notebook is that of its cells."""
    return "\n".join(cell.source for cell in submission.cells)
