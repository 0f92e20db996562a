"""CSV → Roster: who is in the class, and under which keys.

Read as Moodle (worksheet, grades), Canvas (gradebook), Gradescope, nbgrader and people write it.
The id is the first that a row has of these: an id, a login, an e-mail, `Participant N`; the others
are keys as well.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.cohort import Student
from grader.errors import StudentError
from grader.intake import folder
from grader.intake.people import checked, forms, squeezed, tidy

MAX_BYTES = 64 * 1024**2
# What a column is → its headers, squeezed; of several, the first that is filled is the id.
_HEADERS = {
    "id": (
        *("id", "studentid", "sid", "idnumber", "studentnumber", "matriculationnumber"),
        *("userid", "sisuserid"),
    ),
    "login": ("login", "username", "loginid", "sisloginid"),
    "email": ("email", "emailaddress", "mail"),
    "participant": ("identifier",),
    "name": ("name", "fullname", "student", "studentname"),
    "first": ("firstname", "givenname", "first"),
    "last": ("lastname", "surname", "familyname", "last"),
    "group": ("group", "groups", "groupname", "team"),
}
_IDENTIFYING = ("id", "login", "email", "participant")
_PARTICIPANT = re.compile(r"\D+([0-9]+)")
_NOBODY = ("Points Possible", "Manual Posting")  # rows of Canvas about columns

Columns = Mapping[str, list[int]]
Index = Mapping[str, tuple[Student, ...]]


@dataclass(frozen=True)
class Roster:
    students: tuple[Student, ...]

    def student_for(self, *keys: str, name: str = "") -> Student:
        """The one student that the keys (ids, logins, e-mails) mean; without any, the name.

        Raises StudentError if there is none, or if not all mean the same.
        """
        keyed = {student.id: student for key in keys for student in self._keyed(key)}
        named = {student.id: student for student in self._names.get(squeezed(name), ())}
        told = ", ".join(dict.fromkeys(key for key in (*keys, name) if key)) or "an empty id"
        meant = keyed or named
        if not meant:
            raise StudentError(f"no student on the roster matches {told}")
        if keyed and len(named) == 1:
            meant |= named  # so that a name may contradict an id
        if len(meant) > 1:
            raise StudentError(f"{told} may be any of {', '.join(meant)} on the roster")
        return next(iter(meant.values()))

    def calls_a_group(self, name: str) -> bool:
        """Whether a group is called so, and no student."""
        return squeezed(name) in self._groups and squeezed(name) not in self._names

    def knows(self, told: Student) -> bool:
        """Whether one of the ids means somebody, whatever the name."""
        return any(self._keyed(key) for key in (told.id, *told.aliases, told.email))

    def matching(self, told: Student, readings: Iterable[str] = ()) -> tuple[Student, ...]:
        """The student that a layout tells of, or all of a group that is called so.

        A platform numbers groups as it numbers students, so that the name decides.
        """
        if self.calls_a_group(told.name):
            return self._groups[squeezed(told.name)]
        return (self.student_for(told.id, *told.aliases, told.email, *readings, name=told.name),)

    def has(self, name: str) -> bool:
        try:
            return bool(self.matching(Student(name, name)))
        except StudentError:
            return False

    def _keyed(self, key: str) -> tuple[Student, ...]:
        key = key.strip()
        return self._ids.get(key) or self._keys.get(key.casefold(), ())

    @cached_property
    def _ids(self) -> Index:
        return _index(self.students, lambda student: [student.id])

    @cached_property
    def _keys(self) -> Index:
        return _index(self.students, _keys)

    @cached_property
    def _names(self) -> Index:
        return _index(self.students, lambda student: forms(student.name))

    @cached_property
    def _groups(self) -> Index:
        return _index(self.students, lambda student: [squeezed(student.group)])


def _keys(student: Student) -> set[str]:
    return {key.casefold() for key in (student.id, *student.aliases, student.email)}


def _index(students: Iterable[Student], keys: Callable[[Student], Iterable[str]]) -> Index:
    index: dict[str, tuple[Student, ...]] = defaultdict(tuple)
    for student in students:
        for key in keys(student):
            if key:
                index[key] += (student,)
    return dict(index)


# --- reading -------------------------------------------------------------------------------------


def read(path: Path) -> Roster:
    """Raises StudentError with the line of what cannot be used."""
    text = _text(path)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        numbered = [(rows.line_num, row) for row in rows]
    except csv.Error as error:
        raise StudentError(f"{path}, line {rows.line_num}: {error}") from None
    columns = _columns(numbered[0][1] if numbered else [])
    if not columns.keys() & set(_IDENTIFYING):
        hint = "its first line names the columns: id, name, email, login, group"
        raise StudentError(f"{path}, line 1: no column has ids or e-mail addresses", hint=hint)
    return Roster(tuple(_students(path, columns, numbered[1:])))


def _text(path: Path) -> str:
    raw = folder.reader(path.resolve(), str(path))(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise StudentError(f"{path} is larger than {MAX_BYTES // 1024**2} MB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        hint = "save it as CSV in UTF-8"
        raise StudentError(f"{path}, line {line}: not UTF-8 text", hint=hint) from None


def _delimiter(text: str) -> str:
    """The one by which most headers are known: a name may hold a comma, a header does not."""
    first = text.partition("\n")[0].replace('"', "")
    return max(",;\t", key=lambda mark: sum(map(len, _columns(first.split(mark)).values())))


def _columns(header: list[str]) -> Columns:
    heads = [squeezed(head) for head in header]
    found = {
        kind: [heads.index(head) for head in known if head in heads]
        for kind, known in _HEADERS.items()
    }
    return {kind: places for kind, places in found.items() if places}


def _students(
    path: Path, columns: Columns, rows: Iterable[tuple[int, list[str]]]
) -> Iterator[Student]:
    lines: dict[str, int] = {}
    for line, row in rows:
        if not any(cell.strip() for cell in row) or any(cell.strip() in _NOBODY for cell in row):
            continue
        try:
            student = _student(columns, row)
        except StudentError as error:
            raise StudentError(f"{path}, line {line}: {error}") from None
        if student.id in lines:
            first = lines[student.id]
            raise StudentError(f"{path}, line {line}: {student.id} stands in line {first} as well")
        lines[student.id] = line
        yield student


def _student(columns: Columns, row: list[str]) -> Student:
    cells = {
        kind: [row[place].strip() for place in places if place < len(row)]
        for kind, places in columns.items()
    }
    participants = [_participant(cell) for cell in cells.get("participant", ())]
    email, name, group, first, last = (
        next(filter(None, cells.get(kind, ())), "")
        for kind in ("email", "name", "group", "first", "last")
    )
    own = [*cells.get("id", ()), *cells.get("login", ())]
    keys = [checked(key) for key in (*own, email, *participants) if key]
    aliases = tuple(dict.fromkeys(key for key in keys[1:] if key not in (keys[0], email)))
    id_, whole = checked(keys[0] if keys else ""), name or f"{first} {last}"
    return Student(id_, tidy(whole), email, tidy(group), aliases)


def _participant(cell: str) -> str:
    """Moodle translates the word, the number counts."""
    found = _PARTICIPANT.fullmatch(cell)
    return f"Participant {found[1]}" if found else cell
