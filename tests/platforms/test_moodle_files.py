"""Moodle's gradebook file and feedback zip, read by rules restated here from their importers."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import PurePosixPath

import pytest

from grader.classroom.cohort import Sheet, Student
from grader.errors import UsageError
from grader.platforms import moodle
from tests.samples_sheet import ANA, BEA, CLASS, FORMULA, sheet

NUMBERS = {"41": "s1", "42": "s2"}


def imported(raw: bytes, known: Mapping[str, str], most: float = 100) -> dict[str, float]:
    """All or nothing: gradeimport_csv_load_data (grade/import/csv/classes/load_data.php)."""
    _, *rows = csv.reader(io.StringIO(raw.decode()))
    student, grades = "", dict[str, float]()
    for who, value, *_ in rows:
        if who.strip() not in {"", "0"}:  # PHP's empty(): the row before is taken instead
            student = known[who.strip()]  # KeyError: usermappingerror
        if value in {"", "-"}:
            raise ValueError("no grade: erases the one that is there")
        if float(value) > most:
            raise ValueError("gradevaluetoobig")
        grades[student] = float(value)
    return grades


@pytest.mark.parametrize("by", ["email", "id"])
def test_a_gradebook_file_holds_only_rows_that_moodle_takes(by: str) -> None:
    nameless = Student("0", "Zero")
    students = (*CLASS, nameless, Student("s8", "Same Address", ANA.email.upper()))
    points = {student.id: 5.0 for student in students}

    made = moodle.gradebook(sheet(points, students), "ex4", by)

    known = {getattr(student, by): student.id for student in students}
    grades = imported(made.content, known)
    left = {student.id for student in students} - set(grades)
    assert left == ({"0", "s1", "s8"} if by == "email" else {"0"})
    assert len(made.left) == len(left)


def test_an_address_that_is_a_formula_is_left_out() -> None:
    """An apostrophe before it would make it unknown, and the whole file would be refused."""
    eve = replace(FORMULA, email="=cmd@uni.example")

    made = moodle.gradebook(sheet({"s6": 5.0, "s1": 5.0}, (ANA, eve)), "ex4", "email")

    assert imported(made.content, {ANA.email: "s1"}) == {"s1": 5.0}
    assert "'=cmd@uni.example' does not tell Moodle who it is" in made.left[0]


def test_a_gradebook_file_may_be_out_of_another_maximum() -> None:
    book = sheet({"s1": 400.0}, max_points=600.0)

    made = moodle.gradebook(book, "ex4", "email", Fraction(100))

    assert made.content.decode().splitlines() == [
        '"Email address","A training loop"',
        '"ana@uni.example",66.66667',
    ]


def test_grades_above_a_hundred_come_with_a_warning() -> None:
    """Moodle would refuse the whole file, unless the site allows such grades."""
    made = moodle.gradebook(sheet({"s1": 101.0}, max_points=600.0), "ex4", "email")

    assert "above 100" in made.notes[0]


def test_the_total_can_be_exported_too() -> None:
    made = moodle.gradebook(sheet({"s1": 7.25}), "total", "email")

    assert imported(made.content, {ANA.email: "s1"}) == {"s1": 72.5}


def test_a_total_is_scaled_before_it_is_rounded() -> None:
    """Rounded to 42.86 first, it would be 12.858."""
    book = replace(sheet({"s1": 3.0}), totals={"s1": 300 / 7})

    made = moodle.gradebook(book, "total", "email", Fraction(30))

    assert imported(made.content, {ANA.email: "s1"}) == {"s1": 12.85714}


def unpacked(raw: bytes, participants: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """Whose feedback a zip holds: is_valid_filename_for_import (feedback/file/importziplib.php)."""
    taken: dict[str, Sequence[str]] = {}
    for name in zipfile.ZipFile(io.BytesIO(raw)).namelist():
        parts = re.sub(r"[\x00-\x1f&<>\"`|':\\]", "", name).split("/")  # clean_param, PARAM_PATH
        if PurePosixPath(name).name.startswith((".", "~")):
            continue
        for at, part in enumerate(parts):
            info = part.split("_", 4)
            if (
                len(info) >= 4
                and info[1] in participants
                and info[2:4] == ["assignfeedback", "file"]
            ):
                taken[participants[info[1]]] = [*filter(None, info[4:]), *parts[at + 1 :]]
                break
    return taken


def test_moodle_finds_everybodys_feedback_in_the_zip() -> None:
    hostile = Student("s7", "../../a_7_b\\~.x/\u202e\x00", "x@uni.example")
    students = (*CLASS, hostile)
    numbers = {str(50 + at): student.id for at, student in enumerate(students)}

    made = moodle.feedback(((student, b"<html>") for student in students), numbers)

    assert unpacked(made.content, numbers) == {id_: ["feedback.html"] for id_ in numbers.values()}
    assert not [n for n in zipfile.ZipFile(io.BytesIO(made.content)).namelist() if ".." in n]


def test_who_has_no_number_gets_no_page_and_is_listed() -> None:
    made = moodle.feedback([(ANA, b"a"), (BEA, b"b")], {"41": "s1"})

    assert made.written == 1
    assert made.left == (
        'Bea "B", Ngô (s2): no participant number is known; --worksheet FILE tells them all',
    )


def test_a_worksheet_that_was_given_is_not_asked_for_again() -> None:
    made = moodle.feedback([(BEA, b"b")], {"41": "s1"}, listed=True)

    assert made.left == ('Bea "B", Ngô (s2): no row of the worksheet is theirs',)


def test_the_same_feedback_makes_the_same_zip() -> None:
    pages = [(ANA, b"a"), (BEA, b"b")]

    assert moodle.feedback(pages, NUMBERS) == moodle.feedback(pages, NUMBERS)


def test_an_exercise_that_is_not_there_is_refused() -> None:
    book: Sheet = sheet({"s1": 1.0})

    with pytest.raises(UsageError, match="no exercise 'ex9'"):
        moodle.gradebook(book, "ex9", "email")
