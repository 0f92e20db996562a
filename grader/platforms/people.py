"""Rows of a platform's file → the students they are of.  Nobody is guessed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from grader.classroom.cohort import Directory, Student, folded
from grader.platforms.scores import called


@dataclass(frozen=True, slots=True)
class People:
    """Who is meant by a word or a name.  What two students share names neither of them."""

    students: Mapping[str, Student]
    words: Directory
    names: Mapping[str, AbstractSet[str]]  # as it is said → students


@dataclass(frozen=True, slots=True)
class Row:
    """What a row tells of its student.  `extra` are students that something else points to."""

    label: str  # for people: who the row says it is of
    words: Sequence[str]
    names: Sequence[str] = ()
    extra: frozenset[str] = frozenset()


def people(students: Iterable[Student]) -> People:
    known = {student.id: student for student in students}
    names = [(form, student.id) for student in known.values() for form in _forms(student.name)]
    return People(known, Directory(known.values()), _owners(names))


def unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Word → whom it belongs to, without empty words and those of several students."""
    return {word: min(owners) for word, owners in _owners(pairs).items() if len(owners) == 1}


def match(rows: Mapping[int, Row], known: People) -> tuple[dict[int, str], list[str]]:
    """Row → student id, and why the other rows have none.

    All that a row says must point to one student, and no other row to the same.
    """
    found: dict[int, str] = {}
    left: list[str] = []
    for at, row in rows.items():
        students = sorted(_pointed_at(row, known))
        if len(students) == 1:
            found[at] = students[0]
        elif students:
            said = " and as ".join(called(known.students[id_]) for id_ in students)
            left.append(f"{row.label}: can be read as {said}")
        else:
            left.append(f"{row.label}: {_nobody(row, known)}")
    return _once(found, rows, left), left


def letters(text: str) -> str:
    """What is left of a name whatever a platform drops of it: letters and digits."""
    return "".join(filter(str.isalnum, folded(text)))


def _owners(pairs: Iterable[tuple[str, str]]) -> Mapping[str, AbstractSet[str]]:
    owners = defaultdict[str, set[str]](set)
    for word, owner in pairs:
        if word:
            owners[word].add(owner)
    return owners


def _nobody(row: Row, known: People) -> str:
    """Why a row points to no student."""
    for word, owners in _pointers(row, known):
        if owners:
            return f"{len(owners)} students have {word!r}: {', '.join(sorted(owners))}"
    return "no such student in the gradebook"


def _once(found: dict[int, str], rows: Mapping[int, Row], left: list[str]) -> dict[int, str]:
    times = Counter(found.values())
    left.extend(
        f"{rows[at].label}: not the only row of {student}"
        for at, student in found.items()
        if times[student] > 1
    )
    return {at: student for at, student in found.items() if times[student] == 1}


def _pointed_at(row: Row, known: People) -> set[str]:
    sure = [owners for _, owners in _pointers(row, known) if len(owners) == 1]
    return set(row.extra).union(*sure)


def _pointers(row: Row, known: People) -> Iterator[tuple[str, AbstractSet[str]]]:
    """Each word and name of a row, and whom it may mean."""
    for word in row.words:
        yield word, {student.id for student in known.words.called(word)}
    for name in row.names:
        for form in _forms(name):
            yield name, known.names.get(form, frozenset())


def _forms(name: str) -> Iterator[str]:
    """A name as it is said, also of one that is sorted by: "Lee, Ana" is "Ana Lee"."""
    said = folded(name)
    yield said
    last, comma, first = said.partition(",")
    if comma and "," not in first:
        yield f"{first.strip()} {last.strip()}".strip()
