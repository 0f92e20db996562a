"""Students as a platform or roster names them → the same people as the book knows them.

By id; else by what only one in the book has: an e-mail, or a login or number that one of the two
has as an alias.  Two different e-mails are two people, whatever else is alike.  Nobody is guessed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from grader.classroom.cohort import Student, folded
from grader.errors import UsageError


def recognised(known: Mapping[str, Student], given: Iterable[Student]) -> dict[str, Student]:
    """Given id → the student, with what is known of him and what is told now."""
    wanted = {student.id: student for student in given}
    others = {id_: student for id_, student in known.items() if id_ not in wanted}
    search = _Search(_owners(others, _address), _owners(others, _words), others)
    meant = {id_: search(each) or id_ for id_, each in wanted.items()}
    meant |= {id_: id_ for id_ in wanted.keys() & known.keys()}
    times = Counter(meant.values())
    found = {}
    for id_, student in wanted.items():
        same = known.get(meant[id_]) if times[meant[id_]] == 1 else None
        found[id_] = _merged(same, student) if same else student
    return found


def refuse_shared_address(after: Mapping[str, Student], changed: Iterable[str]) -> None:
    """Raises UsageError if somebody who changed has the e-mail of somebody else."""
    having: dict[str, list[str]] = defaultdict(list)
    for student in after.values():
        having[student.email.casefold()].append(student.id)
    for id_ in changed:
        email = after[id_].email
        ids = sorted(having[email.casefold()])
        if email and len(ids) > 1:
            hint = "one person with two ids? keep one, with the other among its aliases"
            raise UsageError(f"{' and '.join(ids)} have one e-mail, {email}", hint=hint)


@dataclass(frozen=True, slots=True)
class _Search:
    """Of whom the book knows: word → whose it is."""

    addresses: Mapping[str, set[str]]
    words: Mapping[str, set[str]]
    known: Mapping[str, Student]

    def __call__(self, student: Student) -> str | None:
        """The only one whom the e-mail points to, or else all that is told of the student."""
        for owners, words in ((self.addresses, _said(student)), (self.words, _words(student))):
            pointed = {id_ for word in words for id_ in owners.get(word, ())}
            if len(pointed) == 1:
                (id_,) = pointed
                return id_ if self._agrees(id_, student) else None
        return None

    def _agrees(self, id_: str, student: Student) -> bool:
        emails = {email.casefold() for email in (student.email, self.known[id_].email) if email}
        return len(emails) <= 1


def _owners(
    students: Mapping[str, Student], words: Callable[[Student], set[str]]
) -> Mapping[str, set[str]]:
    owners: dict[str, set[str]] = defaultdict(set)
    for student in students.values():
        for word in words(student):
            owners[word].add(student.id)
    return owners


def _address(student: Student) -> set[str]:
    return _words_of(student.email)


def _said(student: Student) -> set[str]:
    """A platform may have nothing but the e-mail to call somebody by."""
    return _words_of(student.email, student.id)


def _words(student: Student) -> set[str]:
    return _words_of(student.id, student.email, *student.aliases)


def _words_of(*words: str) -> set[str]:
    return {folded(word) for word in words if word}


def _merged(known: Student, told: Student) -> Student:
    """What is told now is newer, but silence takes nothing back."""
    email = told.email or known.email
    names = dict.fromkeys((*known.aliases, *told.aliases, told.id))
    aliases = tuple(name for name in names if name not in {known.id, email})
    return replace(
        known,
        name=told.name or known.name,
        email=email,
        group=told.group or known.group,
        aliases=aliases,
    )
