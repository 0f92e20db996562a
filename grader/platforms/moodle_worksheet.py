"""A grading worksheet of Moodle → the same with grades, each a share of its row's maximum.

After mod/assign/feedback/offline/{importgradeslib,locallib}.php.  Moodle keeps five decimals.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.classroom.cohort import Sheet
from grader.errors import UsageError
from grader.platforms.filling import EMPTY, Target, fill
from grader.platforms.people import Row, letters, match, people
from grader.platforms.records import Page, Record, read
from grader.platforms.scores import Export, number, plain

PLACES = 5  # numeric(10,5) in Moodle's database
_FEWEST_COLUMNS = 7  # when the marking is blind
_PARTICIPANT = re.compile(r"(\D*)(\d+)")
# What "Grade can be changed" holds where it cannot be, in the languages that have most sites.
_NO = frozenset(
    {"no", "nein", "non", "não", "nee", "nie", "ne", "nej", "nei", "нет", "いいえ", "否"}
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


def fill_in(
    raw: bytes,
    sheet: Sheet,
    exercise: str,
    numbers: Mapping[str, Numbered],
    comments: Comments | None = None,
) -> Export:
    """The downloaded worksheet with grades, each a share of its row's maximum grade.

    `numbers` says whose participant number is known; e-mail, id or full name tell, too.  Raises
    UsageError if the file is no worksheet, or the course has no such exercise.
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
        form.page.with_cells(cells).encode(),
        len(filled.cells),
        (*strangers, *filled.left),
        (*filled.notes, *_comment_note(cells, form, comments)),
    )


def read_numbers(raw: bytes, sheet: Sheet, numbers: Mapping[str, Numbered]) -> Mapping[str, str]:
    """Participant number → student, as a worksheet has it."""
    form = _worksheet(raw)
    rows, _ = match(_rows(form, numbers), people(sheet.students))
    return {_participant(form.page.records[at]): student for at, student in rows.items()}


def _worksheet(raw: bytes) -> _Worksheet:
    page = read(raw, ",;\t", lambda header: len(header) >= _FEWEST_COLUMNS)
    rows = [record for record in page.records[1:] if any(record.cells)] if page else []
    if page is None or not rows or not all(_participant(record) for record in rows):
        hint = "download it with `Download grading worksheet`; the grading of the exercise needs it"
        raise UsageError("the file is no grading worksheet of Moodle", hint=hint)
    for at in range(2, len(page.header)):
        if page.header[at].casefold() == "maximum grade" or _maximum(at, rows):
            return _Worksheet(page, at - 1, at)
    hint = "an exercise that is graded by a scale has none; choose `Point` in Moodle"
    raise UsageError("the worksheet has no column with the maximum grade", hint=hint)


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
    found = _PARTICIPANT.fullmatch(record[0].strip())
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
    owner = numbers.get(_participant(record))
    said = {letters(cell.strip("0123456789")) for cell in record.cells[: form.grade]}
    return frozenset({owner.student} if owner and letters(owner.name) in said else ())


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
        raise UsageError(f"the worksheet has no column {comments.column!r}", hint=hint)
    at = page.header.index(comments.column)
    words = {row: _html(comments.said(student)) for row, student in rows.items()}
    return {
        row: {**cells.get(row, {}), **({at: words[row]} if words.get(row) else {})}
        for row in {*cells, *words}
    }


def _comment_note(
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
