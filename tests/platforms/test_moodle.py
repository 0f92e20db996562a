"""A worksheet of Moodle, read by the importer's rules restated here from their source."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from grader.classroom.cohort import Student
from grader.errors import UsageError
from grader.platforms import moodle, moodle_worksheet
from grader.platforms.moodle_worksheet import Comments, Numbered
from tests.samples_sheet import ANA, BEA, CLASS, sheet

HEADER = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Online text","Last modified (grade)","Feedback comments"'
)
GERMAN = (
    '"ID","Vollständiger Name","E-Mail-Adresse","Status","Bewertung","Bestwertung",'
    '"Bewertung kann geändert werden","Zuletzt geändert (Abgabe)","Texteingabe online",'
    '"Zuletzt geändert (Bewertung)","Feedback als Kommentar"'
)
ROW = '"Participant {n}","{name}",{email},"Submitted for grading - ",{grade},{most},{open},"Friday, 20 November 2026, 9:00 AM",,-,{said}'  # noqa: E501
NUMBERS = {"41": "s1", "42": "s2"}
FOLDERS = {number: Numbered(id_, "Ana OBrien Lee") for number, id_ in NUMBERS.items()}
# What PHP's fgetcsv would end or not end a cell at (its escape character is a backslash).
_PHP_ESCAPE = re.compile(r'\\"')


def row(n: int, student: Student, grade: str = "", most: str = "100.00", can: str = "Yes") -> str:
    name = student.name.replace('"', '""')
    return ROW.format(
        n=n, name=name, email=student.email, grade=grade, most=most, open=can, said=""
    )


def page(*rows: str, header: str = HEADER, end: str = "\r\n") -> bytes:
    return f"\ufeff{end.join([header, *rows])}{end}".encode()


def cells(raw: bytes, column: str = "Grade") -> list[str]:
    """One column, as `csv_import_reader::load_csv_content` reads a file (lib/csvlib.class.php)."""
    text = raw.decode().removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip()
    assert not _PHP_ESCAPE.search(text)
    header, *rows = csv.reader(io.StringIO(text))
    assert {len(found) for found in rows} == {len(header)}  # else: csvweirdcolumns
    return [found[header.index(column)] for found in rows]


def taken(raw: bytes, users: Mapping[str, str], most: float = 100) -> dict[str, float]:
    """Who gets which grade: process_import_grades (mod/assign/feedback/offline/locallib.php)."""
    ids = [cell[len("Participant ") :] for cell in cells(raw, "Identifier")]
    grades = zip(ids, cells(raw), strict=True)
    read = {users[n]: float(grade.replace(" ", "")) for n, grade in grades if n in users and grade}
    return {user: grade for user, grade in read.items() if 0 <= grade <= most}


def test_a_worksheet_is_filled_in_place_and_the_rest_stays_byte_for_byte() -> None:
    raw = page(row(41, ANA), row(42, BEA, "55.00"), row(99, Student("x", "Nobody", "no@x.example")))

    made = moodle_worksheet.fill_in(raw, sheet({"s1": 7.25}), "ex4", {})

    assert made.content == raw.replace(b'grading - ",,100', b'grading - ",72.5,100', 1)
    assert made.written == 1
    assert made.left == ("Participant 99, Nobody: no such student in the gradebook",)


def test_moodle_takes_every_grade_of_a_filled_worksheet() -> None:
    rows = [row(40 + at, student) for at, student in enumerate(CLASS, 1)]
    users = {str(40 + at): student.id for at, student in enumerate(CLASS, 1)}

    made = moodle_worksheet.fill_in(
        page(*rows), sheet(dict.fromkeys(users.values(), 10 / 3)), "ex4", {}
    )

    assert taken(made.content, users) == dict.fromkeys(users.values(), 33.33333)


@pytest.mark.parametrize(("most", "grade"), [("100.00", "72.5"), ("20,00", "14.5"), ("3", "2.175")])
def test_a_grade_is_scaled_to_the_maximum_of_its_row(most: str, grade: str) -> None:
    form = page(row(41, ANA, most=f'"{most}"'))

    made = moodle_worksheet.fill_in(form, sheet({"s1": 7.25}), "ex4", {})

    assert cells(made.content) == [grade]


def test_a_header_in_another_language_is_known_by_what_is_below_it() -> None:
    form = page(row(41, ANA, "-", can="Ja"), row(42, BEA, can="Nein"), header=GERMAN)

    made = moodle_worksheet.fill_in(form, sheet({"s1": 7.0, "s2": 8.0}), "ex4", {})

    assert cells(made.content, "Bewertung") == ["70", ""]


def test_the_column_with_the_maximum_is_known_in_any_spelling() -> None:
    """Below it are several maxima, so only its name tells it."""
    header = HEADER.replace("Maximum grade", "Maximum Grade")
    form = page(row(41, ANA, most="100.00"), row(42, BEA, most="20.00"), header=header)

    made = moodle_worksheet.fill_in(form, sheet({"s1": 7.0, "s2": 8.0}), "ex4", {})

    assert cells(made.content) == ["70", "16"]


def test_rows_that_are_locked_stay_as_they_are() -> None:
    form = page(row(41, ANA, "10.00", can="No"))

    made = moodle_worksheet.fill_in(
        form, sheet({"s1": 7.0}), "ex4", {}, Comments("Feedback comments", str)
    )

    assert made.content == form
    assert "the row is locked" in made.left[0]


def test_a_grade_that_is_there_already_is_not_written_again() -> None:
    form = page(row(41, ANA, '"70,00000"'))

    made = moodle_worksheet.fill_in(form, sheet({"s1": 7.0}), "ex4", {})

    assert (made.content, made.written, made.notes) == (form, 0, ("1 more stood there already",))


def test_blind_marking_needs_the_numbers_of_the_download() -> None:
    """Without names, only the origin of what was handed in tells who is who."""
    header = ",".join(HEADER.split(",")[:1] + HEADER.split(",")[3:])
    rows = [f'"Participant {n}",Submitted,,100.00,Yes,-,,-,' for n in (41, 77)]
    origins = [(("s1",), "Participant_41_assignsubmission_file/ex4.py")]

    numbers = moodle.participants(origins)
    made = moodle_worksheet.fill_in(page(*rows, header=header), sheet({"s1": 9.0}), "ex4", numbers)

    assert cells(made.content) == ["90", ""]


def test_a_groups_number_is_nobodys() -> None:
    assert moodle.participants([(("s1", "s2"), "Team A_41_assignsubmission_file/ex4.py")]) == {}


def test_the_number_of_a_group_of_one_leads_to_no_other_student() -> None:
    """Groups and participants are counted apart, so a group may have a stranger's number."""
    stranger = Student("x", "Nobody", "no@x.example")
    numbers = moodle.participants([(("s1",), "all.zip/Team A_41_assignsubmission_file_/ex4.py")])

    made = moodle_worksheet.fill_in(page(row(41, stranger)), sheet({"s1": 9.0}), "ex4", numbers)

    assert cells(made.content) == [""]
    assert moodle.trusted_numbers(numbers, sheet({})) == {}


def test_a_name_that_moodle_has_and_the_roster_has_not_is_known_by_its_number() -> None:
    """Moodle makes `Ana O'Brien_Lee` the folder `Ana OBrien Lee`."""
    roster = (Student("s1", "Ana Maria O'Brien"),)
    numbers = moodle.participants([(("s1",), "Ana OBrien Lee_41_assignsubmission_file/ex4.py")])

    made = moodle_worksheet.fill_in(
        page(row(41, replace(ANA, email=""))), sheet({"s1": 9.0}, roster), "ex4", numbers
    )

    assert cells(made.content) == ["90"]


def test_two_students_of_one_name_are_told_apart_by_address_or_not_at_all() -> None:
    kim = CLASS[3]
    form = page(row(41, kim), row(42, replace(kim, email="unknown@uni.example")))

    made = moodle_worksheet.fill_in(form, sheet({"s4": 4.0, "s5": 5.0}), "ex4", {})

    assert cells(made.content) == ["40", ""]
    assert made.left == (
        "Participant 42, Kim Lee: 2 students have 'Kim Lee': s4, s5",
        "Kim Lee (s5): a grade, but no row in the file",
    )


def test_an_address_that_two_students_have_is_said_to_be_so() -> None:
    """A teacher who read "no such student" would look for somebody who is there."""
    roster = (Student("s1", email="ana@uni.example"), Student("al1", email="Ana@uni.example"))

    made = moodle_worksheet.fill_in(page(row(41, ANA)), sheet({"s1": 4.0}, roster), "ex4", {})

    assert made.left[0] == (
        "Participant 41, Ana O'Brien_Lee: 2 students have 'ana@uni.example': al1, s1"
    )


def test_a_row_that_says_two_things_is_left() -> None:
    form = page(row(42, ANA))

    made = moodle_worksheet.fill_in(form, sheet({"s1": 4.0}), "ex4", FOLDERS)

    assert made.content == form
    assert "can be read as Ana O'Brien_Lee (s1) and as Bea" in made.left[0]


def test_words_go_where_they_are_asked_for_and_end_no_cell() -> None:
    form = page(row(41, ANA), row(42, BEA))
    said = {"s1": '<p class="a">=1+1, "C:\\"\nand\\</p>', "s2": ""}

    comments = Comments("Feedback comments", said.__getitem__)
    made = moodle_worksheet.fill_in(form, sheet({"s1": 4.0}), "ex4", {}, comments)

    first, second = cells(made.content, "Feedback comments")
    assert first == '<p class="a">=1+1, "C:&#92;"\nand&#92;</p>'
    assert second == ""


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"Student,ID,SIS Login ID,Section,Ex 4 (12)\n", "no grading worksheet"),
        (page(row(41, ANA)).decode().encode("utf-16"), "not UTF-8"),
        (page(row(41, ANA) + '"'), "a quote is not closed"),
        (page(row(41, ANA, most='"Good, Bad"')), "no column with the maximum grade"),
        (page(row(41, ANA, "70,5")), "line 2 has 12 cells, the header 11"),
        (b"", "no grading worksheet"),
    ],
)
def test_what_is_no_worksheet_is_refused_with_a_reason(raw: bytes, says: str) -> None:
    if says.endswith("maximum grade"):
        raw = raw.replace(b"Maximum grade", b"Scale")

    with pytest.raises(UsageError, match=says):
        moodle_worksheet.fill_in(raw, sheet({"s1": 4.0}), "ex4", {})


def test_a_worksheet_tells_the_numbers_of_a_group() -> None:
    assert moodle_worksheet.read_numbers(page(row(41, ANA), row(42, BEA)), sheet({}), {}) == NUMBERS
