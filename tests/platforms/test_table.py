"""CSV of our own: what a spreadsheet computes, what it counts."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from grader.classroom.cohort import Student
from grader.platforms import nbgrader
from grader.platforms.scores import Score, number, plain, scores
from grader.platforms.table import wide
from grader.reporting.exporters.csvfile import guarded, write
from grader.rounding import exact
from tests.samples_sheet import CLASS, DUE, FORMULA, sheet

FULL_WIDTH = ("\uff1d1+1", "\uff0b1", "\uff0dx", "\uff20x")


def table(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode())))


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", *FULL_WIDTH],
)
def test_what_a_spreadsheet_would_compute_becomes_text(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["-5", "+5", "-0.5", "-1,5", "-.5", "1e-5", "-2%", "", "a=b", "007"]
)
def test_numbers_and_harmless_words_stay_as_they_are(cell: str) -> None:
    assert guarded(cell) == cell


def test_an_arabic_number_with_a_sign_is_no_number_to_most_spreadsheets() -> None:
    assert guarded("-٣") == "'-٣"


def test_no_cell_of_an_export_is_a_formula_in_any_dialect() -> None:
    page = wide(sheet({"s6": 3.5})).decode()

    for delimiter in ",;\t":
        cells = [cell for row in csv.reader(io.StringIO(page), delimiter=delimiter) for cell in row]
        assert not [cell for cell in cells if cell.lstrip().startswith(tuple("=+-@"))]
    assert f"'{FORMULA.name}" in (cell for row in csv.reader(io.StringIO(page)) for cell in row)


def test_a_table_has_one_row_a_student_with_points_and_total() -> None:
    rows = table(wide(sheet({"s1": 7.25, "s2": 0.0})))

    assert [row["student"] for row in rows] == [student.id for student in CLASS]
    assert [rows[1]["name"], rows[2]["name"]] == [CLASS[1].name, CLASS[2].name]
    assert [(row["ex4"], row["total"]) for row in rows[:3]] == [
        ("7.25", "72.5"),
        ("0", "0"),
        ("", ""),
    ]


def test_points_are_numbers_and_texts_are_not() -> None:
    """`s1` quoted, 7.25 not: so a spreadsheet adds the one and leaves the other."""
    assert b'"s1","Ana O\'Brien_Lee","ana@uni.example","",7.25,72.5\n' in wide(sheet({"s1": 7.25}))


def test_a_name_that_is_no_text_at_all_can_be_written() -> None:
    assert write([["\ud800\x00", 1]]) == b'"\\ud800\x00",1\n'


def test_nbgraders_columns_are_those_that_nbgrader_writes() -> None:
    book = sheet({"s1": 6.0})
    late = replace(book.grades["s1", "ex4"], penalty=1.5)

    rows = table(nbgrader.rows(replace(book, grades={("s1", "ex4"): late})))

    assert rows[0] == {
        "assignment": "ex4",
        "duedate": "2026-11-20T12:00:00+00:00",
        "timestamp": "2026-11-20T12:00:00+00:00",
        "student_id": "s1",
        "last_name": "O'Brien_Lee",
        "first_name": "Ana",
        "email": "ana@uni.example",
        "raw_score": "7.5",
        "late_submission_penalty": "1.5",
        "score": "6",
        "max_score": "10",
    }
    assert {row["score"] for row in rows[1:]} == {""}


def test_nbgrader_is_told_no_time_that_nobody_told() -> None:
    book = sheet({"s1": 6.0})
    grade = replace(book.grades["s1", "ex4"], told=False)

    rows = table(nbgrader.rows(replace(book, grades={("s1", "ex4"): grade})))

    assert (rows[0]["score"], rows[0]["timestamp"]) == ("6", "")


def test_the_due_date_is_the_students_own() -> None:
    rows = table(
        nbgrader.rows(
            replace(sheet({"s1": 6.0}), extended={("s2", "ex4"): DUE + timedelta(days=7)})
        )
    )

    assert [row["duedate"][:10] for row in rows[:3]] == ["2026-11-20", "2026-11-27", "2026-11-20"]


def test_a_total_is_shown_as_it_is_everywhere() -> None:
    rows = table(wide(replace(sheet({"s1": 3.0}), totals={"s1": 300 / 7})))

    assert rows[0]["total"] == "42.86"


def test_a_third_scaled_to_a_half_cent_rounds_up() -> None:
    """1/3 as a float is too small: 0.33333333333333331 of 0.015 would round to 0.00."""
    assert Score(exact(1 / 3), Fraction(1)).scaled(exact(0.015), 2) == Decimal("0.01")


@pytest.mark.parametrize(("points", "written"), [(12.0, "10"), (-1.0, "0"), (10.0, "10")])
def test_no_grade_leaves_that_is_above_the_maximum_or_below_zero(
    points: float, written: str
) -> None:
    assert plain(Score(exact(points), Fraction(10)).scaled(Fraction(10), 2)) == written


def test_rounding_never_passes_a_maximum_with_more_places() -> None:
    assert Score(Fraction(1), Fraction(1)).scaled(exact(33.336), 2) == Decimal("33.33")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("100,00", 100),
        ("1.234,5", 1234.5),
        ("1,234.50", 1234.5),
        ("9.50", 9.5),
        ("0", 0),
        ("-", None),
    ],
)
def test_numbers_are_read_in_either_notation(cell: str, value: float | None) -> None:
    assert number(cell) == (None if value is None else exact(value))


def test_grading_that_failed_on_our_side_is_no_grade() -> None:
    """A zero would be the student's loss."""
    book = sheet({"s1": 0.0}, standing="broken")
    word = replace(book.grades["s1", "ex4"], points=8.0, overridden=True)

    assert scores(book, "ex4") == {}
    assert scores(replace(book, grades={("s1", "ex4"): word}), "ex4")["s1"].points == 8


def test_ids_that_look_like_numbers_stay_ids() -> None:
    odd = tuple(Student(id_) for id_ in ("NaN", "1e5", "TRUE", "007"))

    rows = list(csv.reader(io.StringIO(wide(sheet({}, odd)).decode())))

    assert [row[0] for row in rows[1:]] == ["NaN", "1e5", "TRUE", "007"]
