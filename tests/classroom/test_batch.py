"""A class at once, by the command, into a gradebook."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from grader.classroom.batch import Conditions
from grader.classroom.cohort import Attempt
from grader.classroom.gradebook import Kept, opened
from tests import samples
from tests.handing_in import RIGHT, WRONG, Desk


@pytest.fixture
def room(desk: Desk) -> Path:
    """A class of four: right, wrong, no text, and nothing that says what it is."""
    room = desk.folder / "room"
    for student in ("ada", "bob", "cyd", "dan"):
        (room / student).mkdir(parents=True)
    desk.solved(RIGHT).rename(room / "ada" / "ex1.py")
    desk.solved(WRONG).rename(room / "bob" / "slope.py")
    (room / "cyd" / "ex1.py").write_bytes(b"\xff\xfe no text")
    (room / "dan" / "try.py").write_text("x = 1\n")
    return room


def batch(desk: Desk, *words: str) -> tuple[Result, dict[str, Any]]:  # Any: JSON
    done = desk.run("batch", "room", "--json", *words)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return done, {line["students"][0]: line for line in lines}


def attempts(desk: Desk) -> dict[str, Kept]:
    with opened(str(desk.state / "books" / "fresh.db"), "fresh", must_exist=True) as book:
        return {"+".join(each.students): each for each in book.attempts()}


@pytest.mark.usefixtures("room")
def test_each_submission_has_its_line_and_its_place_in_the_book(desk: Desk) -> None:
    done, lines = batch(desk)

    assert lines["ada"]["report"]["outcome"] == "passed"
    assert lines["bob"]["report"]["diagnosis"][0]["id"] == "value"
    assert lines["cyd"]["error"].startswith("ex1.py, line 1: not UTF-8 text")
    assert "does not say which exercise" in lines["dan"]["error"]
    assert done.exit_code == 1  # two could not be graded
    told = {name: (kept.standing, kept.points) for name, kept in attempts(desk).items()}
    assert told == {
        "ada": ("passed", 10.0),
        "bob": ("failed", 0.0),
        "cyd": ("unreadable", 0.0),
        "dan": ("unreadable", 0.0),  # for no exercise: kept all the same
    }


@pytest.mark.parametrize("words", [("batch", "..", "--dry-run"), ("similar", "..")])
def test_nobody_is_graded_by_a_course_that_was_handed_in(
    words: tuple[str, ...], desk: Desk, course: Path, room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(course / "exercises", room / "eve" / "exercises")
    monkeypatch.chdir(room / "eve")
    unnamed = replace(desk, environment={**desk.environment, "GRADE_COURSE": ""})

    refused, named = (each.run(*words) for each in (unnamed, desk))

    assert refused.exit_code == 2
    assert f"the course in {room / 'eve'} is part of what was handed in" in refused.stderr
    assert named.exit_code == 0


@pytest.mark.usefixtures("room")
def test_lines_for_people(desk: Desk) -> None:
    done = desk.run("batch", "room")

    assert "ada  ex1  10/10  passed" in done.stdout.splitlines()
    assert "bob  ex1  0/10  not yet" in done.stdout.splitlines()
    assert "2 graded · 0 cached · 2 failed" in done.stderr


@pytest.mark.usefixtures("room")
def test_what_is_in_the_book_is_not_graded_again(desk: Desk) -> None:
    batch(desk)
    first = attempts(desk)

    _, again = batch(desk)
    assert {name: line["state"] for name, line in again.items()} == {
        "ada": "cached",
        "bob": "cached",
        "cyd": "failed",
        "dan": "failed",
    }
    assert attempts(desk)["ada"] == first["ada"]
    assert again["ada"]["report"]["points"] == 10  # a pipeline that runs again is told as much

    _, forced = batch(desk, "--no-cache")
    assert forced["ada"]["state"] == "graded"


def test_what_python_cannot_read_is_reported_and_uses_no_attempt_up(desk: Desk, room: Path) -> None:
    slope = room / "bob" / "slope.py"
    slope.write_text(slope.read_text().replace("def ", "def def ", 1))

    _, lines = batch(desk)

    assert "not valid Python" in lines["bob"]["report"]["notes"][0]
    assert attempts(desk)["bob"].standing == "unreadable"


def test_a_batch_goes_on_where_another_stopped(desk: Desk, room: Path) -> None:
    batch(desk, "--only", "ada")
    shutil.copytree(room / "ada", room / "eve")

    _, lines = batch(desk)

    assert (lines["ada"]["state"], lines["eve"]["state"]) == ("cached", "graded")


def test_what_has_changed_is_graded_again(desk: Desk, room: Path) -> None:
    batch(desk)
    (room / "bob" / "slope.py").write_text((room / "ada" / "ex1.py").read_text())

    _, lines = batch(desk)

    assert (lines["ada"]["state"], lines["bob"]["state"]) == ("cached", "graded")
    assert lines["bob"]["report"]["outcome"] == "passed"


@pytest.mark.usefixtures("room")
def test_only_some_are_graded(desk: Desk) -> None:
    done, lines = batch(desk, "--only", "bob", "--only", "ex1")
    assert list(lines) == ["bob"]
    assert done.exit_code == 0

    done, _ = batch(desk, "--only", "bub")
    assert done.exit_code == 2
    assert "did you mean bob?" in done.stderr


@pytest.mark.usefixtures("room")
def test_with_a_roster_it_is_said_who_is_missing_and_what_is_left(desk: Desk) -> None:
    (desk.folder / "class.csv").write_text("id,email\nada,ada@x.org\nbob,bob@x.org\nzed,\n")

    done = desk.run("batch", "room", "--json", "--roster", "class.csv")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    by_mail = desk.run("batch", "room", "--roster", "class.csv", "--only", "bob@x.org")
    (desk.folder / "class.csv").write_text("id,login\nada,bob\nbob,rob\n")
    by_id = desk.run("batch", "room", "--roster", "class.csv", "--only", "bob")

    assert "nothing that can be graded from: zed" in done.stderr
    left = {line["file"]: line["error"] for line in lines if line["state"] == "left"}
    assert left["cyd/ex1.py"] == "no student on the roster matches cyd"
    assert by_mail.stdout.split() == by_id.stdout.split() == ["bob", "ex1", "cached"]


@pytest.mark.usefixtures("room")
def test_a_dry_run_grades_nothing(desk: Desk) -> None:
    done = desk.run("batch", "room", "--dry-run")

    assert done.exit_code == 0
    assert "4 students, 4 files" in done.stdout
    assert "ada  ex1  ada/ex1.py" in done.stdout
    assert "dan  ?  dan/try.py  try.py does not say which exercise it is for" in done.stdout
    assert not desk.state.exists()


def test_a_file_for_another_exercise_than_its_folder_says_is_a_mix_up(
    desk: Desk, room: Path
) -> None:
    """And a platform's own name for an assignment is none."""
    for student, assignment in (("ada", "ex1"), ("bob", "homework-3"), ("cyd", "ex1")):
        place = desk.folder / "submitted" / student / assignment
        place.mkdir(parents=True)
        shutil.copy(room / "ada" / "ex1.py", place / "ex1.py")
    other = (room / "ada" / "ex1.py").read_text().replace("grade: ex1", "grade: ex2")
    (desk.folder / "submitted" / "cyd" / "ex1" / "ex1.py").write_text(other)

    done = desk.run("batch", "submitted")

    assert "ada  ex1  10/10  passed" in done.stdout
    assert "bob  ex1  10/10  passed" in done.stdout
    assert "cyd  ?  failed: ex1.py holds ex2 where ex1 is expected" in done.stdout


def test_a_files_name_cannot_forge_a_line(desk: Desk) -> None:
    place = desk.folder / "room" / "eve"
    place.mkdir(parents=True)
    (place / "ex1\nada  ex1  10 of 10  passed\n.py").write_bytes(b"\xff")

    done = desk.run("batch", "room")

    assert len(done.stdout.splitlines()) == 1
    assert done.stdout.startswith("eve")


def test_an_exercise_that_is_asked_for_overrides_no_file(desk: Desk, room: Path) -> None:
    """It is for files that do not say it."""
    (room / "dan" / "try.py").write_text("def slope(x, a):\n    return 3 * a * x**2\n")
    other = (room / "ada" / "ex1.py").read_text().replace("grade: ex1", "grade: ex2")
    (room / "ada" / "other.py").write_text(other)

    done = desk.run("batch", "room", "--exercise", "ex1")

    assert "dan  ex1  10/10  passed" in done.stdout
    assert "ada  ?  failed: other.py is for ex2 (--exercise ex1 is for files that" in done.stdout


def test_where_nobody_handed_in_it_is_told(desk: Desk) -> None:
    (desk.folder / "room" / ".ipynb_checkpoints").mkdir(parents=True)
    (desk.folder / "room" / ".ipynb_checkpoints" / "ex1.py").write_text("# grade: ex1\n")

    done, lines = batch(desk)

    assert (done.exit_code, lines) == (4, {})
    assert "nobody has handed in" in done.stderr


def test_many_workers_say_the_same(desk: Desk, room: Path) -> None:
    for number in range(6):
        shutil.copytree(room / ("ada" if number % 2 else "bob"), room / f"x{number}")

    _, one = batch(desk, "--workers", "1", "--book", "one.db")
    _, many = batch(desk, "--workers", "5", "--book", "many.db")

    assert points(one) == points(many)


def points(lines: dict[str, Any]) -> dict[str, float | None]:
    return {name: line.get("report", {}).get("points") for name, line in lines.items()}


def test_a_failure_of_ours_stops_nobody(
    desk: Desk, room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is graded by it, and the exit code tells."""
    del room

    def fails(*words: object) -> None:
        del words
        raise ZeroDivisionError

    monkeypatch.setattr("grader.classroom.batch.handled", fails)

    done, lines = batch(desk)

    assert "the grader itself failed: ZeroDivisionError" in lines["ada"]["error"]
    assert done.exit_code == 3
    assert list(attempts(desk)) == ["cyd", "dan"]  # which were never graded


# --- groups --------------------------------------------------------------------------------------


def test_a_group_works_with_the_numbers_of_any_of_its_members(desk: Desk) -> None:
    """Cyd works alone, with the numbers of somebody else: that is told."""
    desk.run("start", "ex1", "--as", "bob")
    starter = (desk.folder / "ex1.py").read_text()
    (desk.folder / "room").mkdir()
    handed_in = {"submission_1": ("ada", "bob"), "submission_2": ("cyd",)}
    for place in handed_in:
        (desk.folder / "room" / place).mkdir()
        (desk.folder / "room" / place / "ex1.py").write_text(
            starter.replace("    ...", f"    {RIGHT}")
        )
    about = {
        place: {"submitters": [{"sid": student} for student in students]}
        for place, students in handed_in.items()
    }
    (desk.folder / "room" / "submission_metadata.yml").write_text(json.dumps(about))

    _, lines = batch(desk)

    assert lines["ada"]["students"] == ["ada", "bob"]
    assert lines["ada"]["report"]["notes"] == []
    assert "those of this student are" in lines["cyd"]["report"]["notes"][0]


# --- what a grading rests on ---------------------------------------------------------------------

CONDITIONS = Conditions("course", "secret", "strong")
ATTEMPT = Attempt(
    students=("ada", "bob"),
    exercise="ex7",
    name="ex7.py",
    origin="room/ex7.py",
    raw=b"x = 1",
    at=datetime(2026, 3, 1, tzinfo=UTC),
    told=True,
)


@pytest.mark.parametrize(
    ("conditions", "attempt"),
    [
        (replace(CONDITIONS, course="another"), ATTEMPT),
        (replace(CONDITIONS, secret="another"), ATTEMPT),
        (replace(CONDITIONS, isolation="none"), ATTEMPT),
        (CONDITIONS, replace(ATTEMPT, raw=b"x = 2")),
        (CONDITIONS, replace(ATTEMPT, students=("ada",))),
        (CONDITIONS, replace(ATTEMPT, name="ex7.ipynb")),  # the same bytes are another program
    ],
)
def test_whatever_can_change_a_verdict_makes_it_another_grading(
    conditions: Conditions, attempt: Attempt, tmp_path: Path
) -> None:
    exercise = samples.load(tmp_path)

    assert conditions.key(attempt, exercise) != CONDITIONS.key(ATTEMPT, exercise)


def test_another_text_of_the_exercise_makes_it_another_grading(tmp_path: Path) -> None:
    before = CONDITIONS.key(ATTEMPT, samples.load(tmp_path))

    after = samples.load(tmp_path, samples.YAML.replace("points: 2", "points: 3"))

    assert CONDITIONS.key(ATTEMPT, after) != before


def test_what_changes_no_verdict_is_not_graded_again_for_it(tmp_path: Path) -> None:
    exercise = samples.load(tmp_path)
    moved = replace(ATTEMPT, name="mine.py", origin="elsewhere/mine.py", students=("bob", "ada"))

    assert CONDITIONS.key(moved, exercise) == CONDITIONS.key(ATTEMPT, exercise)


# --- again ---------------------------------------------------------------------------------------


def test_a_regrade_shows_what_would_change_and_writes_when_told(desk: Desk, room: Path) -> None:
    """The exercise is worth twice as much now."""
    del room
    batch(desk)
    yaml = next(Path(desk.environment["GRADE_COURSE"]).glob("exercises/ex01_*.yaml"))
    before = yaml.read_text()
    try:
        yaml.write_text(before.replace("points: 10", "points: 20"))

        shown = desk.run("book", "regrade", "--diff")
        assert shown.stdout.splitlines() == ["ada ex1: 10/10 passed → 20/20 passed"]
        assert attempts(desk)["ada"].points == 10

        written = desk.run("book", "regrade", "--yes")
        assert written.exit_code == 0
        assert {name: kept.points for name, kept in attempts(desk).items()}["ada"] == 20

        again = desk.run("book", "regrade", "--yes")
        assert "0 attempts graded again" in again.stderr
    finally:
        yaml.write_text(before)
