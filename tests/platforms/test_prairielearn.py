"""PrairieLearn's results.json: what costs an attempt, and what fits."""

import json
from pathlib import Path

import pytest

from grader.platforms import prairielearn
from tests.handing_in import Desk
from tests.platforms.stage import Page, check, machine_of
from tests.samples_report import shown


def page(name: str) -> Page:
    result: Page = json.loads(prairielearn.results(shown(name)))
    check("prairielearn", result)
    return result


@pytest.mark.parametrize("name", ["not_attempted", "broken"])
def test_what_is_blank_or_broke_by_our_fault_costs_no_attempt(name: str) -> None:
    assert page(name)["gradable"] is False


def test_running_out_of_time_costs_points_as_any_wrong_answer() -> None:
    assert page("timed_out")["gradable"] is True


def test_too_many_words_are_cut_and_the_points_stay() -> None:
    report = shown("matched")
    long = report.checks[1].model_copy(update={"message": "long " * 2000})
    many = report.model_copy(update={"checks": (report.checks[0], *[long] * 200)})

    raw = prairielearn.results(many)

    assert len(raw) < prairielearn.MOST_BYTES
    assert len(json.loads(raw)["tests"]) == 201


def test_prairielearn_takes_no_attempt_for_what_python_cannot_read(
    desk: Desk, right: str, tmp_path: Path
) -> None:
    machine = machine_of("prairielearn", desk, tmp_path)
    machine.hand_in(ex1=right.replace("return 3", "return ((3"))

    machine.run("--exercise", "ex1")

    assert machine.result["gradable"] is False
    assert "this is not valid Python" in machine.result["format_errors"][0]
