"""Every file of the corpus, behind every fence: what it gets, and that nothing comes of it."""

import json
import os
from collections.abc import Callable, Iterator
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli.commands import main
from grader.errors import IsolationError
from grader.model import Outcome
from grader.reporting.report import WRONG
from grader.sandbox.client import Sandbox
from tests.attacks.case import CORPUS, UNREAD, Case, Expected, corpus, load
from tests.attacks.grown import GROWN
from tests.attacks.stage import Answer, Stage, soon
from tests.ways import USER, WAYS

COURSE = Path(__file__).parent / "course"
HONEST = CORPUS / "honest_plain.py"
LATE_SECONDS = 1  # CPU time beyond what all stretches of a run may take
MOST_TOLD = 20_000  # characters of a report, without what was printed
JUDGING_SECONDS = 4  # of the processor, once to warm up what a source speaks of


# Every mode; `make attack-all` tries each as root and as a plain user, where it is for both.
ONCE = [way for way in WAYS if str(way) not in {"c-user", "c_old-root"}]
TRIED = WAYS if os.environ.get("GRADE_ATTACK_ALL") else ONCE


@pytest.fixture(scope="module", params=USER if os.geteuid() else TRIED, ids=str)
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    stage = Stage(request.param)
    yield stage
    stage.close()


@pytest.fixture
def arena(stage: Stage, record_property: Callable[[str, object], None]) -> Stage:
    """An arena that is open; the summary says which ones were."""
    stage.open(HONEST)
    record_property("way", f"{stage.way.mode} ({'root' if stage.way.root else 'plain user'})")
    return stage


@pytest.mark.parametrize("case", corpus(), ids=lambda case: case.name)
def test_attack(arena: Stage, case: Case) -> None:
    expected = case.expected(arena.way.mode)

    answer = arena.grade(case.path)
    if slow(answer, expected):  # the machine may have been busy; what hangs will hang again
        answer = arena.grade(case.path)

    assert_outcome(answer, expected)
    assert_nothing_came_of_it(arena)


@pytest.mark.parametrize("name", GROWN)
def test_grown(arena: Stage, name: str) -> None:
    expected, text = GROWN[name]
    path = arena.folder / f"{name}.py"
    path.write_text(text())

    answer = arena.grade(path)

    assert_outcome(answer, expected)
    assert_nothing_came_of_it(arena)


def slow(answer: Answer, expected: Expected) -> bool:
    timed_out = "timeout" in {*answer.get("ends", ())} - expected.ends
    return timed_out or any(run["late"] >= LATE_SECONDS for run in answer.get("runs", ()))


def assert_outcome(answer: Answer, expected: Expected) -> None:
    if "unread" in answer:
        assert UNREAD in expected.ends, answer
        return
    assert set(answer["ends"]) <= expected.ends, answer
    assert answer["points"] == expected.points, answer
    assert not answer["leaked"], answer["read"]
    assert_little_is_told(json.loads(answer["read"]))
    assert all(run["late"] < LATE_SECONDS for run in answer["runs"]), answer["runs"]
    assert answer["judging_seconds"] < JUDGING_SECONDS, answer
    assert answer["outcome"] != Outcome.BROKEN


def assert_little_is_told(report: dict[str, Any]) -> None:
    """One error and one hint of all hidden cases, and no more words than anybody reads."""
    (part,) = report["parts"]
    hidden = [case for check in report["checks"] for case in check["cases"] if case["hidden"]]
    said = {case["message"] for case in hidden if case["ended"] == "finished"} - {"", WRONG}
    hints = {words for words in said if not words.startswith("not looked at")}
    assert sum("in a hidden case" in note for note in part["notes"]) <= 1, part["notes"]
    assert len(hints) <= 1, hints
    assert len(json.dumps({**report, "output": ""})) < MOST_TOLD, report


def assert_nothing_came_of_it(arena: Stage) -> None:
    """For whoever comes next."""
    honest = arena.grade(HONEST)

    assert json.dumps(honest["verdict"]) == json.dumps(arena.clean["verdict"])
    assert arena.quiet(), arena.below()
    assert soon(lambda: arena.left() == arena.untouched), arena.left()


# --- without fences ------------------------------------------------------------------------------

LEAVES_A_MARK = (
    "from pathlib import Path\nPath({!r}).touch()\ndef gradient(x):\n    return 3*x**2\n"
)


@pytest.mark.parametrize("required", ["full", "basic", "none"])
def test_where_fences_are_missing_nothing_runs(
    required: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody gets a grade, not even for a right answer, unless no fences are required."""
    mark, file = tmp_path / "mark", tmp_path / "right.py"
    file.write_text(LEAVES_A_MARK.format(str(mark)))
    monkeypatch.setattr(Sandbox, "__init__", partialmethod(Sandbox.__init__, mode="plain"))
    monkeypatch.setenv("GRADE_SECRET", "5ec2e7" * 10)

    words = ["--course", str(COURSE), "--exercise", "cube", "--isolation", required]
    done = CliRunner().invoke(main, ["submit", str(file), *words])

    runs = required == "none"
    assert done.exit_code == (0 if runs else IsolationError.exit_code), done.output
    assert ("points" in done.stdout) == mark.exists() == runs


# --- the corpus itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "wrong"),
    [
        ("# Says little.\n", "does not begin"),
        ("# Says all.\n# ends: finished | happily\n# points: 0\n", "no run ends as happily"),
        ("# Blames us.\n# ends: broken\n# points: 0\n", "no run ends as broken"),
    ],
)
def test_a_case_says_what_is_to_come_of_it(header: str, wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "case.py"
    path.write_text(header)

    with pytest.raises(ValueError, match=wrong):
        load(path)


def test_a_case_may_differ_by_mode(tmp_path: Path) -> None:
    path = tmp_path / "case.py"
    path.write_text(
        "# It.\n# ends: error\n# points: 0\n# in c, d: finished; points: 1.5\n\nx = 1\n"
    )

    case = load(path)

    assert case.expected("a") == Expected(frozenset({"error"}), 0)
    assert case.expected("c") == case.expected("d") == Expected(frozenset({"finished"}), 1.5)
