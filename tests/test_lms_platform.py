"""`grade platform`: what lies on a platform's machine before, and what lies there afterwards."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from junitparser import JUnitXml

from grader.errors import GraderError
from grader.format import Exercise
from grader.lms.files import write
from grader.model import Graded, Outcome, Submission
from grader.pipeline import grade
from grader.sandbox.client import Sandbox
from grader.workshop import Workshop
from tests import shops
from tests.handing_in import RIGHT, WRONG, Desk
from tests.platforms import CLASSROOM, PLATFORMS, Machine, Page

NOT_YOURS = "This is not your fault"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return replace(desk, environment={**desk.environment, **CLASSROOM})


@pytest.fixture
def right(desk: Desk) -> str:
    return desk.solved(RIGHT).read_text()


@pytest.fixture
def wrong(desk: Desk) -> str:
    return desk.solved(WRONG).read_text()


@pytest.fixture(params=list(PLATFORMS))
def machine(request: pytest.FixtureRequest, desk: Desk, tmp_path: Path) -> Machine:
    """One of each platform, on which nothing lies yet."""
    return at(request.param, desk, tmp_path)


def at(platform: str, desk: Desk, folder: Path) -> Machine:
    root = folder / "root"
    root.mkdir()
    return Machine(desk, PLATFORMS[platform], root)


def points(page: Page) -> float:
    """The share of the points, in whichever way a platform has it."""
    if "max-score" in page:
        return float(page["score"] / page["max-score"])
    if "tests" in page and "extra_data" in page:
        return float(page["score"] / sum(test["max_score"] for test in page["tests"]))
    return float(page["score"] if "score" in page else page["fractionalScore"])


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


def test_folders_in_folders_without_end_are_told_kindly(
    desk: Desk, right: str, tmp_path: Path
) -> None:
    machine = at("prairielearn", desk, tmp_path)
    folder = machine.root.joinpath("grade", "student", *["d"] * 150)
    folder.mkdir(parents=True)
    (folder / "ex1.py").write_text(right)

    machine.run("--exercise", "ex1")

    assert "folders are nested more than 100 deep" in machine.result["format_errors"][0]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A course that cannot be loaded."""
    folder = tmp_path / "broken"
    (folder / "exercises").mkdir(parents=True)
    (folder / "exercises" / "course.yaml").write_text("format: 1\nid: secret-id\n")
    return folder


def test_a_broken_course_is_not_the_students_fault(
    machine: Machine, right: str, broken: Path
) -> None:
    machine.hand_in(ex1=right)

    done = machine.run("--exercise", "ex1", "--course", str(broken))

    assert_ours(machine, done.exit_code)


def test_a_secret_that_was_forgotten_is_not_made_where_nobody_sees_it(
    desk: Desk, course: Path, right: str, tmp_path: Path
) -> None:
    """Each container would make another, and each student get other hidden cases."""
    alone = replace(desk, environment={**desk.environment, "GRADE_SECRET": ""})
    machine = at("prairielearn", alone, tmp_path)
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

    monkeypatch.setattr("grader.incidents.grade", breaks)
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
    monkeypatch.setattr("grader.incidents.grade", breaking(1))
    machine.hand_in(ex1=right)

    machine.run("--exercise", "ex1")

    assert points(machine.result) == 1
    assert NOT_YOURS not in machine.raw


def test_what_breaks_twice_is_not_the_students_fault(
    machine: Machine, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.incidents.grade", breaking(2))
    machine.hand_in(ex1=right)

    done = machine.run("--exercise", "ex1")

    assert_ours(machine, done.exit_code)


def assert_ours(machine: Machine, exit_code: int) -> None:
    """A result is there and kind; only Classroom 50 is told by the exit code."""
    assert NOT_YOURS in json.dumps(machine.result)
    assert exit_code == (3 if machine.platform.name == "classroom50" else 0)


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

    monkeypatch.setattr("grader.incidents.grade", killed)
    machine.hand_in(ex1=right)

    machine.run("--exercise", "ex1")

    assert NOT_YOURS in json.dumps(machine.result)


def folder(place: Path) -> None:
    place.mkdir()
    (place / "kept").touch()


def link(place: Path) -> None:
    place.symlink_to(place.with_name("elsewhere"))


def link_to_a_folder(place: Path) -> None:
    place.with_name("elsewhere").mkdir()
    link(place)


def read_only(place: Path) -> None:
    place.touch(mode=0o400)


IN_THE_WAY = {put.__name__: put for put in (folder, link, link_to_a_folder, os.mkfifo, read_only)}


@pytest.mark.parametrize("put", IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_nothing_that_a_student_put_there_is_in_the_way(
    put: Callable[[Path], None], desk: Desk, right: str, tmp_path: Path
) -> None:
    """Classroom 50 has both results in the student's own checkout."""
    machine = at("classroom50", desk, tmp_path)
    machine.hand_in(ex1=right)
    for name in ("result.json", "release-body.md"):
        put(machine.root / name)
        for left in machine.root.glob("elsewhere"):
            left.rmdir()

    done = machine.run("--exercise", "ex1")

    assert (done.exit_code, points(machine.result)) == (0, 1), done.output
    assert "10 of 10" in (machine.root / "release-body.md").read_text()
    assert not (machine.root / "elsewhere").is_file()
    assert list(machine.root.glob(".grade-*")) == []


def test_a_folder_in_the_way_is_moved_aside_whole(tmp_path: Path) -> None:
    folder(tmp_path / "result.json")

    write(Path("result.json"), b"{}", tmp_path)

    assert (tmp_path / "result.json").read_bytes() == b"{}"
    assert len(list(tmp_path.glob("result.json.*/result.json/kept"))) == 1


@pytest.mark.parametrize("put", [link, os.mkfifo, read_only])
def test_nor_is_anything_above_a_result(put: Callable[[Path], None], tmp_path: Path) -> None:
    put(tmp_path / "reports")

    write(Path("reports", "deep", "grade.xml"), b"<xml/>", tmp_path)

    assert (tmp_path / "reports" / "deep" / "grade.xml").read_bytes() == b"<xml/>"


def test_where_nothing_can_be_written_it_is_told_without_a_path(tmp_path: Path) -> None:
    """Students can read some of these logs."""
    nowhere = tmp_path / "nowhere"
    nowhere.symlink_to("/proc/self")

    with pytest.raises(
        GraderError, match=r"^the result results/r.json cannot be written: "
    ) as told:
        write(Path("results", "r.json"), b"{}", nowhere)

    assert str(tmp_path) not in f"{told.value} {told.value.hint}"


def test_a_course_that_was_handed_in_grades_nobody(
    desk: Desk, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unnamed = replace(desk, environment={**desk.environment, "GRADE_COURSE": ""})
    machine = at("classroom50", unnamed, tmp_path)
    machine.hand_in(ex1="# grade: ex1 format=1 variant=0\nmine = True\n")
    shutil.copytree(course / "exercises", machine.root / "exercises")
    monkeypatch.chdir(machine.root)

    done = machine.run("--exercise", "ex1")

    assert (done.exit_code, NOT_YOURS in machine.raw) == (3, True)


# --- what is special about one -------------------------------------------------------------------


def test_gradescope_tells_staff_on_standard_output(desk: Desk, wrong: str, tmp_path: Path) -> None:
    machine = at("gradescope", desk, tmp_path)
    machine.hand_in(ex1=wrong, notes="x = 1\n")

    done = machine.run("--exercise", "ex1")

    assert done.stdout.startswith("isolation: none (mode plain")
    assert "hidden: `slope` is" in done.stdout


def test_gradescope_grades_no_attempt_beyond_the_limit(
    desk: Desk, right: str, tmp_path: Path
) -> None:
    machine = at("gradescope", desk, tmp_path)
    machine.hand_in(ex1=right)
    before = {"submission_time": "2026-03-01T10:00:00Z", "score": "0.5"}
    about = {"created_at": "2026-03-01T11:00:00Z", "previous_submissions": [before]}
    (machine.root / "autograder/submission_metadata.json").write_text(json.dumps(about))

    machine.run("--exercise", "ex1", "--attempts", "1")

    assert machine.result["score"] == 0.5


def test_gradescope_forgives_what_it_forgave_even_to_who_is_killed(
    desk: Desk, right: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("grader.incidents.grade", killed)
    machine = at("gradescope", desk, tmp_path)
    machine.hand_in(ex1=right)
    first, second = "2026-03-01T10:00:00+00:00", "2026-03-01T11:00:00+00:00"
    failed = {"extra_data": {"grader_forgiven": [first]}}
    about = {"created_at": second, "previous_submissions": [earlier(first, results=failed)]}
    (machine.root / "autograder/submission_metadata.json").write_text(json.dumps(about))

    machine.run("--exercise", "ex1", "--attempts", "1")

    assert machine.result["extra_data"]["grader_forgiven"] == [first, second]


def test_gradescope_gives_no_score_that_is_no_number(
    desk: Desk, right: str, tmp_path: Path
) -> None:
    machine = at("gradescope", desk, tmp_path)
    machine.hand_in(ex1=right)
    before = [earlier("2026-03-01T10:00:00Z", score=float("nan"))]
    about = {"created_at": "2026-03-01T11:00:00Z", "previous_submissions": before}
    (machine.root / "autograder/submission_metadata.json").write_text(json.dumps(about))

    done = machine.run("--exercise", "ex1", "--attempts", "1")

    assert_ours(machine, done.exit_code)


def earlier(time: str, **more: object) -> Page:
    """A submission before the one at hand."""
    return {"submission_time": time, "score": 0, **more}


def test_prairielearn_takes_no_attempt_for_what_python_cannot_read(
    desk: Desk, right: str, tmp_path: Path
) -> None:
    machine = at("prairielearn", desk, tmp_path)
    machine.hand_in(ex1=right.replace("return 3", "return ((3"))

    machine.run("--exercise", "ex1")

    assert machine.result["gradable"] is False
    assert "this is not valid Python" in machine.result["format_errors"][0]


def test_coursera_reads_the_same_on_standard_output(desk: Desk, tmp_path: Path) -> None:
    machine = at("coursera", desk, tmp_path)

    done = machine.run("--exercise", "ex1")

    assert json.loads(done.stdout) == machine.result


def test_classroom50_has_words_for_the_release_page(desk: Desk, tmp_path: Path) -> None:
    machine = at("classroom50", desk, tmp_path)

    done = machine.run("--exercise", "ex1")

    assert done.exit_code == 0  # what the student can mend is no fault of the machinery
    assert machine.result["max-score"] > 0
    assert "Not graded" in (machine.root / "release-body.md").read_text()


def test_junit_is_written_where_codegrade_says(desk: Desk, tmp_path: Path) -> None:
    place = tmp_path / "report.xml"
    told = {**desk.environment, "CG_JUNIT_XML_LOCATION": str(place)}

    done = replace(desk, environment=told).run("platform", "junit", "--root", str(tmp_path / "no"))

    (suite,) = JUnitXml.fromstring(place.read_bytes())
    assert done.exit_code == 0
    assert (suite.tests, suite.failures, suite.errors) == (1, 1, 0)


def test_junit_is_written_below_the_root(desk: Desk, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()

    desk.run("platform", "junit", "--root", str(root), "--exercise", "ex1")

    assert JUnitXml.fromstring((root / "grade.xml").read_bytes())
    assert not Path("grade.xml").exists()


def test_junit_ends_with_3_if_the_grader_failed(desk: Desk, broken: Path, tmp_path: Path) -> None:
    place = tmp_path / "report.xml"

    done = desk.run("platform", "junit", "--course", str(broken), "--output", str(place))

    (suite,) = JUnitXml.fromstring(place.read_bytes())
    assert (done.exit_code, suite.errors) == (3, 1)


@pytest.mark.parametrize(("platform", "exit_code"), [("actions", 1), ("classroom50", 0)])
def test_a_files_name_cannot_garble_the_log(
    desk: Desk, wrong: str, tmp_path: Path, platform: str, exit_code: int
) -> None:
    """No escape for a terminal, and nothing that cannot be printed at all."""
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / os.fsdecode(b"ex\x1b[2J\xff\n1.py")).write_text(wrong)

    done = desk.run("platform", platform, "--root", str(repository), "--exercise", "ex1")

    assert done.exit_code == exit_code
    assert "file=ex\\x1b[2J\\udcff%0A1.py," in done.stdout
    assert "\x1b" not in done.output


def test_actions_annotates_the_file_and_sums_up(desk: Desk, wrong: str, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    (tmp_path / "repo" / "week1").mkdir(parents=True)
    (tmp_path / "repo" / "week1" / "my_answer.py").write_text(wrong)
    told = {**desk.environment, "GITHUB_STEP_SUMMARY": str(summary)}

    done = replace(desk, environment=told).run("platform", "actions", "--root", f"{tmp_path}/repo")

    assert done.exit_code == 1
    assert "::error file=week1/my_answer.py,title=" in done.stdout
    assert summary.read_text().startswith("before\n## ex1: ")


def test_help_names_every_platform(desk: Desk) -> None:
    done = desk.run("platform", "--help")

    names = {"gradescope", "prairielearn", "coursera", "classroom50", "actions", "xqueue", "junit"}
    assert all(name in done.output for name in names)
