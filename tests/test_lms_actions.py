"""What GitHub Actions shows, and that no student can command it."""

import re

import pytest

from grader.lms import actions
from grader.lms.submission import Judged
from grader.lms.trouble import Trouble
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
