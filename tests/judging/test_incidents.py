"""What happens when the grader itself fails over somebody's work: a record, and no harm to anybody.

The fault is made: judging falls over whatever prints the word.
"""

import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from grader.cli import submit as submit_command
from grader.course.parts.part import AnyPart
from grader.errors import IsolationError
from grader.judging import judge
from grader.judging.keys import Key
from grader.model import CheckVerdict, Parsed, Run
from grader.reporting.exporters import EXPORTERS
from grader.reporting.shown import Report
from tests.handing_in import RIGHT, WRONG, Desk

WORD = "stumble"
STUMBLING = f"print('{WORD}')\n    {RIGHT}"
QUOTED = "a number of a hidden case: 4.7113"
FAILED = "the grader failed, not your code"


@pytest.fixture(autouse=True)
def error(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """What judging raises; a test may exchange it, or mend it."""
    honest, raised = judge.judge_runs, list[Exception]([OverflowError(QUOTED)])

    def stumbles(
        part: AnyPart, key: Key, seen: Mapping[str, Run], parsed: Parsed
    ) -> tuple[CheckVerdict, ...]:
        if raised and any(WORD in run.output for run in seen.values()):
            raise raised[0]
        return honest(part, key, seen, parsed)

    monkeypatch.setattr(judge, "judge_runs", stumbles)
    return raised


def record(desk: Desk) -> Path:
    (found,) = desk.state.glob("incidents/*/*/record.json")
    return found.parent


# --- one file ------------------------------------------------------------------------------------


def test_a_student_reads_that_it_was_not_their_fault_and_where_it_is_recorded(desk: Desk) -> None:
    desk.solved(STUMBLING)

    done = desk.run("submit", "ex1.py")

    assert done.exit_code == 3
    assert "no points given, none taken" in done.stdout
    assert FAILED in done.stdout
    assert f"recorded in {record(desk)}" in done.stderr
    assert QUOTED not in done.output


def test_staff_find_all_that_is_needed_to_see_it_again(desk: Desk) -> None:
    path = desk.solved(STUMBLING)

    desk.run("submit", "ex1.py", "--as", "ada")

    told, handed_in = json.loads((record(desk) / "record.json").read_text()), record(desk)
    evidence = told["evidence"]
    assert (handed_in / "submission.py").read_bytes() == path.read_bytes()
    assert told["bytes"] == str(handed_in / "submission.py")
    assert told["again"] == ["grade", "submit", "submission.py", "--exercise", "ex1", "--as", "ada"]
    assert (told["course"], told["exercise"], told["student"]) == ("fresh", "ex1", "ada")
    assert {"submission", "exercise", "variant", "secret", "versions"} <= evidence.keys()
    assert QUOTED in told["traceback"]
    assert "in stumbles" in told["traceback"]
    assert desk.environment["GRADE_SECRET"] not in json.dumps(told)
    assert handed_in.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("form", [*EXPORTERS])
def test_every_format_says_so_and_only_staff_read_why(form: str, desk: Desk) -> None:
    desk.solved(STUMBLING)

    own, staff = (
        desk.run("submit", "--format", form, "--audience", audience, "ex1.py")
        for audience in ("student", "teacher")
    )

    assert (own.exit_code, staff.exit_code) == (3, 3)
    assert FAILED in own.stdout
    assert QUOTED not in own.output
    assert QUOTED in " ".join(staff.stdout.split())


def test_the_same_file_again_has_one_record_and_another_file_is_graded(desk: Desk) -> None:
    desk.solved(STUMBLING)
    desk.run("submit", "ex1.py")
    desk.run("submit", "ex1.py")
    first = record(desk)
    desk.solved(WRONG)

    done = desk.run("submit", "ex1.py")

    assert done.exit_code == 1
    assert record(desk) == first


def test_a_report_that_cannot_be_written_is_such_a_fault_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that says that the grader failed can be."""

    def export(report: Report) -> bytes:
        if report.outcome != "broken":
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "no surrogates")
        return b"{}"

    monkeypatch.setattr(submit_command, "EXPORTERS", {**EXPORTERS, "markdown": export})
    desk.solved(RIGHT)

    done = desk.run("submit", "--format", "markdown", "ex1.py")

    assert done.exit_code == 3
    assert "no surrogates" in (record(desk) / "record.json").read_text()


def test_what_cannot_be_recorded_is_told_all_the_same(desk: Desk) -> None:
    desk.solved(STUMBLING)
    (desk.state / "incidents").parent.mkdir(exist_ok=True)
    (desk.state / "incidents").write_text("a file where the folder should be")

    done = desk.run("submit", "ex1.py")

    assert done.exit_code == 3
    assert "no record could be kept" in done.stderr


def test_what_a_person_can_mend_stays_an_error_for_people(
    desk: Desk, error: list[Exception]
) -> None:
    error[0] = IsolationError("this machine confines nothing")
    desk.solved(STUMBLING)

    done = desk.run("submit", "ex1.py")

    assert done.exit_code == 5
    assert not (desk.state / "incidents").exists()


def test_a_hint_says_that_nothing_can_be_said(desk: Desk) -> None:
    desk.solved(STUMBLING)

    done = desk.run("hint", "--all", "ex1.py")

    assert FAILED in " ".join(done.stdout.split())
    assert record(desk).is_dir()


# --- a class -------------------------------------------------------------------------------------


@pytest.fixture
def handed_in(desk: Desk) -> Path:
    """Three students' files, the second of which the grader stumbles over."""
    for student, code in (("ada", RIGHT), ("bob", STUMBLING), ("cleo", WRONG)):
        (desk.folder / "class" / student).mkdir(parents=True)
        desk.solved(code).rename(desk.folder / "class" / student / "ex1.py")
    return desk.folder / "class"


def test_the_other_files_are_graded(handed_in: Path, desk: Desk) -> None:
    done = desk.run("batch", "--json", str(handed_in))

    told = {line["students"][0]: line for line in map(json.loads, done.stdout.splitlines())}
    assert done.exit_code == 3
    assert {who: line["report"]["outcome"] for who, line in told.items()} == {
        "ada": "passed",
        "bob": "broken",
        "cleo": "failed",
    }
    assert QUOTED in json.dumps(told["bob"]["report"]["notes"])
    assert json.loads((record(desk) / "record.json").read_text())["student"] == "bob"


def test_it_costs_nothing_and_counts_as_soon_as_it_is_mended(
    handed_in: Path, desk: Desk, error: list[Exception]
) -> None:
    desk.run("batch", str(handed_in))
    before = desk.run("book", "show", "--student", "bob").stdout.split("\t")
    error.clear()

    done = desk.run("batch", "--json", str(handed_in))

    states = {line["file"]: line["state"] for line in map(json.loads, done.stdout.splitlines())}
    after = desk.run("book", "show", "--student", "bob").stdout.split("\t")
    assert ("grading failed", "0") in pairwise(before)  # tries
    assert sorted(states.values()) == ["cached", "cached", "graded"]
    assert ("passed", "1") in pairwise(after)


# --- a platform ----------------------------------------------------------------------------------


def test_a_platform_tells_the_student_that_it_was_not_them_and_staff_why(desk: Desk) -> None:
    place = desk.folder / "autograder" / "submission"
    place.mkdir(parents=True)
    desk.solved(STUMBLING).rename(place / "ex1.py")

    done = desk.run("platform", "gradescope", "--root", str(desk.folder), "--exercise", "ex1")

    told = json.loads((desk.folder / "autograder" / "results" / "results.json").read_text())
    shown = [test["output"] for test in told["tests"] if test["visibility"] == "visible"]
    assert ["This is not your fault" in said for said in shown] == [True]
    assert QUOTED not in shown[0]
    assert QUOTED in " ".join(done.stdout.split())
    assert (record(desk) / "submission.py").is_file()
