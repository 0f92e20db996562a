"""The number that each platform gets, and what may never be in its file."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from grader.platforms import classroom50, coursera, prairielearn, xqueue
from grader.reporting.shown import Report
from tests.platforms import stage
from tests.platforms.stage import Page
from tests.samples_report import SAMPLES, SECRET, shown

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
RUNNER = classroom50.runner(stage.CLASSROOM)
ADAPTERS: dict[str, Callable[[Report], bytes]] = {
    "prairielearn": prairielearn.results,
    "coursera": coursera.results,
    "classroom50": lambda report: classroom50.result(report, RUNNER, NOON),
}


def page(platform: str, name: str) -> Page:
    result: Page = json.loads(ADAPTERS[platform](shown(name)))
    stage.check(platform, result)
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
