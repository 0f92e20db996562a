"""What a layout tells of each file.  A reader of a layout is `Tree → Layout`, or None."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from grader.classroom.cohort import Student
from grader.classroom.intake.tree import Left, Tree, is_submission


@dataclass(frozen=True, slots=True)
class Claim:
    """One file, and whose the layout says it is; the ids are still unchecked text."""

    file: str
    who: tuple[Student, ...]
    exercise: str = ""
    at: datetime | None = None
    name: str = ""  # as the student called it; "": as it is called here
    unit: str = ""  # of two units, one student may have only one
    readings: tuple[str, ...] = ()  # other ids that the name may hold, for a roster to decide
    by_number: bool = False  # it may be a group's as well, so that the name has to agree
    rivals: tuple["Claim", ...] = ()  # other ways to read the file's name, for a roster to decide


@dataclass(frozen=True, slots=True)
class Layout:
    name: str
    tree: Tree
    claims: tuple[Claim, ...]
    left: tuple[Left, ...] = ()


Read = Callable[[Tree], Layout | None]


def are_most(named: Collection[str], tree: Tree) -> bool:
    """Whether a platform named most submissions: how one student calls a file decides nothing."""
    work = [file for file in tree.files if is_submission(file)]
    return 2 * sum(file in named for file in work) > len(work) if work else bool(named)
