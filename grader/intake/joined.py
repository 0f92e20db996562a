"""Layout (+ Roster) → what is graded, and what is left aside.  Nobody is guessed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from grader.cohort import HandedIn, Student
from grader.errors import StudentError
from grader.intake.layout import Claim, Layout
from grader.intake.people import checked, tidy
from grader.intake.roster import Roster
from grader.intake.tree import Left, is_submission

# One byte more than the largest submission that is taken: what is cut is seen to be too large.
MOST_BYTES = 10 * 1024 * 1024 + 1
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")


@dataclass(frozen=True, slots=True)
class Owned:
    """A claim that holds, until another one contradicts it."""

    claim: Claim
    students: tuple[Student, ...]


def joined(
    layout: Layout, roster: Roster | None
) -> tuple[list[HandedIn], list[Student], list[Left]]:
    """What can be graded, whose it is, and what cannot."""
    owned, left = [], list(layout.left)
    for claim in layout.claims:
        try:
            owned.append(Owned(claim, _students(claim, roster)))
        except StudentError as error:
            left.append(Left(layout.tree.where(claim.file), str(error)))
    doubts = _doubts(owned)
    sure = [one for one in owned if one.claim.file not in doubts]
    left += [Left(layout.tree.where(file), why) for file, why in doubts.items()]
    people = {student.id: student for one in sure for student in one.students}
    return [_handed_in(layout, one) for one in sure], list(people.values()), left


def _students(claim: Claim, roster: Roster | None) -> tuple[Student, ...]:
    """Raises StudentError with the reason to leave the file aside."""
    if not is_submission(claim.file):
        archive = claim.file.lower().endswith(_ARCHIVES)
        raise StudentError("is an archive: unpack it" if archive else "is neither .py nor .ipynb")
    if not claim.who:
        raise StudentError("does not tell whose it is")
    if roster is None:
        found = tuple(_as_told(student) for student in claim.who)
    else:
        found = tuple(
            student for told in claim.who for student in roster.matching(told, claim.readings)
        )
    return tuple({student.id: student for student in found}.values())


def _as_told(student: Student) -> Student:
    id_, name = checked(student.id), tidy(student.name)
    email = tidy(student.email)
    return replace(student, id=id_, name="" if name == id_ else name, email=email)


def _doubts(owned: list[Owned]) -> dict[str, str]:
    """File → why it is not sure whose it is: another unit claims to be by the same student.

    Ids that differ in case alone are one id here.
    """
    units: dict[str, dict[str, None]] = defaultdict(dict)
    for one in owned:
        for student in one.students:
            if one.claim.unit:
                units[student.id.casefold()][one.claim.unit] = None
    return {
        one.claim.file: f"{_listed(rivals)} each claim to be by {student.id}"
        for one in owned
        for student in one.students
        if len(rivals := units[student.id.casefold()]) > 1
    }


def _listed(units: Iterable[str], most: int = 5) -> str:
    first = list(units)
    return ", ".join(first[:most]) + (", …" if len(first) > most else "")


def _handed_in(layout: Layout, one: Owned) -> HandedIn:
    claim = one.claim
    name = claim.name or claim.file.rpartition("/")[2]
    ids = tuple(sorted(student.id for student in one.students))
    reader, origin = layout.tree.files[claim.file], layout.tree.where(claim.file)
    return HandedIn(ids, name, origin, partial(reader, MOST_BYTES), claim.exercise, claim.at)
