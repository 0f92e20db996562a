"""Gradescope's results.json, held against a schema of its specification."""

import json
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree as ET

import pytest

from grader.platforms import gradescope
from grader.platforms.trouble import Trouble
from tests.handing_in import Desk
from tests.platforms import stage
from tests.platforms.stage import Page, assert_ours, machine_of
from tests.samples_report import SAMPLES, SECRET, shown


def results(name: str, later: gradescope.Visibility = "visible") -> Page:
    page: Page = json.loads(gradescope.results(shown(name), later=later))
    stage.check("gradescope", page)
    return page


@pytest.mark.parametrize("name", SAMPLES)
def test_every_ending_is_a_valid_result_without_hidden_content(name: str) -> None:
    page = results(name)

    assert SECRET not in json.dumps(page)
    assert ET.fromstring(page["output"]).tag == "div"  # noqa: S314  (we wrote it)


def test_points_are_written_as_they_are_and_the_top_one_counts() -> None:
    page = results("passed")

    assert [test["score"] for test in page["tests"]] == [3.33, 3.33, 3.33]
    assert page["score"] == 10  # the sum would lose a hundredth


def test_a_check_is_a_numbered_test_that_says_why_it_failed() -> None:
    test = results("matched")["tests"][1]

    assert (test["number"], test["status"], test["max_score"]) == ("1.2", "failed", 3.33)
    assert test["output"] == "`w` is 0.9, but the reference has 0.95 there\n"


def test_no_test_is_hidden_as_the_student_would_see_no_total() -> None:
    assert {test["visibility"] for test in results("matched")["tests"]} == {"visible"}


def test_checks_with_hidden_cases_can_wait_and_then_nothing_else_tells() -> None:
    page = results("matched", later="after_published")

    assert {test["visibility"] for test in page["tests"]} == {"after_published"}
    assert "gradients" not in page["output"]


def test_trouble_is_kind_to_the_student_and_plain_to_staff() -> None:
    page = json.loads(gradescope.trouble(Trouble("not your fault", "disk is full")))

    stage.check("gradescope", page)
    seen = {test["visibility"]: test["output"] for test in page["tests"]}
    assert seen == {"visible": "not your fault\n", "hidden": "disk is full\n"}


# --- attempts ------------------------------------------------------------------------------------


def attempts(folder: Path, created: str, *earlier: Page) -> gradescope.Attempts:
    place = folder / gradescope.METADATA
    place.parent.mkdir(parents=True, exist_ok=True)
    about = {"created_at": created, "id": 7, "users": [], "previous_submissions": earlier}
    place.write_text(json.dumps(about))
    return gradescope.attempts_before(folder, 2)


def at(hour: int, score: float, **more: object) -> Page:
    time = f"2026-03-01T{hour:02}:00:00.000000-07:00"
    return {"submission_time": time, "score": score, "autograder_error": False, **more}


def test_attempts_are_counted_up_to_the_submission_not_up_to_now(tmp_path: Path) -> None:
    """When the teacher runs everything again, the second of three is still the second."""
    spent = attempts(tmp_path, "2026-03-01T10:30:00-07:00", at(10, 4), at(11, 8))

    assert (spent.used, spent.none_left) == (1, False)


def test_beyond_the_limit_the_last_graded_attempt_stands(tmp_path: Path) -> None:
    spent = attempts(tmp_path, "2026-03-01T13:00:00-07:00", at(12, 1), at(11, 8), at(10, 4))

    page = json.loads(gradescope.refusal(spent))

    stage.check("gradescope", page)
    assert page["score"] == 8
    assert "all 2 attempts" in page["tests"][0]["output"]


def test_an_attempt_that_could_not_be_graded_does_not_count(tmp_path: Path) -> None:
    first = attempts(tmp_path, "2026-03-01T10:00:00-07:00")
    ours = json.loads(gradescope.trouble(Trouble("", ""), first.forgiving))

    second = attempts(tmp_path, "2026-03-01T11:00:00-07:00", at(10, 0, results=ours))
    graded = json.loads(gradescope.results(shown("passed"), forgiven=second.forgiven))
    third = attempts(tmp_path, "2026-03-01T12:00:00-07:00", at(10, 0), at(11, 5, results=graded))

    assert (second.used, third.used) == (0, 1)


def test_an_attempt_that_gradescope_could_not_run_does_not_count(tmp_path: Path) -> None:
    spent = attempts(tmp_path, "2026-03-01T12:00:00-07:00", at(10, 0, autograder_error=True))

    assert spent.used == 0


# --- where it runs us ----------------------------------------------------------------------------


def test_gradescope_tells_staff_on_standard_output(desk: Desk, wrong: str, tmp_path: Path) -> None:
    machine = machine_of("gradescope", desk, tmp_path)
    machine.hand_in(ex1=wrong, notes="x = 1\n")

    done = machine.run("--exercise", "ex1")

    assert done.stdout.startswith("isolation: none (mode plain")
    assert "hidden: `slope` is" in done.stdout


def test_gradescope_grades_no_attempt_beyond_the_limit(
    desk: Desk, right: str, tmp_path: Path
) -> None:
    machine = machine_of("gradescope", desk, tmp_path)
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

    monkeypatch.setattr("grader.judging.incidents.grade", killed)
    machine = machine_of("gradescope", desk, tmp_path)
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
    machine = machine_of("gradescope", desk, tmp_path)
    machine.hand_in(ex1=right)
    before = [earlier("2026-03-01T10:00:00Z", score=float("nan"))]
    about = {"created_at": "2026-03-01T11:00:00Z", "previous_submissions": before}
    (machine.root / "autograder/submission_metadata.json").write_text(json.dumps(about))

    done = machine.run("--exercise", "ex1", "--attempts", "1")

    assert_ours(machine, done.exit_code)


def earlier(time: str, **more: object) -> Page:
    """A submission before the one at hand."""
    return {"submission_time": time, "score": 0, **more}
