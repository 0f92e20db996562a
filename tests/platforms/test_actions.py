"""What GitHub Actions shows, and that no student can command it."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from grader.platforms import actions
from grader.platforms.submission import Judged
from grader.platforms.trouble import Trouble
from tests.handing_in import Desk
from tests.platforms.stage import CLASSROOM
from tests.samples_report import SAMPLES, SECRET, shown


def test_a_failed_check_is_an_error_beside_the_file() -> None:
    (line,) = actions.annotations(shown("matched"), "week1/ex4.py").splitlines()

    assert line == (
        "::error file=week1/ex4.py,title=`w` and `b` after 3 steps::"
        "`w` is 0.9, but the reference has 0.95 there"
    )


def test_a_note_with_a_line_is_shown_at_that_line() -> None:
    report = shown("passed").model_copy(update={"notes": ("line 12: 100% wrong\nx = 1",)})

    told = actions.annotations(report, "a,b:c.py")

    assert told == (
        "::error file=a%2Cb%3Ac.py,line=12,title=stopped here::line 12: 100%25 wrong%0Ax = 1\n"
    )


def test_github_shows_ten_and_gets_no_more() -> None:
    report = shown("matched")
    many = report.model_copy(update={"checks": (report.checks[1],) * 30})

    assert len(actions.annotations(many, "ex4.py").splitlines()) == 10


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_but_our_errors_is_a_command(name: str) -> None:
    report = shown(name)

    told = actions.log(Judged(report, report, "ex4.py"))

    commands = re.findall(r"^\s*::([\w-]+)", told, re.MULTILINE)
    assert set(commands) <= {"error"}
    assert not re.search(r"##\w*\[", told)
    assert SECRET not in told


def test_trouble_tells_the_student_and_keeps_the_details() -> None:
    told = actions.log(Trouble("not\nyour fault", "the secret is 7"))

    assert told == "::error title=not graded::not%0Ayour fault\n"


def test_a_summary_is_cut_where_github_would_refuse_it() -> None:
    whole = "é".encode() * 600_000

    fitted = actions.fit(whole, actions.MOST_SUMMARY)

    assert len(fitted) <= actions.MOST_SUMMARY
    assert fitted.decode().endswith("(the rest did not fit)\n")
    assert actions.fit(b"short", 5) == b"short"
    assert actions.fit(b"longer", 3) == b""


@pytest.mark.parametrize(("platform", "exit_code"), [("actions", 1), ("classroom50", 0)])
def test_a_files_name_cannot_garble_the_log(
    desk: Desk, wrong: str, tmp_path: Path, platform: str, exit_code: int
) -> None:
    """No escape for a terminal, and nothing that cannot be printed at all."""
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / os.fsdecode(b"ex\x1b[2J\xff\n1.py")).write_text(wrong)

    told = {**desk.environment, **CLASSROOM}
    words = ("--root", str(repository), "--exercise", "ex1")

    done = replace(desk, environment=told).run("platform", platform, *words)

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
