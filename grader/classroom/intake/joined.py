"""Layout (+ Roster) → what is graded, and what is left aside.  Nobody is guessed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from grader.classroom.cohort import HandedIn, Student
from grader.classroom.collect import MAX_BYTES
from grader.classroom.intake import plain
from grader.classroom.intake.layout import Claim, Layout
from grader.classroom.intake.people import brief_list, check_id, forms, squeeze, tidy
from grader.classroom.intake.roster import Roster
from grader.classroom.intake.tree import Left, is_submission
from grader.errors import StudentError

_WHICH = "take out what does not count, and grade again"
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")


@dataclass(frozen=True, slots=True)
class Owned:
    """A claim that holds, until another one contradicts it."""

    claim: Claim
    students: tuple[Student, ...]


def join(layout: Layout, roster: Roster | None) -> tuple[list[HandedIn], list[Student], list[Left]]:
    """What can be graded, whose it is, and what cannot."""
    owned, left = [], list(layout.left)
    claims = [_choose_reading(claim, roster) for claim in layout.claims]
    of_groups = roster is not None and _is_of_groups(claims, roster)
    for claim in claims:
        try:
            owned.append(Owned(claim, _students(claim, roster, of_groups=of_groups)))
        except StudentError as error:
            left.append(Left(layout.tree.where(claim.file), str(error)))
    doubts = _doubts(owned) if roster else _doubts(owned) | _with_one_email(owned)
    sure = [one for one in owned if one.claim.file not in doubts]
    left += [Left(layout.tree.where(file), why) for file, why in doubts.items()]
    people = {student.id: student for one in sure for student in one.students}
    return [_handed_in(layout, one) for one in sure], list(people.values()), left


def _choose_reading(claim: Claim, roster: Roster | None) -> Claim:
    """Of all ways to read a file's name, the only one that agrees with the roster, if one does."""
    if not roster or not claim.rivals:
        return claim
    ways = (claim, *claim.rivals)
    named = [way for way in ways if _is_named(way, roster)]
    # Whom the roster does not name may be anybody; but what stands first is the platform's.
    possible = named + [way for way in ways if _is_nameless(way, roster)]
    if len(possible) == 1 and possible[0] in {claim, *named}:
        return replace(possible[0], rivals=())
    return claim


def _is_named(claim: Claim, roster: Roster) -> bool:
    """The whole name: what a student calls a file stands behind the name that is his own."""
    return any(
        squeeze(claimed.name) in forms(student.name)
        for claimed in claim.who
        for student in roster.known(claimed)
    )


def _is_nameless(claim: Claim, roster: Roster) -> bool:
    return any(not student.name for claimed in claim.who for student in roster.known(claimed))


def _is_of_groups(claims: Iterable[Claim], roster: Roster) -> bool:
    """Whether groups handed in, and not somebody who has taken a group's name for his own."""
    names = {claimed.name for claim in claims for claimed in claim.who}
    return sum(map(roster.calls_a_group, names)) > len(names) / 2


def _students(claim: Claim, roster: Roster | None, *, of_groups: bool) -> tuple[Student, ...]:
    """Raises StudentError with the reason to leave the file aside."""
    if not is_submission(claim.file):
        archive = claim.file.lower().endswith(_ARCHIVES)
        raise StudentError("is an archive: unpack it" if archive else "is neither .py nor .ipynb")
    _refuse_rivals(claim)
    if not claim.who:
        raise StudentError("does not tell whose it is")
    if roster is None:
        found = tuple(_as_told(student) for student in claim.who)
    else:
        _refuse_group_s_name(claim, roster, of_groups=of_groups)
        found = tuple(
            student for claimed in claim.who for student in _on_roster(claimed, claim, roster)
        )
    return tuple({student.id: student for student in found}.values())


def _refuse_rivals(claim: Claim) -> None:
    if claim.rivals:
        ids = [claimed.id for way in (claim, *claim.rivals) for claimed in way.who]
        raise StudentError(
            f"may be of {brief_list(ids, between=' or of ')}: "
            "give Canvas's gradebook as roster, or rename the file"
        )


def _refuse_group_s_name(claim: Claim, roster: Roster, *, of_groups: bool) -> None:
    """Where groups do hand in, the number is nobody's, or of one in the group."""
    for claimed in claim.who:
        group = squeeze(claimed.name) if of_groups else None
        is_taken = any(squeeze(student.group) != group for student in roster.known(claimed))
        if is_taken and roster.calls_a_group(claimed.name):
            raise StudentError(
                f"{claimed.id} is one student on the roster, and {claimed.name} is a group: "
                "whose is it? take the `group` column out of the roster, or the number"
            )


def _on_roster(claimed: Student, claim: Claim, roster: Roster) -> tuple[Student, ...]:
    found = roster.matching(claimed, claim.readings)
    if claim.by_number and claimed.name and not any(map(partial(_is_called, claimed.name), found)):
        student = found[0]
        raise StudentError(
            f"{claimed.id} is {student.name} on the roster, the folder says {claimed.name}: "
            "a group? give a roster with a `group` column"
        )
    return found


def _is_called(name: str, student: Student) -> bool:
    """A platform may put the group before the name, and a roster need not have names."""
    called, names = squeeze(name), forms(student.name)
    is_group_s = bool(called) and called == squeeze(student.group)
    return not student.name or is_group_s or called.endswith(tuple(names))


def _as_told(student: Student) -> Student:
    id_, name = check_id(student.id), tidy(student.name)
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
        one.claim.file: f"{brief_list(rivals)} each claim to be by {student.id}: {_WHICH}"
        for one in owned
        for student in one.students
        if len(rivals := units[student.id.casefold()]) > 1
    }


def _with_one_email(owned: list[Owned]) -> dict[str, str]:
    """File → why: two ids have one e-mail, and the gradebook knows nobody twice."""
    ids: dict[str, dict[str, None]] = defaultdict(dict)
    people = [(one.claim.file, student) for one in owned for student in one.students]
    for _, student in people:
        ids[student.email.casefold()][student.id] = None
    return {
        file: f"{brief_list(rivals)} have one e-mail, {student.email}: one person twice? {_WHICH}"
        for file, student in people
        if student.email and len(rivals := ids[student.email.casefold()]) > 1
    }


def _handed_in(layout: Layout, one: Owned) -> HandedIn:
    claim = one.claim
    name = claim.name or claim.file.rpartition("/")[2]
    ids = tuple(sorted(student.id for student in one.students))
    reader, origin = layout.tree.files[claim.file], layout.tree.where(claim.file)
    exercise = claim.exercise or plain.exercise(name)
    most = MAX_BYTES.get(Path(name).suffix.lower(), 0) + 1  # what is cut is seen to be too large
    return HandedIn(ids, name, origin, partial(reader, most), exercise, claim.at)
