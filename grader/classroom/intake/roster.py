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

from grader.classroom.cohort import Directory, Student
from grader.classroom.intake import folder, headings
from grader.classroom.intake.people import brief_list, check_id, forms, squeeze, tidy
from grader.errors import StudentError, UsageError

MAX_BYTES = 64 * 1024**2
_IDENTIFYING = ("id", "login", "email", "participant")
_PARTICIPANT = re.compile(r"\D+([0-9]+)")
# Moodle in German heads that column as an id, in French and Spanish as a login may be headed.
_NUMBERED = re.compile(r"(?:Participante?|Teilnehmer(?:/?in)?)\s?([0-9]+)")
_EXCEL = re.compile(r"sep=.\r?\n", re.IGNORECASE)  # how it is told the separator
_NOBODY = ("Points Possible", "Manual Posting")  # rows of Canvas about columns

Index = Mapping[str, tuple[Student, ...]]


@dataclass(frozen=True)
class Roster:
    students: tuple[Student, ...]

    def student_for(self, *keys: str, name: str = "") -> Student:
        """The one student that the keys (ids, logins, e-mails) mean; without any, the name.

        Raises StudentError if there is none, or if not all mean the same.
        """
        keyed = {student.id: student for key in keys for student in self._directory.called(key)}
        named = {student.id: student for student in self._names.get(squeeze(name), ())}
        words = ", ".join(dict.fromkeys(key for key in (*keys, name) if key)) or "an empty id"
        meant = keyed or named
        if not meant:
            raise StudentError(f"no student on the roster matches {words}")
        if keyed and len(named) == 1:
            meant |= named  # so that a name may contradict an id
        if len(meant) > 1:
            raise StudentError(f"{words} may be any of {', '.join(meant)} on the roster")
        return next(iter(meant.values()))

    def calls_a_group(self, name: str) -> bool:
        """Whether a group is called so, and no student."""
        return squeeze(name) in self._groups and squeeze(name) not in self._names

    def known(self, claimed: Student) -> tuple[Student, ...]:
        """Whom the ids mean, whatever the name."""
        keys = (claimed.id, *claimed.aliases, claimed.email)
        return tuple(student for key in keys for student in self._directory.called(key))

    def matching(self, claimed: Student, readings: Iterable[str] = ()) -> tuple[Student, ...]:
        """The student that a layout tells of, or all of a group that is called so.

        A platform numbers groups as it numbers students, so that the name decides.
        """
        if self.calls_a_group(claimed.name):
            return self._groups[squeeze(claimed.name)]
        keys = (claimed.id, *claimed.aliases, claimed.email, *readings)
        return (self.student_for(*keys, name=claimed.name),)

    def has(self, name: str) -> bool:
        try:
            return bool(self.matching(Student(name, name)))
        except StudentError:
            return False

    @cached_property
    def _directory(self) -> Directory:
        return Directory(self.students)

    @cached_property
    def _names(self) -> Index:
        return _index(self.students, lambda student: forms(student.name))

    @cached_property
    def _groups(self) -> Index:
        return _index(self.students, lambda student: [squeeze(student.group)])


def _index(students: Iterable[Student], keys: Callable[[Student], Iterable[str]]) -> Index:
    index: dict[str, tuple[Student, ...]] = defaultdict(tuple)
    for student in students:
        for key in keys(student):
            if key:
                index[key] += (student,)
    return dict(index)


# --- reading -------------------------------------------------------------------------------------


def read(path: Path) -> Roster:
    """Raises UsageError with the line of what cannot be used."""
    (line, header), *rows = _rows(path)
    columns = headings.columns(header)
    if not columns.keys() & set(_IDENTIFYING):
        heads = brief_list(filter(None, map(tidy, header)), most=20) or "none"
        hint = "its first line names the columns: id, name, email, login, group"
        message = f"no column has ids or e-mail addresses; the headings are: {heads}"
        raise UsageError(f"{path}, line {line}: {message}", hint=hint)
    return Roster(tuple(_students(path, header, rows)))


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """The heading and what follows, each with the number of its last line."""
    text = _text(path)
    excel = _EXCEL.match(text)
    text, skipped = (text[excel.end() :], 1) if excel else (text, 0)
    mark = headings.delimiter(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        return [(rows.line_num + skipped, row) for row in rows] or [(1 + skipped, [])]
    except csv.Error as error:
        raise UsageError(f"{path}, line {rows.line_num + skipped}: {error}") from None


def _text(path: Path) -> str:
    try:
        raw = folder.reader(path.resolve(), str(path))(MAX_BYTES + 1)
    except StudentError as error:
        raise UsageError(str(error)) from None
    if len(raw) > MAX_BYTES:
        raise UsageError(f"{path} is larger than {MAX_BYTES // 1024**2} MB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        hint = "save it as CSV in UTF-8"
        raise UsageError(f"{path}, line {line}: not UTF-8 text", hint=hint) from None


def _students(
    path: Path, header: list[str], rows: Iterable[tuple[int, list[str]]]
) -> Iterator[Student]:
    columns, width = headings.columns(header), _width(header)
    lines: dict[str, int] = {}
    for line, row in rows:
        if not any(cell.strip() for cell in row) or any(cell.strip() in _NOBODY for cell in row):
            continue
        if _width(row) > width:
            hint = 'a name that holds the separator is quoted: "Lee, Ann"'
            message = f"has {_width(row)} cells, the heading {width}"
            raise UsageError(f"{path}, line {line} {message}", hint=hint)
        try:
            student = _student(columns, row)
        except (StudentError, UsageError) as error:
            raise UsageError(f"{path}, line {line}: {error}") from None
        if student.id in lines:
            first = lines[student.id]
            raise UsageError(f"{path}, line {line}: {student.id} stands in line {first} as well")
        lines[student.id] = line
        yield student


def _width(row: list[str]) -> int:
    """Cells up to the last that is filled."""
    return max((place for place, cell in enumerate(row, start=1) if cell.strip()), default=0)


def _student(columns: headings.Columns, row: list[str]) -> Student:
    cells = {
        kind: [row[place].strip() for place in places if place < len(row)]
        for kind, places in columns.items()
    }
    email, name, group, first, last = (
        next(filter(None, cells.get(kind, ())), "")
        for kind in ("email", "name", "group", "first", "last")
    )
    if email and "@" not in email:
        raise UsageError(f"{email!r} is no e-mail address: it has no @")
    ids = [*cells.get("id", ()), *cells.get("login", ())]
    own = [cell for cell in ids if not _NUMBERED.fullmatch(cell)]
    numbers = [*filter(_NUMBERED.fullmatch, ids), *cells.get("participant", ())]
    keys = [check_id(key) for key in (*own, email, *map(_participant, numbers)) if key]
    aliases = tuple(dict.fromkeys(key for key in keys[1:] if key not in (keys[0], email)))
    id_ = check_id(keys[0] if keys else "")
    return Student(id_, tidy(_whole(name, first, last)), email, tidy(group), aliases)


def _whole(name: str, first: str, last: str) -> str:
    """`Name` beside `Vorname` is the family name."""
    return name if name and (last or first in name) else f"{first} {last or name}"


def _participant(cell: str) -> str:
    """Moodle translates the word, the number counts."""
    found = _PARTICIPANT.fullmatch(cell)
    return f"Participant {found[1]}" if found else cell
