"""The number that each platform gets, and what may never be in its file."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from grader.errors import AuthorError
from grader.lms import classroom50, coursera, feedback, prairielearn, xqueue, xqueue_client
from grader.shown import Report
from tests import platforms
from tests.platforms import Page
from tests.samples_report import SAMPLES, SECRET, shown

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
RUNNER = classroom50.runner(platforms.CLASSROOM)
ADAPTERS: dict[str, Callable[[Report], bytes]] = {
    "prairielearn": prairielearn.results,
    "coursera": coursera.results,
    "classroom50": lambda report: classroom50.result(report, RUNNER, NOON),
}


def page(platform: str, name: str) -> Page:
    result: Page = json.loads(ADAPTERS[platform](shown(name)))
    platforms.check(platform, result)
    return result


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("platform", ADAPTERS)
def test_every_ending_is_a_valid_result_without_hidden_content(platform: str, name: str) -> None:
    told = json.dumps(page(platform, name))

    assert SECRET not in told
    assert "\\u001b" not in told
    assert len(told) < prairielearn.MOST_BYTES


@pytest.mark.parametrize(("name", "share"), [("passed", 1), ("matched", 0.333), ("timed_out", 0)])
def test_a_share_of_the_points(name: str, share: float) -> None:
    assert page("coursera", name)["fractionalScore"] == share
    assert page("prairielearn", name)["score"] == share
    assert json.loads(xqueue.reply(shown(name)))["score"] == share


@pytest.mark.parametrize(("points", "most", "share"), [(12.5, 10, 1), (0, 0, 0), (1, 3, 0.333333)])
def test_a_share_is_never_outside_0_and_1(points: float, most: float, share: float) -> None:
    """Platforms multiply it by the points possible and do not look: to edX 15 is 300 of 20."""
    report = shown("matched").model_copy(update={"points": points, "max_points": most})

    assert json.loads(coursera.results(report))["fractionalScore"] == share


# --- HTML for Moodle, edX -----------------------------------------------------------------------


def test_the_title_of_a_check_has_its_code_in_one_line() -> None:
    report = shown("matched")
    titled = report.checks[0].model_copy(update={"title": "`w` < *1*,\nsaid `b"})

    page = feedback.html(report.model_copy(update={"checks": (titled,)}))

    assert ") <code>w</code> &lt; *1*, said `b\n" in page


# --- PrairieLearn --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["not_attempted", "broken"])
def test_what_is_blank_or_broke_by_our_fault_costs_no_attempt(name: str) -> None:
    assert page("prairielearn", name)["gradable"] is False


def test_running_out_of_time_costs_points_as_any_wrong_answer() -> None:
    assert page("prairielearn", "timed_out")["gradable"] is True


def test_too_many_words_are_cut_and_the_points_stay() -> None:
    report = shown("matched")
    long = report.checks[1].model_copy(update={"message": "long " * 2000})
    many = report.model_copy(update={"checks": (report.checks[0], *[long] * 200)})

    raw = prairielearn.results(many)

    assert len(raw) < prairielearn.MOST_BYTES
    assert len(json.loads(raw)["tests"]) == 201


# --- Classroom 50 --------------------------------------------------------------------------------


def test_points_are_whole_hundredths_whose_sum_is_the_total() -> None:
    """Three thirds of 10 points: rounded alone, all right would be 999 of 1000."""
    result = page("classroom50", "passed")

    assert [test["max-score"] for test in result["tests"]] == [334, 333, 333]
    assert (result["score"], result["max-score"]) == (1000, 1000)


def test_all_submissions_of_an_exercise_have_the_same_maxima() -> None:
    maxima = {
        tuple(test["max-score"] for test in page("classroom50", name)["tests"])
        for name in ("passed", "matched", "not_attempted")
    }

    assert maxima == {(334, 333, 333)}


def test_outside_of_its_runner_classroom50_is_refused() -> None:
    with pytest.raises(AuthorError, match="CLASSROOM"):
        classroom50.runner({**os.environ, "CLASSROOM": ""})


# --- edX -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_a_message_for_edx_is_well_formed_xml(name: str) -> None:
    said = json.loads(xqueue.reply(shown(name)))["msg"]

    assert ET.fromstring(said).tag == "div"  # noqa: S314  (we wrote it)
    assert SECRET not in said


@pytest.mark.parametrize(
    ("payload", "exercise"),
    [
        ('{"exercise": "ex1"}', "ex1"),
        ('{"grader": "graders/ex1.py"}', "ex1"),
        ("ex1", "ex1"),
        ('{"grader": "ex9"}', ""),
        ("[1]", ""),
        ("", ""),
    ],
)
def test_the_payload_names_the_exercise(payload: str, exercise: str) -> None:
    assert xqueue_client.exercise(payload, {"ex1", "ex2"}) == exercise


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"xqueue_body": "1"}', '{"xqueue_body": 1}'])
def test_what_is_no_submission_is_refused(content: str) -> None:
    with pytest.raises(AuthorError, match="no submission"):
        xqueue_client.parse_item(content)
