"""Classroom 50's result.json: whole numbers that sum up, and words for a release's page."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.errors import AuthorError
from grader.platforms import classroom50
from tests.handing_in import Desk
from tests.platforms.stage import CLASSROOM, Page, check, machine_of
from tests.samples_report import shown


def page(name: str) -> Page:
    at = datetime(2026, 6, 1, 12, tzinfo=UTC)
    raw = classroom50.result(shown(name), classroom50.runner(CLASSROOM), at)
    result: Page = json.loads(raw)
    check("classroom50", result)
    return result


def test_points_are_whole_hundredths_whose_sum_is_the_total() -> None:
    """Three thirds of 10 points: rounded alone, all right would be 999 of 1000."""
    result = page("passed")

    assert [test["max-score"] for test in result["tests"]] == [334, 333, 333]
    assert (result["score"], result["max-score"]) == (1000, 1000)


def test_all_submissions_of_an_exercise_have_the_same_maxima() -> None:
    maxima = {
        tuple(test["max-score"] for test in page(name)["tests"])
        for name in ("passed", "matched", "not_attempted")
    }

    assert maxima == {(334, 333, 333)}


def test_outside_of_its_runner_classroom50_is_refused() -> None:
    with pytest.raises(AuthorError, match="CLASSROOM"):
        classroom50.runner({**os.environ, "CLASSROOM": ""})


def test_classroom50_has_words_for_the_release_page(desk: Desk, tmp_path: Path) -> None:
    machine = machine_of("classroom50", desk, tmp_path)

    done = machine.run("--exercise", "ex1")

    assert done.exit_code == 0  # what the student can mend is no fault of the machinery
    assert machine.result["max-score"] > 0
    assert "Not graded" in (machine.root / "release-body.md").read_text()
