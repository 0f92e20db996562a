"""Sheet → what Canvas takes: its own gradebook file with new grades, and a zip of feedback.

After lib/gradebook_exporter.rb, lib/gradebook_importer.rb and, for the zip, app/models/
assignment.rb (`infer_comment_context_from_filename`).  Canvas compares and shows two decimals.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import click

from grader.classroom.cohort import Sheet, Student
from grader.classroom.intake import canvas as intake
from grader.errors import UsageError
from grader.platforms.bundle import pack
from grader.platforms.filling import Target, fill
from grader.platforms.people import Row, match, people
from grader.platforms.platform import Platform, Upload
from grader.platforms.records import Page, Record, read
from grader.platforms.reports import Cohort, reports
from grader.platforms.scores import TOTAL, Export, called, in_course, number, title

PLACES = 2
_WHO = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
_WITH_ID = re.compile(r"(?P<title>.*) \((?P<id>\d+)\)", re.DOTALL)
_POSTING = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
_TOTALS = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")


def gradebook(raw: bytes, sheet: Sheet, columns: Mapping[str, str]) -> Export:
    """The exported gradebook with our grades, each a share of the column's points possible.

    `columns` says for an exercise which column is meant, by title or id; "" means the one with the
    exercise's title.  Raises UsageError if the file is none of Canvas, or a column is not clear.
    """
    page = read(raw, ",;", _known)
    if page is None:
        hint = "export it in Canvas: Grades, Export, `Export Entire Gradebook`"
        raise UsageError("the file is no gradebook of Canvas", hint=hint)
    known = people(sheet.students)
    rows, left = match(_rows(page), known)
    targets = [_target(page, sheet, exercise, name) for exercise, name in columns.items()]
    _refuse_shared(page, targets)
    cells: dict[int, dict[int, str]] = {}
    written, notes = 0, list[str]()
    for target in targets:
        filled = fill(page, target, rows, sheet, known)
        written += len(filled.cells)
        left.extend(filled.left)
        notes.extend(filled.notes)
        for at, changes in filled.cells.items():
            cells.setdefault(at, {}).update(changes)
    return Export(page.with_cells(cells).encode(), written, tuple(left), tuple(notes))


def feedback(files: Iterable[tuple[Student, str, bytes, str]]) -> Export:
    """A zip for "Upload Submissions": student, where the file was found, its bytes, and words.

    Canvas knows a file by the numbers in its name and shows it under the name it had, so what a
    student gets back is the same file with the words in front.
    """
    left, written = list[str](), list[str]()

    def entries() -> Iterator[tuple[str, bytes]]:
        for student, origin, raw, words in files:
            name = PurePosixPath(origin).name
            if sum(part.isdecimal() for part in name.split("_")) < len(("user", "attachment")):
                left.append(f"{called(student)}: {name!r} is no name that Canvas gave")
                continue
            written.append(name)
            yield name, annotate(name, raw, words)

    content = pack(entries())
    return Export(content, len(written), tuple(left))


def annotate(name: str, raw: bytes, words: str) -> bytes:
    """The file with words in front: a comment in a program, a cell in a notebook."""
    if name.casefold().endswith(".ipynb"):
        return _notebook(raw, words)
    comment = "".join(f"# {line}".rstrip() + "\n" for line in words.splitlines())
    return f"{comment}\n".encode() + raw


def _notebook(raw: bytes, words: str) -> bytes:
    """One that cannot be read becomes the words alone."""
    cell = {"cell_type": "markdown", "metadata": {}, "source": words}
    try:
        notebook = json.loads(raw)
        numbered = (notebook["nbformat"], notebook["nbformat_minor"]) >= (4, 5)
        notebook["cells"].insert(0, {**cell, **({"id": "feedback"} if numbered else {})})
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return words.encode()
    return json.dumps(notebook, indent=1).encode()  # ASCII: half a surrogate pair has no UTF-8


def _known(header: Sequence[str]) -> bool:
    named = header[:1] == ["Student"] or header[:2] == ["LastName", "FirstName"]
    return named and "ID" in header and "Section" in header


def _rows(page: Page) -> dict[int, Row]:
    """Names and identifiers of the rows that are a student's."""
    header = page.header
    who = [header.index(name) for name in _WHO if name in header]
    return {
        at: Row(
            label=", ".join(filter(None, (_name(record, header), *(record[at] for at in who)))),
            words=[record[at] for at in who],
            names=[_name(record, header)],
        )
        for at, record in enumerate(page.records)
        if at > 0 and not _is_aside(record)
    }


def _name(record: Record, header: Sequence[str]) -> str:
    return f"{record[1]} {record[0]}" if header[0] == "LastName" else record[0]


def _is_aside(record: Record) -> bool:
    """What the importer does not take for a student (`check_for_non_student_row`)."""
    words = all(_POSTING.fullmatch(cell) for cell in record.cells)
    return words or "Points Possible" in record[0]


def _target(page: Page, sheet: Sheet, exercise: str, name: str) -> Target:
    if exercise != TOTAL:
        in_course(sheet, exercise)
    at = _column(page, [name] if name else [title(sheet, exercise), exercise], exercise)
    possible = next((r[at] for r in page.records if "Points Possible" in r[0]), "")
    if re.search(r"read\s+only", possible) or _TOTALS.search(page.header[at]):
        raise UsageError(f"Canvas does not read the column {page.header[at]!r}")
    maximum = number(possible) or None
    return Target(
        exercise,
        at,
        maximum=lambda _: maximum,
        closed=lambda _: False,
        places=PLACES,
        form=lambda value: f"{value:.{PLACES}f}",
    )


def _refuse_shared(page: Page, targets: Iterable[Target]) -> None:
    """The last would write over the others."""
    taken: dict[int, str] = {}
    for target in targets:
        other = taken.setdefault(target.at, target.exercise)
        if other != target.exercise:
            said = f"two exercises for the column {page.header[target.at]!r}"
            hint = f"name another for {other} or {target.exercise}: EXERCISE=NUMBER"
            raise UsageError(said, hint=hint)


def _column(page: Page, names: Sequence[str], exercise: str) -> int:
    """By id, else by title; Canvas would make a new column for one that it does not know."""
    places = range(page.header.index("Section") + 1, len(page.header))
    found = [[at for at in places if name in _names(page.header[at])] for name in names]
    columns = next(filter(None, found), [])
    if len(columns) == 1:
        return columns[0]
    listed = ", ".join(
        repr(page.header[at]) for at in places if _WITH_ID.fullmatch(page.header[at])
    )
    count = "several columns are" if columns else "no column is"
    hint = f"name one by its number, {exercise}=NUMBER; there are {listed}"
    raise UsageError(f"{count} called {names[0]!r}", hint=hint)


def _names(header: str) -> set[str]:
    found = _WITH_ID.fullmatch(header)
    return {header, found["title"], found["id"]} if found else {header}


def fill_gradebook(cohort: Cohort, source: Path, columns: tuple[str, ...]) -> Export:
    """Fill in a gradebook exported from Canvas.

    FILE is what `Export Entire Gradebook` gave.  The column is the one that is called like the
    exercise; COLUMN is the title or the number of another.  Grades are scaled to the points
    possible.  All other cells stay byte for byte: export the file just before, as Canvas takes back
    every cell of it.
    """
    chosen = dict(each.partition("=")[::2] for each in columns)
    if len(chosen) < len(columns):
        raise UsageError("an exercise is named twice", hint="one column an exercise")
    return gradebook(source.read_bytes(), cohort.sheet, chosen)


def feedback_zip(cohort: Cohort, exercise: str) -> Export:
    """A zip of the files with reports in front.

    It is for `Upload Submissions`.  Canvas knows the files by the names that its own download gave
    them.
    """
    texts = reports(cohort, in_course(cohort.sheet, exercise))
    files = (
        (student, kept.origin, cohort.book.raw(kept.digest), texts.plain(student.id))
        for student, kept in texts.attempts()
    )
    return feedback(files)


_COLUMNS = click.argument("columns", metavar="EXERCISE[=COLUMN]...", nargs=-1, required=True)
PLATFORM = Platform(
    "canvas",
    layout=intake.read,
    uploads=(
        Upload("canvas", fill_gradebook, (_COLUMNS,), fills=True),
        Upload("canvas-feedback", feedback_zip, holds="files", is_text=False),
    ),
)
