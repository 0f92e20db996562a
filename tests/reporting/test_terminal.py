"""What a terminal shows, in which order, and within which width."""

import re

import pytest

from grader.reporting.exporters import terminal
from grader.reporting.exporters.terminal import Looks
from grader.reporting.report import Audience
from tests.samples_report import SAMPLES, shown

PLAIN = Looks(width=80, color=False, unicode=True)


def printed(name: str, look: Looks = PLAIN, audience: Audience = Audience.STUDENT) -> str:
    return terminal.export(shown(name, audience), look).decode()


def test_a_wrong_answer_is_told_in_the_order_of_use() -> None:
    page = printed("matched")

    told = ("3.33 of 10", "What went wrong", "note:", "FAIL", "Gradients", "Loss", "Printed")
    places = [page.index(word) for word in told]
    assert places == sorted(places)
    assert page.endswith("next: grade hint ex4\n")


def test_the_reason_stands_under_the_check_that_fails() -> None:
    lines = [line.strip() for line in printed("matched").splitlines()]

    at = next(i for i, line in enumerate(lines) if line.startswith("FAIL"))
    assert lines[at + 1] == "`w` is 0.9, but the reference has 0.95 there"


def test_the_next_step_can_be_pasted_into_a_shell() -> None:
    assert printed("hostile").endswith("next: grade hint\n")


def test_full_marks_are_short_and_warm() -> None:
    page = printed("passed")

    assert "Well done" in page
    assert len(page.splitlines()) < 18
    assert "Printed" not in page


def test_an_exercise_not_attempted_says_where_to_begin() -> None:
    page = printed("not_attempted")

    assert "`forward` is still blank: ex4.py, line 12" in page
    assert "next: fill in the TODOs in ex4.py" in page


def test_a_fault_of_ours_is_not_blamed_on_the_student() -> None:
    page = printed("broken")

    assert "not your fault and costs you no points" in page
    assert "0 of 10" not in page


def test_a_hidden_case_that_ran_out_of_time_says_so() -> None:
    assert "the time ran out in a hidden case" in printed("timed_out")


def test_a_teacher_sees_each_case_and_the_evidence() -> None:
    page = printed("matched", audience=Audience.TEACHER)

    assert "far.1, hidden: `w` is 3.0" in page
    assert "variant 3, isolation A, full" in page
    assert "next:" not in page


@pytest.mark.parametrize("width", [10, 40, 80, 120, 400])
@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("unicode", [True, False])
def test_no_line_is_wider_than_the_terminal(name: str, width: int, *, unicode: bool) -> None:
    page = printed(name, Looks(width=width, color=False, unicode=unicode))

    assert max(len(line) for line in page.splitlines()) <= max(40, min(width, 120))


def test_ascii_is_enough() -> None:
    page = printed("matched", Looks(width=80, color=False, unicode=False))

    assert page.isascii()
    assert "| What went wrong" in page
    assert "no-zero-grad  ==:::=+=+**#" in page


def test_colour_adds_nothing_but_colour() -> None:
    colored = printed("matched", Looks(width=80, color=True, unicode=True))

    bare = re.sub(r"\x1b\[[0-9;]*m", "", colored)
    assert "\x1b[" in colored
    assert [line.rstrip() for line in bare.splitlines()] == printed("matched").splitlines()


def test_the_environment_decides_on_colour_and_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "97")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert terminal.looks().width == 97
    assert terminal.looks().color

    monkeypatch.setenv("NO_COLOR", "1")
    assert not terminal.looks().color
