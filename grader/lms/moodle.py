"""Sheet → what Moodle takes: a filled grading worksheet, a gradebook CSV, a zip of feedback.

After mod/assign/feedback/offline/{importgradeslib,locallib}.php, grade/import/csv/classes/
load_data.php and mod/assign/feedback/file/importziplib.php.  Moodle keeps five decimals.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from types import MappingProxyType

from grader.cohort import Sheet, Student
from grader.errors import StudentError
from grader.lms import table
from grader.lms.bundle import zipped
from grader.lms.filling import EMPTY, Target, fill
from grader.lms.people import Row, letters, match, people, unique
from grader.lms.records import Page, Record, read
from grader.lms.scores import Export, called, number, plain, remarks, scores, title, worth

PLACES = 5  # numeric(10,5) in Moodle's database
_FEWEST_COLUMNS = 7  # of a worksheet, when the marking is blind
_ORIGIN = re.compile(r"(?:.*/)?(?P<name>[^_/]*)_(?P<number>\d+)_assignsubmission_")
_BLIND = "Participant"
_HIGHEST = 100  # load_data.php: `insert_grade_record`, unless the site has `unlimitedgrades`
_TOO_HIGH = "Moodle may refuse grades above 100: try --out-of 100"
_NUMBERED = re.compile(r"(\D*)(\d+)")
_NO_NUMBER = "no participant number is known; --worksheet FILE tells them all"
_NO_ROW = "no row of the worksheet is theirs"
# Moodle cuts a name at the first `_`, and clean_param(…, PARAM_PATH) drops most of these.
_UNFIT = re.compile(r"[\x00-\x1f\x7f_/\\&<>\"'`|:.~]+")
# What "Grade can be changed" holds where it cannot be, in the languages that have most sites.
_NO = frozenset(
    {"no", "nein", "non", "não", "nee", "nie", "ne", "nej", "nei", "нет", "いいえ", "否"}
)
# How Moodle can be told who a row is of: what the column is called, and what is in it.
IDENTIFIERS: Mapping[str, tuple[str, Callable[[Student], str]]] = MappingProxyType(
    {
        "email": ("Email address", attrgetter("email")),
        "id": ("ID number", attrgetter("id")),
    }
)


@dataclass(frozen=True, slots=True)
class Comments:
    """The column that takes words, named as in the file, and what a student reads, as HTML."""

    column: str
    said: Callable[[str], str]  # student id → HTML, "" if there is none


@dataclass(frozen=True, slots=True)
class Numbered:
    """Whose a numbered folder of a download is, and the name it has there."""

    student: str
    name: str


@dataclass(frozen=True, slots=True)
class _Worksheet:
    """Header texts are Moodle's language, so columns are known by what is in them."""

    page: Page
    grade: int
    maximum: int


def worksheet(
    raw: bytes,
    sheet: Sheet,
    exercise: str,
    numbers: Mapping[str, Numbered],
    comments: Comments | None = None,
) -> Export:
    """The downloaded worksheet with grades, each a share of its row's maximum grade.

    `numbers` says whose participant number is known; e-mail, id or full name tell, too.  Raises
    StudentError if the file is no worksheet, or the course has no such exercise.
    """
    form, known = _worksheet(raw), people(sheet.students)
    rows, strangers = match(_rows(form, numbers), known)
    target = Target(
        exercise,
        form.grade,
        maximum=lambda record: number(record[form.maximum]),
        closed=lambda record: _closed(record, form),
        places=PLACES,
        form=plain,
    )
    filled = fill(form.page, target, rows, sheet, known)
    open_rows = {at: id_ for at, id_ in rows.items() if not _closed(form.page.records[at], form)}
    cells = _with_comments(form.page, filled.cells, open_rows, comments)
    return Export(
        form.page.changed(cells).encoded(),
        len(filled.cells),
        (*strangers, *filled.left),
        (*filled.notes, *_commented(cells, form, comments)),
    )


def participants(origins: Iterable[tuple[Sequence[str], str]]) -> Mapping[str, Numbered]:
    """Participant number → student, from where in a download a student's file was found.

    A group's folder has the number of the group instead, so whoever believes one has to look at
    the name, too.
    """
    alone = [
        (found["number"], students[0], found["name"])
        for students, origin in origins
        if len(students) == 1 and (found := _ORIGIN.match(origin))
    ]
    names = {number: name for number, _, name in alone}
    owners = unique((number, student) for number, student, _ in alone)
    return {number: Numbered(student, names[number]) for number, student in owners.items()}


def believed(numbers: Mapping[str, Numbered], sheet: Sheet) -> Mapping[str, str]:
    """Participant number → student, where the folder had the student's name, or none at all."""
    names = {student.id: letters(student.name) for student in sheet.students}
    return {
        number: told.student
        for number, told in numbers.items()
        if told.name == _BLIND or letters(told.name) == names.get(told.student)
    }


def listed(raw: bytes, sheet: Sheet, numbers: Mapping[str, Numbered]) -> Mapping[str, str]:
    """Participant number → student, as a worksheet has it."""
    form = _worksheet(raw)
    rows, _ = match(_rows(form, numbers), people(sheet.students))
    return {_participant(form.page.records[at]): student for at, student in rows.items()}


def gradebook(
    sheet: Sheet,
    exercise: str,
    by: str,
    maximum: Fraction | None = None,
) -> Export:
    """A CSV for "Import: CSV file": who, by one of IDENTIFIERS, and points.

    Moodle refuses the whole file for one unknown student or too high a grade, gives a row without
    a student to the one before, and takes an empty cell for "no grade": so there is one exercise a
    file, and only rows that have a grade.
    """
    given, left = scores(sheet, exercise), list(remarks(sheet, exercise))
    whole = worth(sheet, exercise) if maximum is None else maximum
    column, identifier = IDENTIFIERS[by]
    clear = unique((identifier(one).strip().casefold(), one.id) for one in sheet.students)
    rows: list[tuple[str, Decimal]] = []
    for student in (one for one in sheet.students if one.id in given):
        who, score = identifier(student).strip(), given[student.id]
        if who == "0" or who.casefold() not in clear or table.guarded(who) != who:
            left.append(f"{called(student)}: {who!r} does not tell Moodle who it is")
            continue
        points = score.scaled(whole, PLACES)
        rows.append((who, Decimal(plain(points))))
    page = table.write([(column, title(sheet, exercise)), *rows])
    notes = (_TOO_HIGH,) if any(points > _HIGHEST for _, points in rows) else ()
    return Export(page, len(rows), tuple(left), notes)


def feedback(
    pages: Iterable[tuple[Student, bytes]], numbers: Mapping[str, str], *, listed: bool = False
) -> Export:
    """A zip for "Upload multiple feedback files in a zip": one page a student.

    `listed` says whether the numbers are those of a worksheet, which has all of them.
    """
    by_student = {student: participant for participant, student in numbers.items()}
    left: list[str] = []

    def entries() -> Iterator[tuple[str, bytes]]:
        for student, page in pages:
            if student.id not in by_student:
                left.append(f"{called(student)}: {_NO_ROW if listed else _NO_NUMBER}")
                continue
            name = " ".join(_UNFIT.sub(" ", student.name or student.id).split())
            yield f"{name}_{by_student[student.id]}_assignfeedback_file/feedback.html", page

    content, written = zipped(entries())
    return Export(content, written, tuple(left))


def _worksheet(raw: bytes) -> _Worksheet:
    page = read(raw, ",;\t", lambda header: len(header) >= _FEWEST_COLUMNS)
    rows = [record for record in page.records[1:] if any(record.cells)] if page else []
    if page is None or not rows or not all(_participant(record) for record in rows):
        hint = "download it with `Download grading worksheet`; the grading of the exercise needs it"
        raise StudentError("the file is no grading worksheet of Moodle", hint=hint)
    for at in range(2, len(page.header)):
        if page.header[at].casefold() == "maximum grade" or _maximum(at, rows):
            return _Worksheet(page, at - 1, at)
    hint = "an exercise that is graded by a scale has none; choose `Point` in Moodle"
    raise StudentError("the worksheet has no column with the maximum grade", hint=hint)


def _maximum(at: int, rows: Sequence[Record]) -> bool:
    """Whether the column holds one and the same number throughout, right of the grades."""
    most = {record[at].strip() for record in rows}
    grades = (record[at - 1].strip() for record in rows)
    words = (record[at + 1].strip() for record in rows)
    return (
        len(most) == 1
        and (number(min(most)) or 0) > 0
        and all(grade in EMPTY or number(grade) is not None for grade in grades)
        and all(word and number(word) is None for word in words)
    )


def _participant(record: Record) -> str:
    found = _NUMBERED.fullmatch(record[0].strip())
    return found[2] if found else ""


def _rows(form: _Worksheet, numbers: Mapping[str, Numbered]) -> dict[int, Row]:
    """The columns before the grade say who it is; which of them there are is Moodle's choice."""
    return {
        at: Row(
            label=", ".join(record.cells[:2]),
            words=record.cells[: form.grade],
            names=record.cells[1 : form.grade],
            extra=_numbered(record, form, numbers),
        )
        for at, record in enumerate(form.page.records)
        if at > 0 and any(record.cells)
    }


def _numbered(record: Record, form: _Worksheet, numbers: Mapping[str, Numbered]) -> frozenset[str]:
    """Who has the row's number, if the folder had the row's name as well."""
    told = numbers.get(_participant(record))
    said = {letters(cell.strip("0123456789")) for cell in record.cells[: form.grade]}
    return frozenset({told.student} if told and letters(told.name) in said else ())


def _closed(record: Record, form: _Worksheet) -> bool:
    """The workflow's column may stand between the maximum and "Grade can be changed"."""
    after = (record[form.maximum + 1], record[form.maximum + 2])
    return any(word.strip().casefold() in _NO for word in after)


def _with_comments(
    page: Page,
    cells: Mapping[int, Mapping[int, str]],
    rows: Mapping[int, str],
    comments: Comments | None,
) -> Mapping[int, Mapping[int, str]]:
    if comments is None:
        return cells
    if comments.column not in page.header:
        hint = f"its columns: {', '.join(page.header)}"
        raise StudentError(f"the worksheet has no column {comments.column!r}", hint=hint)
    at = page.header.index(comments.column)
    words = {row: _html(comments.said(student)) for row, student in rows.items()}
    return {
        row: {**cells.get(row, {}), **({at: words[row]} if words.get(row) else {})}
        for row in {*cells, *words}
    }


def _commented(
    cells: Mapping[int, Mapping[int, str]], form: _Worksheet, comments: Comments | None
) -> Iterator[str]:
    if comments is None:
        return
    at = form.page.header.index(comments.column)
    count = sum(at in row for row in cells.values())
    if count:
        yield f"{count} {'comment' if count == 1 else 'comments'}"


def _html(said: str) -> str:
    r"""PHP's `fgetcsv` takes a quote behind a backslash for part of the cell."""
    return said.replace("\\", "&#92;")
