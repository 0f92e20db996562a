"""Files for Canvas, read by its importers' rules restated here from their source."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace

import nbformat
import pytest

from grader.classroom.cohort import Student
from grader.errors import UsageError
from grader.platforms import canvas
from tests.samples_sheet import ANA, BEA, CEM, CLASS, FORMULA, sheet

HEADER = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,A training loop (812),"
    '"Essay, ""draft"" (813)",Assignments Current Score,Final Score\r\n'
)
POSTING = ",,,,,,Manual Posting,,,\r\n"
POSSIBLE = "    Points Possible,,,,,,10.00,5.00,(read only),(read only)\r\n"
ASSIGNMENTS = {812: "A training loop", 813: 'Essay, "draft"'}
CELL = {"cell_type": "code", "source": "x = 1", "outputs": [], "metadata": {}, "id": "a"}
NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [{**CELL, "execution_count": None}],
}
MARRIED = Student("s1", "Ana Kaya")
USERS = {int(student.aliases[0]): student.id for student in CLASS}


def row(student: Student, score: str = "", *, sis: str = "", login: str = "", id_: str = "") -> str:
    last_first = ", ".join(reversed(student.name.rsplit(" ", 1))).replace('"', '""')
    canvas_id = id_ or student.aliases[0]
    return (
        f'"{last_first}",{canvas_id},{sis},{login},Lab 1,"keep;  this", {score} ,3.00,80.1,80.1\r\n'
    )


def page(*rows: str, possible: str = POSSIBLE) -> bytes:
    return f"{HEADER}{POSTING}{possible}{''.join(rows)}".encode()


def imported(raw: bytes, old: Mapping[tuple[str, int], str]) -> dict[tuple[str, int], str]:
    """What changes in Canvas, by student and assignment: lib/gradebook_importer.rb."""
    lines = raw.decode().splitlines()[:3]  # identify_delimiter
    counts = {
        mark: {len(next(csv.reader([line], delimiter=mark))) for line in lines} for mark in ";,"
    }
    width = {mark: found.pop() if len(found) == 1 else 0 for mark, found in counts.items()}
    rows = csv.reader(io.StringIO(raw.decode()), delimiter=";" if width[";"] > width[","] else ",")
    header = next(rows)
    assert len(header) > 3  # row_has_student_headers?
    assert "Student" in header[0]
    assert "ID" in header[1]
    columns = {at: _assignment(name) for at, name in enumerate(header) if at > 5}
    changes = {}
    for cells in rows:
        aside = all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell) for cell in cells)
        if aside or "Points Possible" in cells[0]:
            continue
        student = USERS[int(cells[1])]
        for at, assignment in columns.items():
            new, before = cells[at].strip(), old.get((student, assignment or 0), "")
            if assignment and _changed(before, new):
                changes[student, assignment] = new
    return changes


def _assignment(name: str) -> int | None:
    """By id, else by title; totals are no assignments; any other name makes a new one."""
    if re.search(r"(Current|Final) (Score|Points|Grade)", name):
        return None
    found = re.search(r" \((\d+)\)$", name)
    return int(found[1]) if found else {v: k for k, v in ASSIGNMENTS.items()}[name]


def _changed(old: str, new: str) -> bool:
    """no_change_to_value?: both rounded to two decimals."""
    if old == new or {old, new} <= {"", "-"}:
        return False
    if not (old and new) or "EX" in {old.upper(), new.upper()}:
        return True
    return round(float(old), 2) != round(float(new), 2)


def test_only_the_cells_with_a_new_grade_change() -> None:
    raw = page(row(ANA), row(BEA, "4.00"), row(CEM, "9.00"))

    made = canvas.gradebook(raw, sheet({"s1": 7.255, "s2": 8.0}), {"ex4": ""})

    assert made.content == raw.replace(b",  ,3.00", b",7.26,3.00", 1).replace(
        b", 4.00 ,", b",8.00,"
    )
    assert (made.written, made.notes) == (2, ("1 of them replace another grade",))


def test_canvas_sees_just_the_new_grades() -> None:
    raw = page(*(row(student) for student in CLASS))
    points = {student.id: 10 / 3 for student in CLASS}

    made = canvas.gradebook(raw, sheet(points), {"ex4": ""})

    old = {(student.id, 813): "3.00" for student in CLASS}
    assert imported(made.content, old) == {(id_, 812): "3.33" for id_ in points}


def test_a_file_with_semicolons_stays_one() -> None:
    """As Canvas writes it where a comma is the decimal sign."""
    raw = (
        "\ufeffStudent;ID;SIS Login ID;Section;A training loop (812)\n"
        '    Points Possible;;;;"10,00"\n"Lee; Kim";1004;kim@uni.example;Lab;"4,50"\n'
    ).encode()

    made = canvas.gradebook(raw, sheet({"s4": 6.5}), {"ex4": "812"})

    assert made.content == raw.replace(b'"4,50"', b"6.50")


@pytest.mark.parametrize(("old", "written"), [("7.26", 0), ("7.255", 1), ("7,26", 0), ("-", 1)])
def test_a_grade_that_is_there_to_two_decimals_is_not_written_again(old: str, written: int) -> None:
    raw = page(row(ANA, f'"{old}"').replace(' "', '"').replace('" ', '"'))

    assert canvas.gradebook(raw, sheet({"s1": 7.255}), {"ex4": ""}).written == written


@pytest.mark.parametrize("word", ["EX", "ex", "N/A", "complete"])
def test_a_teachers_word_in_a_cell_stays(word: str) -> None:
    raw = page(row(ANA, word))

    made = canvas.gradebook(raw, sheet({"s1": 7.0}), {"ex4": ""})

    assert made.content == raw
    assert made.left == (f"Ana O'Brien_Lee (s1): {word!r} stays in the file",)


def test_points_are_scaled_to_the_points_possible() -> None:
    possible = POSSIBLE.replace("10.00", '"1,000.00"')

    made = canvas.gradebook(page(row(ANA), possible=possible), sheet({"s1": 7.25}), {"ex4": ""})

    assert imported(made.content, {("s1", 813): "3.00"}) == {("s1", 812): "725.00"}


@pytest.mark.parametrize(
    "line",
    [
        row(MARRIED, id_="5", sis="s1"),
        row(MARRIED, id_="5", login="ANA@uni.example"),
        row(MARRIED, id_="5", login="1001"),
        row(ANA, id_="5"),
    ],
    ids=["SIS id", "address", "alias", "name"],
)
def test_a_student_is_known_by_any_identifier_and_by_a_name_of_one(line: str) -> None:
    assert canvas.gradebook(page(line), sheet({"s1": 7.0}), {"ex4": ""}).written == 1


def test_an_id_that_is_another_students_number_is_not_believed() -> None:
    """Canvas's own ids are small numbers, and so may be a school's."""
    book = sheet({"s1": 7.0, "1001": 3.0}, (replace(ANA, aliases=()), Student("1001", "Bo Ek")))
    raw = page(row(ANA))

    made = canvas.gradebook(raw, book, {"ex4": ""})

    assert made.content == raw
    assert "can be read as Bo Ek (1001) and as Ana O'Brien_Lee (s1)" in made.left[0]


def test_two_rows_of_one_student_are_both_left() -> None:
    raw = page(row(ANA), row(ANA, login="ana@uni.example", id_="5"))

    made = canvas.gradebook(raw, sheet({"s1": 7.0}), {"ex4": ""})

    assert made.content == raw
    assert sum("not the only row" in line for line in made.left) == 2


def test_two_exercises_fill_two_columns() -> None:
    book = sheet({"s1": 7.0})

    made = canvas.gradebook(page(row(ANA)), book, {"ex4": "812", "total": 'Essay, "draft"'})

    assert imported(made.content, {}) == {("s1", 812): "7.00", ("s1", 813): "3.50"}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "no column is called 'A training loop'"),
        ("815", "no column is called '815'"),
        ("Twice", "several columns are called 'Twice'"),
        ("Final Score", "does not read the column 'Final Score'"),
        ("Total (7)", "does not read the column"),
    ],
)
def test_a_column_that_is_not_clear_is_refused(name: str, says: str) -> None:
    header = "Student,ID,SIS Login ID,Section,Twice (1),Twice (2),Total (7),Final Score\n"
    raw = f"{header}    Points Possible,,,,1,1,(read only),\n".encode()

    with pytest.raises(UsageError, match=re.escape(says)):
        canvas.gradebook(raw, sheet({"s1": 7.0}), {"ex4": name})


@pytest.mark.parametrize(
    "raw",
    [b"", b"Student,ID\n", b"student,name,ex4\nana,Ana,3\n", b"Student,Name,Mail,Section,X\n"],
)
def test_what_is_no_gradebook_of_canvas_is_refused(raw: bytes) -> None:
    with pytest.raises(UsageError, match="no gradebook of Canvas"):
        canvas.gradebook(raw, sheet({"s1": 7.0}), {"ex4": ""})


def test_names_in_two_columns_and_lone_line_ends_are_read_too() -> None:
    raw = (
        b"LastName,FirstName,ID,SIS Login ID,Section,A training loop (812)\r"
        b"    Points Possible,,,,,10\rLee,Kim,5,kim@uni.example,Lab,\rO'Brien_Lee,Ana,6,,Lab,"
    )

    made = canvas.gradebook(raw, sheet({"s4": 5.0, "s1": 6.0}), {"ex4": ""})

    assert made.content.endswith(b"Lab,5.00\rO'Brien_Lee,Ana,6,,Lab,6.00")


def test_a_formula_that_stood_there_stays_as_canvas_wrote_it() -> None:
    """Canvas knows the student by this very cell; it guards such names itself."""
    line = row(FORMULA)

    made = canvas.gradebook(page(line), sheet({"s6": 1.0}), {"ex4": ""})

    assert line.split(",1006")[0].encode() in made.content


def test_feedback_keeps_the_names_that_canvas_gave() -> None:
    origin = "export.zip/leekim_LATE_1004_77_my_ex4-2.py"
    text = (CLASS[3], "leekim_1004_text.html", b"", "")

    made = canvas.feedback([(CLASS[3], origin, b"x = 1\n", "not yet\n\n2 of 3"), text])

    archive = zipfile.ZipFile(io.BytesIO(made.content))
    (name,) = archive.namelist()
    assert [part for part in name.split("_") if part.isdecimal()][:2] == ["1004", "77"]
    assert archive.read(name) == b"# not yet\n#\n# 2 of 3\n\nx = 1\n"
    assert "'leekim_1004_text.html' is no name that Canvas gave" in made.left[0]


def test_feedback_on_a_notebook_is_its_first_cell() -> None:
    made = canvas.annotate("ex4.ipynb", json.dumps(NOTEBOOK).encode(), "not yet")

    read = json.loads(made)
    nbformat.validate(read)
    assert [cell["source"] for cell in read["cells"]] == ["not yet", "x = 1"]


def test_half_a_character_in_a_notebook_stops_nobody_s_feedback() -> None:
    raw = json.dumps({**NOTEBOOK, "metadata": {"title": "\ud800"}}).encode()

    assert (
        json.loads(canvas.annotate("ex4.ipynb", raw, "not yet"))["cells"][0]["source"] == "not yet"
    )


@pytest.mark.parametrize("raw", [b"", b"[]", b'{"nbformat": 4}', b"\xff", b"[" * 100_000])
def test_feedback_on_what_is_no_notebook_is_the_words_alone(raw: bytes) -> None:
    assert canvas.annotate("ex4.ipynb", raw, "not yet") == b"not yet"


def test_words_cannot_end_the_comment_they_are_in() -> None:
    made = canvas.annotate("ex4.py", b"", "a\rimport os\x0bimport os\u2028import os\n")

    assert all(line.startswith("#") for line in made.decode().splitlines() if line)
