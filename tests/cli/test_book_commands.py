"""`grade book` as a person types it, on both databases."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.classroom.cohort import Attempt, Grading, Student
from grader.classroom.gradebook import Override, opened
from grader.cli.commands import main
from grader.course.format import BookRules
from tests.books import NOON, attempt, grading, report
from tests.handing_in import course as fresh_course
from tests.samples_report import exported

DUE_AT_NOON = "  exercises: {ex1: {due: 2026-11-30T12:00:00+00:00}}\n"
Grade = Callable[..., Result]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fresh_course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def grade(folder: Path, url: str) -> Grade:
    environment = {"GRADE_COURSE": str(folder), "GRADE_BOOK": url, "COLUMNS": "80"}

    def run(*words: str, answer: str = "") -> Result:
        asked = ("book", *words)
        return CliRunner().invoke(main, asked, env=environment, input=answer, prog_name="grade")

    return run


@pytest.fixture
def filled(grade: Grade, url: str) -> Grade:
    """Two students, three attempts."""
    with opened(url, "fresh") as book:
        book.enrol([Student("ana", "Ana", "ana@example.org"), Student("ben", "=cmd|calc")])
        book.keep(attempt("ana"), grading(4, report=report([("a", 4, 10)], ["no_zero"])))
        book.keep(attempt("ana", raw=b"2"), grading(7.25, report=report([("a", 7.25, 10)])))
        book.keep(attempt("ben"), grading(0, "broken"))
    return grade


def test_show_is_plain_where_no_person_looks(filled: Grade) -> None:
    done = filled("show")

    assert done.stdout.splitlines() == [
        "student\ttotal\tex1",
        "ana\t72.5%\t7.25",
        "ben\t-\t!",
    ]
    assert "it costs nobody points" in done.stderr


def test_students_are_in_the_order_that_people_count_in(grade: Grade, url: str) -> None:
    with opened(url, "fresh") as book:
        book.enrol(Student(f"p{number}") for number in (10, 2, 1))

    rows = grade("show").stdout.splitlines()[1:]

    assert [row.split("\t")[0] for row in rows] == ["p1", "p2", "p10"]


def test_show_tells_of_results_of_an_earlier_version(filled: Grade, url: str) -> None:
    with opened(url, "fresh") as book:
        new = replace(grading(12), at=NOON + timedelta(1), max_points=12.0)
        book.keep(attempt("eve"), new)

    says = "2 results of ex1 are of an earlier version of it, of 10 points instead of 12: "
    assert says in filled("show").stderr
    assert says in filled("stats").stderr


def test_show_one_student_in_full(filled: Grade) -> None:
    done = filled("show", "--student", "ana@example.org")

    (row,) = csv.DictReader(done.stdout.splitlines(), delimiter="\t")
    assert (row["points"], row["standing"], row["tries"]) == ("7.25/10", "not yet", "2")


def test_export_has_one_row_a_student_and_no_formula(filled: Grade) -> None:
    done = filled("export")

    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["student"], row["ex1"], row["total"]) for row in rows] == [
        ("ana", "7.25", "72.5"),
        ("ben", "", ""),
    ]
    assert rows[1]["name"] == "'=cmd|calc"


def test_export_without_names(filled: Grade) -> None:
    done = filled("export", "--anonymous")

    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 3
    assert "ana" not in done.stdout
    assert sorted(row["counts"] for row in rows) == ["no", "yes", "yes"]


def test_stats_for_people_and_for_programs(filled: Grade) -> None:
    done = filled("stats", "--exercise", "ex1")
    assert "fit: no_zero (match)\t\t1\t1" in done.stdout  # it is in the exercise no more
    assert "\t·······█··\n" in done.stdout

    (found,) = json.loads(filled("stats", "--json").stdout)["exercises"]

    assert (found["spread"]["n"], found["spread"]["mean"]) == (1, 7.25)
    assert [check["check"] for check in found["checks"]] == ["a"]


def test_stats_quote_what_a_misconception_says(grade: Grade, url: str) -> None:
    told = report([("value", 0, 10)], ["value"]).replace(b'"fit"', b'"slope"')
    with opened(url, "fresh") as book:
        book.keep(attempt("ana"), grading(0, report=told))

    shown = grade("stats", "--exercise", "ex1").stdout

    assert (
        "slope: value (match)\tThat is the value of $f$ at `x`, not its slope there.\t1\t1" in shown
    )


def test_an_override_is_shown_with_its_reason_and_taken_back(filled: Grade) -> None:
    words = ("override", "ana", "ex1")
    assert "9.5 of 10" in filled(*words, "9.5", "--reason", "a typo", "--by", "me").stderr
    assert "a typo" in filled("show", "--exercise", "ex1").stdout

    filled(*words, "none", "--reason", "it was none", "--by", "me")

    assert "ana\t72.5%\t7.25" in filled("show").stdout
    assert [line.split("\t")[1:4] for line in filled("log").stdout.splitlines()[-2:]] == [
        ["me", "override", "ana"]
    ] * 2


def test_an_extension_is_logged(filled: Grade) -> None:
    done = filled("extend", "ana", "ex1", "2026-12-07T23:59:00+01:00", "--by", "me")

    assert done.exit_code == 0, done.output
    assert filled("log").stdout.endswith("exercise=ex1 due=2026-12-07T23:59:00+01:00\n")
    (row,) = csv.DictReader(filled("show", "--student", "ana").stdout.splitlines(), delimiter="\t")
    due = datetime.fromisoformat("2026-12-07T23:59:00+01:00")
    assert datetime.fromisoformat(row["extended to"]) == due  # with a zone


@pytest.mark.parametrize(
    ("rules", "due", "says"),
    [
        ("due: 2026-11-30T12:00:00+01:00", "2025-12-07T12:00:00+01:00", "is due for all at 2026-"),
        ("weight: 1", "2006-12-07T12:00:00+01:00", "more than a year ago"),
        ("weight: 1", "9999-12-07T12:00:00+01:00", "is no due date"),
    ],
)
def test_what_would_make_work_late_is_no_extension(
    filled: Grade, tmp_path: Path, rules: str, due: str, says: str
) -> None:
    own = fresh_course(tmp_path)
    with (own / "exercises" / "course.yaml").open("a") as about:
        about.write(f"book: {{exercises: {{ex1: {{{rules}}}}}}}\n")

    done = filled("extend", "ana", "ex1", due, "--course", str(own))

    assert (done.exit_code, says in done.stderr) == (2, True), done.stderr
    assert "extend" not in filled("log").stdout


def test_an_extension_is_taken_back(filled: Grade) -> None:
    filled("extend", "ben", "ex1", "2026-12-07T23:59:00+01:00")

    assert "when it is for everybody" in filled("extend", "ben", "ex1", "none").stderr

    assert "2026-12-07" not in filled("show", "--student", "ben").stdout
    again = filled("extend", "ben", "ex1", "none")
    assert (again.exit_code, "ben has no extension in ex1" in again.stderr) == (2, True)


def test_an_extension_of_who_has_handed_in_nothing_is_shown(filled: Grade, url: str) -> None:
    with opened(url, "fresh") as book:
        book.enrol([Student("zoe")])
    filled("extend", "zoe", "ex1", "2026-12-07T23:59:00+01:00")

    assert "zoe\tex1\t-\t-\t0\t\t-\t2026-12-07" in filled("show", "--student", "zoe").stdout


def test_a_time_that_no_platform_told_is_not_shown(filled: Grade, url: str) -> None:
    with opened(url, "fresh") as book:
        book.keep(replace(attempt("eve"), told=False), grading())

    (row,) = csv.DictReader(filled("show", "--student", "eve").stdout.splitlines(), delimiter="\t")
    assert row["handed in"] == "not told"


def test_more_than_the_exercise_is_worth_must_be_meant(filled: Grade) -> None:
    words = ("override", "ana", "ex1", "11", "--reason", "a bonus")
    refused = filled(*words)

    assert (refused.exit_code, "more than the 10 points" in refused.stderr) == (2, True)
    assert filled(*words, "--above").exit_code == 0
    assert "11*" in filled("show").stdout


def test_the_log_is_in_words(filled: Grade, url: str) -> None:
    with opened(url, "fresh") as book:
        book.note_rules(BookRules(), "me")

    first, *_, last = filled("log").stdout.splitlines()[1:]

    assert first.endswith("enrol\tana\tnew=yes")
    assert last.endswith("keep=best attempts=none late.policy=none")


def lost(student: str, raw: bytes) -> Attempt:
    """A file that says of no exercise of the course that it is it."""
    return replace(attempt(student, "", raw), name="final.py")


UNREAD = Grading("k", NOON, "unreadable", 0, 0, problem="no exercise is named")


def test_what_belongs_to_no_exercise_is_told_but_not_counted(filled: Grade, url: str) -> None:
    before = [filled(word).stdout for word in ("show", "export", "stats")]
    with opened(url, "fresh") as book:
        book.keep(lost("ana", b"what is this"), UNREAD)
        book.keep(lost("ana", b"2"), UNREAD)  # known as ex1 elsewhere

    rows = filled("show", "--student", "ana").stdout.splitlines()[1:]

    assert [row.split("\t")[1] for row in rows] == ["ex1", "?"]
    assert rows[1].endswith("final.py: no exercise is named")
    assert [filled(word).stdout for word in ("show", "export", "stats")] == before


def test_who_handed_in_only_that_is_not_told_to_have_handed_in_nothing(
    grade: Grade, url: str
) -> None:
    with opened(url, "fresh") as book:
        book.keep(lost("bob", b"what is this"), UNREAD)

    done = grade("report", "bob", "ex1")

    assert (done.exit_code, "final.py (no exercise is named)" in done.stderr) == (4, True)


def test_a_roster_is_enrolled(grade: Grade, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name,email\nana,Ana,ana@example.org\nben,Ben,\n")

    assert "2 students, 2 new or changed" in grade("enrol", str(roster)).stderr

    assert "2 students, 0 new or changed" in grade("enrol", str(roster)).stderr
    assert [line.split("\t")[0] for line in grade("show").stdout.splitlines()[1:]] == ["ana", "ben"]


def test_a_roster_that_is_refused_makes_no_book(folder: Path, tmp_path: Path) -> None:
    file, roster = tmp_path / "book.db", tmp_path / "roster.csv"
    roster.write_text("id,email\nana,a@example.org\nben,A@example.org\n")
    asked = ("book", "enrol", str(roster), "--book", str(file), "--course", str(folder))

    done = CliRunner().invoke(main, asked, prog_name="grade")

    assert (done.exit_code, "ana and ben have one e-mail" in done.stderr) == (2, True)
    assert not file.exists()


def test_forget_tells_what_other_courses_know(filled: Grade, url: str) -> None:
    with opened(url, "fresh") as book:
        book.enrol([Student("ana", email="ana@example.org", aliases=("4711", "Participant 7"))])
    with opened(url, "other") as book:
        book.enrol([Student("a.lee", email="Ana@example.org"), Student("Participant 7")])
        book.keep(attempt("ana"), grading())
        book.keep(attempt("4711"), grading())
    with opened(url, "third") as book:
        book.keep(attempt("ben"), grading())

    done = filled("forget", "ana", "--yes")

    assert "ana is forgotten in the course fresh" in done.stderr
    assert "the course other in this gradebook knows ana, too" in done.stderr
    assert "`grade book forget ana --course DIR`" in done.stderr
    assert "`grade book forget 4711 --course DIR`" in done.stderr
    assert "`grade book forget a.lee --course DIR`" in done.stderr
    assert "Participant 7" not in done.stderr  # somebody else
    assert "third" not in done.stderr


def test_who_does_not_answer_has_interrupted(filled: Grade) -> None:
    done = filled("forget", "ana", answer="")

    assert (done.exit_code, "grade: interrupted" in done.stderr) == (130, True)
    assert "ana" in filled("show").stdout


def test_forget_asks_first(filled: Grade) -> None:
    assert filled("forget", "ana", answer="n\n").exit_code == 0
    assert "ana" in filled("show").stdout

    assert filled("forget", "ana", "--yes").exit_code == 0

    assert "ana" not in filled("show").stdout
    assert "no student 'ana'" in filled("forget", "ana", "--yes").stderr


def test_the_report_that_counts(filled: Grade, url: str) -> None:
    page = exported("json", "matched").encode()
    with opened(url, "fresh") as book:
        book.keep(attempt("ana", raw=b"3"), grading(9, report=page))

    done = filled("report", "ana", "ex1", "--format", "html")

    assert done.exit_code == 0, done.output
    assert "A training loop by hand" in done.stdout


def test_the_report_says_what_being_late_cost(filled: Grade, url: str, tmp_path: Path) -> None:
    own = fresh_course(tmp_path)
    with (own / "exercises" / "course.yaml").open("a") as about:
        about.write(f"book:\n  late: {{policy: per_day, percent: 10}}\n{DUE_AT_NOON}")
    with opened(url, "fresh") as book:
        page = exported("json", "matched").encode()
        book.keep(attempt("eve", late=1), grading(10, report=page))

    done = filled("report", "eve", "ex1", "--course", str(own), "--format", "json")

    assert json.loads(done.stdout)["notes"][0] == "For being late, 1 point was taken off."


def test_a_file_that_could_not_be_read_has_no_report(filled: Grade, url: str) -> None:
    unread = replace(grading(0, "unreadable"), problem="ex1.py is not UTF-8")
    with opened(url, "fresh") as book:
        book.keep(attempt("eve"), unread)

    done = filled("report", "eve", "ex1")

    assert done.exit_code == 4
    assert "ex1.py is not UTF-8" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("show", "--student", "anna"), "did you mean ana?"),
        (("show", "--exercise", "ex11"), "did you mean ex1?"),
        (("report", "zoe", "ex1"), "no student 'zoe'"),
        (("override", "ana", "ex1", "nan", "--reason", "r"), "no number of points"),
        (("override", "ana", "ex1", "-1", "--reason", "r"), "'-1' is no number of points"),
        (("override", "ana", "ex1", "none", "--reason", "r"), "no override of ana in ex1"),
        (("override", "ana", "ex1", "3", "--reason", " "), "needs a reason"),
        (("override", "ana", "ex1", "3"), "Missing option '--reason'"),
        (("extend", "ana", "ex1", "2026-12-07"), "a time with its zone"),
    ],
)
def test_what_cannot_be_done_is_said(filled: Grade, words: tuple[str, ...], says: str) -> None:
    done = filled(*words)

    assert done.exit_code == 2
    assert says in done.stderr


@pytest.mark.parametrize("words", [("show",), ("export",), ("stats",), ("log",)])
def test_who_reads_makes_no_book(words: tuple[str, ...], folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "book.db"
    asked = ("book", *words, "--book", str(file), "--course", str(folder))

    done = CliRunner().invoke(main, asked, prog_name="grade")

    assert done.exit_code == 2
    assert "there is no gradebook at" in done.stderr
    assert not file.exists()


def test_a_full_disk_is_no_fault_of_ours(folder: Path, tmp_path: Path) -> None:
    with opened(str(tmp_path / "book.db"), "fresh") as book:
        book.enrol([Student("ana")])
    asked = ("book", "show", "--book", str(tmp_path / "book.db"), "--course", str(folder))

    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "grader", *asked],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert done.returncode == 2
    assert "the output cannot be written: No space left on device" in done.stderr


def test_an_empty_book_is_told(grade: Grade, url: str) -> None:
    with opened(url, "fresh"):
        pass

    done = grade("show")

    assert done.exit_code == 4
    assert "grade batch PATH" in done.stderr


def test_a_name_cannot_forge_a_line(grade: Grade, url: str) -> None:
    with opened(url, "fresh") as book:
        word = Override("ana\nben", "ex1", 3, "\x1b[31m\t\n::set-output::", "me", NOON)
        book.override(word)

    done = grade("show", "--exercise", "ex1")

    assert len(done.stdout.splitlines()) == 2
    assert "\x1b" not in done.stdout
