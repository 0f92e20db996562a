"""`grade platform`: what lies on a platform's machine before, and what lies there afterwards."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from grader.course.format import Exercise
from grader.judging.pipeline import grade
from grader.judging.workshop import Workshop
from grader.model import Graded, Outcome, Submission
from grader.sandbox.client import Sandbox
from tests import shops
from tests.handing_in import Desk
from tests.platforms.stage import (
    NOT_YOURS,
    PLATFORMS,
    Machine,
    assert_ours,
    machine_of,
    points,
)


@pytest.fixture(params=list(PLATFORMS))
def machine(request: pytest.FixtureRequest, desk: Desk, tmp_path: Path) -> Machine:
    """One of each platform, on which nothing lies yet."""
    return machine_of(request.param, desk, tmp_path)


def test_right_work_gets_all_points_everywhere(machine: Machine, right: str) -> None:
    machine.hand_in(ex1=right)

    done = machine.run("--exercise", "ex1")

    assert done.exit_code == 0, done.output
    assert points(machine.result) == 1
    assert NOT_YOURS not in machine.raw


def test_the_values_of_hidden_cases_are_never_shown(machine: Machine, desk: Desk) -> None:
    """The open case has three numbers; this is right there, and wrong in all others."""
    fits_the_open_case = "return 3 * a * x**2 if len(x) == 3 else x"
    machine.hand_in(ex1=desk.solved(fits_the_open_case).read_text())

    done = machine.run("--exercise", "ex1")

    log = "" if machine.platform.name == "gradescope" else done.output  # for instructors alone
    assert points(machine.result) < 1
    assert "should be" not in machine.raw + log


# --- nothing to grade, and whose fault it is -----------------------------------------------------


def test_without_a_file_the_student_reads_what_to_hand_in(machine: Machine) -> None:
    done = machine.run("--exercise", "ex1")

    assert done.exit_code == 0
    assert "no .py or .ipynb file was handed in" in json.dumps(machine.result)
    assert NOT_YOURS not in machine.raw


def test_of_two_files_none_is_guessed(machine: Machine, right: str) -> None:
    machine.hand_in(one=right, two=right)

    machine.run("--exercise", "ex1")

    assert "there are several files: one.py, two.py" in machine.raw


def test_the_file_of_another_exercise_is_named(machine: Machine, right: str) -> None:
    machine.hand_in(ex1=right.replace("# grade: ex1", "# grade: ex7"))

    machine.run("--exercise", "ex1")

    assert "ex1.py holds ex7, and here ex1 is graded" in json.dumps(machine.result)


def test_a_broken_course_is_not_the_students_fault(
    machine: Machine, right: str, broken_course: Path
) -> None:
    machine.hand_in(ex1=right)

    done = machine.run("--exercise", "ex1", "--course", str(broken_course))

    assert_ours(machine, done.exit_code)


def test_a_secret_that_was_forgotten_is_not_made_where_nobody_sees_it(
    desk: Desk, course: Path, right: str, tmp_path: Path
) -> None:
    """Each container would make another, and each student get other hidden cases."""
    alone = replace(desk, environment={**desk.environment, "GRADE_SECRET": ""})
    machine = machine_of("prairielearn", alone, tmp_path)
    machine.hand_in(ex1=right)

    done = machine.run("--exercise", "ex1")

    assert NOT_YOURS in machine.result["message"]
    assert "set GRADE_SECRET" in done.stderr
    assert not (course / "exercises" / ".secret").exists()


def test_a_machine_that_confines_too_little_is_not_the_students_fault(
    machine: Machine, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.hand_in(ex1=right)
    monkeypatch.setattr(Sandbox, "isolation", shops.WeakSandbox.isolation)
    monkeypatch.setattr(Sandbox, "refused", {}, raising=False)

    done = machine.run("--exercise", "ex1", "--isolation", "strong")

    assert_ours(machine, done.exit_code)


def test_a_fault_of_ours_is_told_to_staff_alone(
    machine: Machine, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> NoReturn:
        raise RuntimeError("at line 7 of the solution")

    monkeypatch.setattr("grader.judging.incidents.grade", breaks)
    machine.hand_in(ex1=right)

    done = machine.run("--exercise", "ex1")

    assert_ours(machine, done.exit_code)
    assert "line 7 of the solution" not in shown_to_the_student(machine, done.stdout)


def breaking(times: int) -> Callable[[Submission, Exercise, Workshop], Graded]:
    """What grades, but for a box that breaks a few times first."""
    left = [Outcome.BROKEN] * times

    def graded(submission: Submission, exercise: Exercise, shop: Workshop) -> Graded:
        found = grade(submission, exercise, shop)
        outcome = left.pop() if left else found.verdict.outcome
        return replace(found, verdict=replace(found.verdict, outcome=outcome))

    return graded


def test_what_breaks_once_is_graded_again(
    machine: Machine, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is there to try again."""
    monkeypatch.setattr("grader.judging.incidents.grade", breaking(1))
    machine.hand_in(ex1=right)

    machine.run("--exercise", "ex1")

    assert points(machine.result) == 1
    assert NOT_YOURS not in machine.raw


def test_what_breaks_twice_is_not_the_students_fault(
    machine: Machine, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.judging.incidents.grade", breaking(2))
    machine.hand_in(ex1=right)

    done = machine.run("--exercise", "ex1")

    assert_ours(machine, done.exit_code)


def shown_to_the_student(machine: Machine, stdout: str) -> str:
    """The log on GitHub is the student's; Gradescope keeps stdout and hidden tests for staff."""
    if machine.platform.name != "gradescope":
        return machine.raw + stdout
    return json.dumps([t for t in machine.result["tests"] if t["visibility"] == "visible"])


def test_whoever_is_killed_has_said_so_before(
    machine: Machine, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("grader.judging.incidents.grade", killed)
    machine.hand_in(ex1=right)

    machine.run("--exercise", "ex1")

    assert NOT_YOURS in json.dumps(machine.result)


def test_a_course_that_was_handed_in_grades_nobody(
    desk: Desk, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unnamed = replace(desk, environment={**desk.environment, "GRADE_COURSE": ""})
    machine = machine_of("classroom50", unnamed, tmp_path)
    machine.hand_in(ex1="# grade: ex1 format=1 variant=0\nmine = True\n")
    shutil.copytree(course / "exercises", machine.root / "exercises")
    monkeypatch.chdir(machine.root)

    done = machine.run("--exercise", "ex1")

    assert (done.exit_code, NOT_YOURS in machine.raw) == (3, True)
