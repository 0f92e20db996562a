"""Moodle: grades for its worksheets and its gradebook, a zip of feedback.

After grade/import/csv/classes/load_data.php and mod/assign/feedback/file/importziplib.php.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType

import click

from grader.classroom.cohort import Sheet, Student
from grader.classroom.intake import moodle as intake
from grader.platforms import moodle_worksheet
from grader.platforms.bundle import pack
from grader.platforms.moodle_worksheet import PLACES, Comments, Numbered
from grader.platforms.people import letters, unique
from grader.platforms.platform import EXERCISE, Platform, Upload
from grader.platforms.reports import Cohort, Reports, reports
from grader.platforms.scores import Export, called, in_course, plain, remarks, scores, title, worth
from grader.reporting.exporters import csvfile
from grader.rounding import exact

_ORIGIN = re.compile(r"(?:.*/)?(?P<name>[^_/]*)_(?P<number>\d+)_assignsubmission_")
_BLIND = "Participant"
_HIGHEST = 100  # load_data.php: `insert_grade_record`, unless the site has `unlimitedgrades`
_TOO_HIGH = "Moodle may refuse grades above 100: try --out-of 100"
_NO_NUMBER = "no participant number is known; --worksheet FILE tells them all"
_NO_ROW = "no row of the worksheet is theirs"
# Moodle cuts a name at the first `_`, and clean_param(…, PARAM_PATH) drops most of these.
_UNFIT = re.compile(r"[\x00-\x1f\x7f_/\\&<>\"'`|:.~]+")
# How Moodle can be told who a row is of: what the column is called, and what is in it.
IDENTIFIERS: Mapping[str, tuple[str, Callable[[Student], str]]] = MappingProxyType(
    {
        "email": ("Email address", attrgetter("email")),
        "id": ("ID number", attrgetter("id")),
    }
)


def fill_worksheet(cohort: Cohort, source: Path, exercise: str, column: str | None) -> Export:
    """Fill in a grading worksheet of Moodle.

    FILE is what `Download grading worksheet` gave, EXERCISE whose grades it gets.

    Students are known by the numbers of a Moodle download that was graded, else by e-mail, id, or
    a name that only one has.  Grades are scaled to the maximum grade.  Upload the file where you
    downloaded it, with `Upload grading worksheet`.
    """
    texts = reports(cohort, exercise)
    comments = Comments(column, texts.html) if column else None
    raw = source.read_bytes()
    return moodle_worksheet.fill_in(raw, cohort.sheet, exercise, _numbers(texts), comments)


def _numbers(texts: Reports) -> Mapping[str, Numbered]:
    return participants((kept.students, kept.origin) for kept in texts.kept.values())


def export_gradebook(cohort: Cohort, exercise: str, by: str, maximum: float | None) -> Export:
    """A CSV for the gradebook of Moodle.

    It has the grades of EXERCISE, or of `total`, for `Grades, Import, CSV file`.  Map its first
    column to the identifier, the second to the grade item.  It has no row that Moodle would refuse
    the whole file for, as long as everybody in it is in the Moodle course.
    """
    scale = None if maximum is None else exact(maximum)
    return gradebook(cohort.sheet, exercise, by, scale)


def feedback_zip(cohort: Cohort, exercise: str, worksheet: Path | None) -> Export:
    """A zip of reports, one page a student.

    It is for `Upload multiple feedback files in a zip`.  Moodle knows students by numbers that a
    download of theirs has, or the grading worksheet.
    """
    texts = reports(cohort, in_course(cohort.sheet, exercise))
    if worksheet:
        raw = worksheet.read_bytes()
        numbers = moodle_worksheet.read_numbers(raw, cohort.sheet, _numbers(texts))
    else:
        numbers = trusted_numbers(_numbers(texts), cohort.sheet)
    pages = ((student, texts.page(student.id)) for student, _ in texts.attempts())
    return feedback(pages, numbers, listed=worksheet is not None)


def feedback(
    pages: Iterable[tuple[Student, bytes]], numbers: Mapping[str, str], *, listed: bool = False
) -> Export:
    """A zip for "Upload multiple feedback files in a zip": one page a student.

    `listed` says whether the numbers are those of a worksheet, which has all of them.
    """
    by_student = {student: participant for participant, student in numbers.items()}
    left, written = list[str](), list[str]()

    def entries() -> Iterator[tuple[str, bytes]]:
        for student, page in pages:
            if student.id not in by_student:
                left.append(f"{called(student)}: {_NO_ROW if listed else _NO_NUMBER}")
                continue
            name = " ".join(_UNFIT.sub(" ", student.name or student.id).split())
            written.append(f"{name}_{by_student[student.id]}_assignfeedback_file/feedback.html")
            yield written[-1], page

    content = pack(entries())
    return Export(content, len(written), tuple(left))


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
        if who == "0" or who.casefold() not in clear or csvfile.guarded(who) != who:
            left.append(f"{called(student)}: {who!r} does not tell Moodle who it is")
            continue
        points = score.scaled(whole, PLACES)
        rows.append((who, Decimal(plain(points))))
    page = csvfile.write([(column, title(sheet, exercise)), *rows])
    notes = (_TOO_HIGH,) if any(points > _HIGHEST for _, points in rows) else ()
    return Export(page, len(rows), tuple(left), notes)


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


def trusted_numbers(numbers: Mapping[str, Numbered], sheet: Sheet) -> Mapping[str, str]:
    """Participant number → student, where the folder had the student's name, or none at all."""
    names = {student.id: letters(student.name) for student in sheet.students}
    return {
        number: owner.student
        for number, owner in numbers.items()
        if owner.name == _BLIND or letters(owner.name) == names.get(owner.student)
    }


PLATFORM = Platform(
    "moodle",
    layout=intake.read,
    uploads=(
        Upload(
            "moodle-worksheet",
            fill_worksheet,
            (
                EXERCISE,
                click.option(
                    "--comments",
                    "column",
                    metavar="COLUMN",
                    help="Also write what students read, into a column such as "
                    '"Feedback comments".',
                ),
            ),
            fills=True,
        ),
        Upload(
            "moodle-gradebook",
            export_gradebook,
            (
                EXERCISE,
                click.option(
                    "--by",
                    type=click.Choice(list(IDENTIFIERS)),
                    default="email",
                    show_default=True,
                    help="How Moodle is told whose row it is.",
                ),
                click.option(
                    "--out-of",
                    "maximum",
                    type=click.FloatRange(min=0, min_open=True),
                    help="Scale to this maximum; else points are out of the exercise's.",
                ),
            ),
        ),
        Upload(
            "moodle-feedback",
            feedback_zip,
            (
                EXERCISE,
                click.option(
                    "--worksheet",
                    type=click.Path(path_type=Path, exists=True, dir_okay=False),
                    help="The grading worksheet: it tells all numbers, those of a group's "
                    "members, too.",
                ),
            ),
            holds="pages",
            is_text=False,
        ),
    ),
)
