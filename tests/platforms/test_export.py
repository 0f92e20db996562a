"""`grade export`, on a book that a class is in."""

import csv
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.classroom.cohort import Attempt, Grading, Student
from grader.classroom.gradebook import Extension, Override, opened
from grader.cli.commands import main
from grader.reporting.exporters import EXPORTERS
from grader.reporting.shown import Audience
from tests.handing_in import course
from tests.samples_report import SECRET, shown
from tests.samples_sheet import ANA, BEA, CEM

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WORKSHEET = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\r\n"
    "Participant 41,Ana O'Brien_Lee,,,,100.00,Yes,-,-,\r\n"
    "Participant 42,,bea@uni.example,,,100.00,Yes,-,-,\r\n"
    'Participant 43,"\x1b[31m=Eve\nX",eve@uni.example,,,100.00,Yes,-,-,\r\n'
).encode()
CANVAS = (
    "Student,ID,SIS Login ID,Section,Ex 1 (812),Final Score\n"
    "    Points Possible,,,,10.00,(read only)\n"
    '"Lee, Ana",1001,ana@uni.example,,,50.5\n"Ngô, Bea",1002,bea@uni.example,,9.00,90\n'
)
Export = Callable[..., Result]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course, and a book in which Ana, Bea and Cem have grades."""
    folder = tmp_path_factory.mktemp("export")
    course(folder)
    with opened(str(folder / "book.db"), "fresh") as book:
        book.enrol((ANA, BEA, CEM))
        student, staff = (EXPORTERS["json"](shown("matched", one)) for one in Audience)
        for whose, number, points in ((ANA, "41", 10 / 3), (BEA, "", 9.0)):
            origin = f"all.zip/Ana OBrien Lee_{number}_assignsubmission_file/ex1.py"
            origin = origin if number else "x_1_2_ex1.py"
            given = Attempt((whose.id,), "ex1", "ex1.py", origin, b"x = 1\n", AT, told=True)
            book.keep(given, Grading("k", AT, "failed", points, 10.0, "a", "full", student, staff))
        torn = Attempt((CEM.id,), "ex1", "ex1.py", "ex1.py", b"\xff", AT, told=True)
        problem = "<b>it is no UTF-8</b>"
        book.keep(torn, Grading("k", AT, "unreadable", 0.0, 10.0, problem=problem))
    return folder


@pytest.fixture
def export(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Export:
    monkeypatch.chdir(tmp_path)
    own = {"GRADE_BOOK": str(home / "book.db"), "GRADE_COURSE": str(home), "COLUMNS": "80"}
    own |= {"GRADE_STATE": str(tmp_path / "state"), "GRADE_SECRET": "ab" * 32}

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["export", *words], env={**os.environ, **own})

    return run


def test_the_table_is_printed_and_the_talk_goes_elsewhere(export: Export) -> None:
    done = export("csv")

    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["student"], row["ex1"]) for row in rows] == [
        ("s1", "3.33"),
        ("s2", "9"),
        ("s3", "0"),
    ]
    assert done.stderr == "3 students written\n"


def test_a_worksheet_is_filled_by_participant_number_and_by_address(export: Export) -> None:
    Path("ws.csv").write_bytes(WORKSHEET)

    done = export("moodle-worksheet", "ws.csv", "ex1", "--output", "filled.csv")

    assert done.exit_code == 0, done.output
    filled = WORKSHEET.replace(b"Lee,,,,100", b"Lee,,,33.3,100")
    filled = filled.replace(b"bea@uni.example,,,100", b"bea@uni.example,,90,100")
    assert Path("filled.csv").read_bytes() == filled
    assert done.stderr.splitlines()[0] == "2 grades written"
    assert "Cem Şahin Öz (s3): a grade, but no row in the file" in done.stderr


def test_a_name_cannot_write_lines_or_colours_of_its_own(export: Export) -> None:
    Path("ws.csv").write_bytes(WORKSHEET)

    done = export("moodle-worksheet", "ws.csv", "ex1")

    assert "  Participant 43, \\x1b[31m=Eve X: no such student in the gradebook\n" in done.stderr


def test_comments_say_what_the_student_may_read_and_why_the_grade_differs(
    export: Export, home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes((home / "book.db").read_bytes())
    with opened(str(copy), "fresh") as book:
        book.override(Override("s1", "ex1", 5.0, "private", "teacher", AT))
    Path("ws.csv").write_bytes(WORKSHEET)

    words = ("--comments", "Feedback comments", "--book", str(copy))
    done = export("moodle-worksheet", "ws.csv", "ex1", *words)

    first = next(csv.DictReader(io.StringIO(done.stdout)))
    assert "The gradients are never set to zero" in first["Feedback comments"]
    assert "Your teacher has set your grade to 5 points." in first["Feedback comments"]
    assert "private" not in done.stdout
    assert SECRET not in done.stdout


def test_canvas_can_be_filled_in_place(export: Export) -> None:
    Path("canvas.csv").write_text(CANVAS, encoding="utf-8")
    Path("canvas.csv").chmod(0o640)

    done = export("canvas", "canvas.csv", "ex1=812", "--in-place")

    assert done.exit_code == 0, done.output
    filled = CANVAS.replace("ana@uni.example,,,50.5", "ana@uni.example,,3.33,50.5")
    assert Path("canvas.csv").read_text(encoding="utf-8") == filled
    assert Path("canvas.csv").stat().st_mode & 0o777 == 0o640
    assert "1 grade written, 1 more stood there already" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("canvas.csv", "ex1=812", "--output", "canvas.csv"), "is the file that is read"),
        (("canvas.csv", "ex1=812", "--output", "./link.csv"), "is the file that is read"),
        (("canvas.csv", "ex1=812", "--output", "x.csv", "--in-place"), "are two places"),
        (("canvas.csv", "ex1", "ex1=812"), "named twice"),
        (("canvas.csv", "ex1=812", "total=812"), "two exercises for the column 'Ex 1 (812)'"),
        (("canvas.csv", "ex1"), "no column is called"),
        (("canvas.csv", "ex9=812"), "no exercise 'ex9'"),
        (("ws.csv", "ex1"), "no gradebook of Canvas"),
        (("canvas.csv", "ex1=812", "--output", "none/x.csv"), "cannot be written"),
        (("canvas.csv", "ex1=812", "--book", "none.db"), "none.db"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    export: Export, words: tuple[str, ...], says: str
) -> None:
    Path("canvas.csv").write_text(CANVAS, encoding="utf-8")
    Path("ws.csv").write_bytes(WORKSHEET)
    Path("link.csv").symlink_to("canvas.csv")

    done = export("canvas", *words)

    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr
    assert {path.name for path in Path().iterdir()} == {"canvas.csv", "link.csv", "ws.csv"}
    assert Path("canvas.csv").read_text(encoding="utf-8") == CANVAS


def test_a_new_file_is_nobody_elses_to_read(export: Export) -> None:
    assert export("csv", "--output", "grades.csv").exit_code == 0

    assert Path("grades.csv").stat().st_mode & 0o777 == 0o600


def test_moodles_gradebook_is_out_of_what_is_asked(export: Export) -> None:
    done = export("moodle-gradebook", "ex1", "--by", "id", "--out-of", "20")

    assert [row[1] for row in csv.reader(io.StringIO(done.stdout))][1:] == ["6.66", "18", "0"]


def test_feedback_for_moodle_has_a_page_for_who_has_a_number(export: Export) -> None:
    done = export("moodle-feedback", "ex1", "--output", "feedback.zip")

    assert zipfile.ZipFile("feedback.zip").namelist() == [
        "Ana O Brien Lee_41_assignfeedback_file/feedback.html"
    ]
    assert done.stderr.startswith("1 page written\n")
    assert "Cem Şahin Öz (s3): no participant number is known" in done.stderr


def test_the_worksheet_has_the_other_numbers(export: Export) -> None:
    rows = WORKSHEET + b"Participant 44,,cem@uni.example,,,100.00,Yes,-,-,\r\n"
    Path("ws.csv").write_bytes(rows)

    export("moodle-feedback", "ex1", "--worksheet", "ws.csv", "--output", "feedback.zip")

    archive = zipfile.ZipFile("feedback.zip")
    assert [name.split("_")[1] for name in archive.namelist()] == ["41", "42", "44"]
    assert b"&lt;b&gt;it is no UTF-8" in archive.read(archive.namelist()[2])
    assert b"What went wrong" in archive.read(archive.namelist()[0])
    assert SECRET.encode() not in archive.read(archive.namelist()[0])


def test_feedback_says_why_the_grade_is_another_than_the_reports(
    export: Export, home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes((home / "book.db").read_bytes())
    with opened(str(copy), "fresh") as book:
        for whose in ("s1", "s2"):
            book.override(Override(whose, "ex1", 1.0, "private", "teacher", AT))

    export("moodle-feedback", "ex1", "--book", str(copy), "--output", "moodle.zip")
    export("canvas-feedback", "ex1", "--book", str(copy), "--output", "canvas.zip")

    for name in ("moodle.zip", "canvas.zip"):
        archive = zipfile.ZipFile(name)
        page = archive.read(archive.namelist()[0]).decode()
        assert page.count("Your teacher has set your grade to 1 point.") == 1


def test_feedback_for_canvas_is_the_file_with_the_report_in_front(export: Export) -> None:
    done = export("canvas-feedback", "ex1", "--output", "feedback.zip")

    archive = zipfile.ZipFile("feedback.zip")
    assert archive.namelist() == ["x_1_2_ex1.py"]
    assert archive.read("x_1_2_ex1.py").startswith(b"# not yet, 3.33 of 10 points.")
    assert archive.read("x_1_2_ex1.py").endswith(b"\n\nx = 1\n")
    assert "is no name that Canvas gave" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("moodle-feedback", "ex1"), "--worksheet FILE tells them all"),
        (("canvas-feedback", "ex1"), "is no name that Canvas gave"),
        (("moodle-gradebook", "ex1"), "'' does not tell Moodle who it is"),
        (("moodle-worksheet", "ws.csv", "ex1"), "a grade, but no row in the file"),
    ],
)
def test_with_nothing_for_anybody_no_file_is_written(
    export: Export, words: tuple[str, ...], says: str
) -> None:
    with opened("own.db", "fresh") as book:
        given = Attempt(("s9",), "ex1", "ex1.py", "ex1.py", b"x", AT, told=True)
        book.keep(given, Grading("k", AT, "failed", 3.0, 10.0))
    Path("ws.csv").write_bytes(WORKSHEET)

    done = export(*words, "--book", "own.db", "--output", "made")

    assert (done.exit_code, done.stdout, Path("made").exists()) == (4, "", False)
    assert says in done.stderr
    assert "so no file was written" in done.stderr


@pytest.mark.parametrize("command", ["moodle-feedback", "canvas-feedback"])
def test_an_exercise_that_is_not_there_has_no_feedback(export: Export, command: str) -> None:
    done = export(command, "ex9", "--output", "made.zip")

    assert (done.exit_code, Path("made.zip").exists()) == (2, False)
    assert "the course has no exercise 'ex9'" in done.stderr


def test_grades_that_stood_there_already_are_something(export: Export) -> None:
    Path("ws.csv").write_bytes(WORKSHEET)
    export("moodle-worksheet", "ws.csv", "ex1", "--output", "once.csv")

    done = export("moodle-worksheet", "once.csv", "ex1", "--output", "twice.csv")

    assert done.exit_code == 0
    assert done.stderr.startswith("0 grades written, 2 more stood there already\n")
    assert Path("twice.csv").read_bytes() == Path("once.csv").read_bytes()


def test_comments_alone_are_something(export: Export) -> None:
    with opened("own.db", "fresh") as book:
        book.enrol((ANA,))
        given = Attempt(("s1",), "ex1", "ex1.py", "ex1.py", b"x", AT, told=True)
        book.keep(given, Grading("k", AT, "broken", 0.0, 10.0, problem="try again"))
    Path("ws.csv").write_bytes(WORKSHEET)

    words = ("--comments", "Feedback comments", "--book", "own.db")
    done = export("moodle-worksheet", "ws.csv", "ex1", *words)

    assert done.exit_code == 0
    assert done.stderr.startswith("0 grades written, 1 comment\n")
    assert "<p>try again</p>" in done.stdout


def test_nbgrader_gets_times_that_were_told_and_a_students_own_due_date(export: Export) -> None:
    with opened("own.db", "fresh") as book:
        for whose, told in (("a", True), ("b", False)):
            given = Attempt((whose,), "ex1", "ex1.py", "ex1.py", b"x", AT, told)
            book.keep(given, Grading("k", AT, "failed", 3.0, 10.0))
        book.override(Override("c", "ex1", 4.5, "oral exam", "teacher", AT))
        book.extend(Extension("b", "ex1", AT, "teacher", AT))

    done = export("nbgrader", "--book", "own.db")

    rows = csv.DictReader(io.StringIO(done.stdout))
    assert [(row["student_id"], row["timestamp"], row["duedate"]) for row in rows] == [
        ("a", AT.isoformat(), ""),
        ("b", "", AT.isoformat()),
        ("c", "", ""),
    ]


def test_a_total_is_rounded_once(export: Export) -> None:
    """3 of 7 points: 42.86 in a table, but of 30 it is not 12.858."""
    with opened("own.db", "fresh") as book:
        book.enrol((ANA,))
        given = Attempt(("s1",), "ex1", "ex1.py", "ex1.py", b"x", AT, told=True)
        book.keep(given, Grading("k", AT, "failed", 3.0, 7.0))

    table = export("csv", "--book", "own.db").stdout
    scaled = export("moodle-gradebook", "total", "--out-of", "30", "--book", "own.db").stdout

    assert (table.split(",")[-1], scaled.split(",")[-1]) == ("42.86\n", "12.85714\n")


@pytest.fixture
def two_versions() -> str:
    """Both are right; what Ana handed in was graded when the exercise was worth less."""
    with opened("own.db", "fresh") as book:
        book.enrol((ANA, BEA))
        for whose, whole in ((ANA, 10.0), (BEA, 12.0)):
            given = Attempt((whose.id,), "ex1", "ex1.py", "x_1_2_ex1.py", b"x", AT, told=True)
            at = AT + timedelta(hours=whole)
            book.keep(given, Grading("k", at, "passed", whole, whole))
    return "own.db"


@pytest.mark.parametrize(
    ("words", "written"),
    [
        (("moodle-gradebook", "ex1"), ["12"]),
        (("moodle-gradebook", "ex1", "--out-of", "6"), ["6"]),
        (("nbgrader",), ["12", "0", "12", "12"]),  # raw, penalty, score, maximum
    ],
)
def test_grades_of_an_earlier_version_are_scaled_to_the_newest(
    export: Export, two_versions: str, words: tuple[str, ...], written: list[str]
) -> None:
    done = export(*words, "--book", two_versions)

    rows = list(csv.reader(io.StringIO(done.stdout)))[1:]
    assert [row[-len(written) :] for row in rows] == [written] * 2


def test_results_of_an_earlier_version_are_told(export: Export, two_versions: str) -> None:
    done = export("csv", "--book", two_versions)

    said = "1 result of ex1 is of an earlier version of it, of 10 points instead of 12"
    assert said in done.stderr
    assert "`grade book regrade --exercise ex1`" in done.stderr
    assert "earlier version" not in export("csv").stderr


def test_help_needs_no_book() -> None:
    """SQLAlchemy and Rich take longer to import than all the rest."""
    code = (
        "import sys; from grader.cli.commands import main;"
        "main(['export', '--help'], standalone_mode=False);"
        "print({'sqlalchemy', 'rich', 'torch'} & sys.modules.keys())"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.endswith("set()\n")


def test_a_zip_is_not_printed(export: Export) -> None:
    assert "Missing option '--output'" in export("moodle-feedback", "ex1").stderr


def test_packages_are_written_whole(export: Export) -> None:
    done = export("gradescope", "ex1", "--output", "autograder.zip")

    assert done.exit_code == 0, done.output
    assert {"setup.sh", "run_autograder"} <= set(zipfile.ZipFile("autograder.zip").namelist())


def test_a_package_that_students_see_takes_no_course_with_solutions(export: Export) -> None:
    done = export("actions", "--output", "actions.zip")

    assert done.exit_code == 2
    assert "grade release" in done.stderr


def test_what_students_run_names_its_release_and_needs_no_fences(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(home / "exercises", tmp_path / "exercises")
    about = "format: 1\nid: fresh\ntitle: Open\nreleased: {versions: {}, digests: {}}\n"
    (tmp_path / "exercises" / "course.yaml").write_text(about)
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(main, ["export", "actions", "--output", "a.zip"])

    assert done.exit_code == 0, done.output
    flow = zipfile.ZipFile("a.zip").read(".github/workflows/grade.yml").decode()
    assert "--course .github/grade/course" in flow
    assert "--isolation none" in flow


def test_an_override_by_a_teacher_is_exported_like_any_grade(
    export: Export, home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes((home / "book.db").read_bytes())
    with opened(str(copy), "fresh") as book:
        book.enrol((replace(Student("s9"), email="new@uni.example"),))
        book.override(Override("s9", "ex1", 4.5, "oral exam", "teacher", AT))

    done = export("moodle-gradebook", "ex1", "--book", str(copy))

    assert ["new@uni.example", "4.5"] in list(csv.reader(io.StringIO(done.stdout)))
