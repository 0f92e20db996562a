"""This course's release: files as students hand them in, judged by the open cases alone."""

import functools
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from grader.classroom.collect import read
from grader.course.loading import load_exercise
from grader.judging.pipeline import grade
from grader.judging.workshop import Workshop
from grader.reporting.report import Audience, Report, report
from grader.sandbox.client import Sandbox
from tests import releases

GOLDEN = Path(__file__).parents[1] / "golden"
EXERCISES = sorted(path.parent.name for path in GOLDEN.glob("*/expected.yaml"))
# The open case of this part has leaves that had a gradient: only a hidden one tells.
UNSEEN = {"wrong_zero_on_none.py", "wrong_sum_with_none.py", "wrong_sum_with_none_of_two.py"}


@pytest.fixture(scope="module")
def shop(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    folder = releases.of_this_course(sandbox, tmp_path_factory)
    return releases.opened(folder, sandbox, tmp_path_factory)


Judge = Callable[[Path], Report]


@pytest.fixture(scope="module")
def judged(shop: Workshop) -> Judge:
    exercise = functools.cache(functools.partial(load_exercise, shop.course))

    def judge(path: Path) -> Report:
        return report(grade(read(path), exercise(path.parent.name), shop), Audience.STUDENT)

    return judge


@pytest.mark.parametrize("exercise", EXERCISES)
def test_open_cases_tell_what_the_course_tells(exercise: str, judged: Judge) -> None:
    """Right work is never failed; a misconception is named wherever an open case shows it."""
    expected = yaml.safe_load((GOLDEN / exercise / "expected.yaml").read_text())
    wanted = {
        name: ("pending", None) if name in UNSEEN else _here(about)
        for name, about in expected.items()
    }

    found = {name: judged(GOLDEN / exercise / name) for name in expected}

    assert {name: _told(it, wanted[name][1]) for name, it in found.items()} == wanted


def _here(about: dict[str, str]) -> tuple[str, str | None]:
    outcome = "pending" if about["outcome"] == "passed" else about["outcome"]
    return outcome, about["diagnosis"]


def _told(found: Report, wanted: str | None) -> tuple[str, str | None]:
    """The outcome, and the mistake that is named; the wanted one if it is one of several."""
    names = [name for one in found.diagnosis for name in (one.among or (one.id,))]
    return found.outcome, wanted if wanted in names else next(iter(names), None)
