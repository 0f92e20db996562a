"""What was seen in each case → outcomes and points, by plain data."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from grader.judging.judge import judge_answers, judge_runs, part_verdict, untouched, verdict
from grader.model import (
    CheckVerdict,
    Ended,
    Fact,
    Outcome,
    Parsed,
    PartVerdict,
    Run,
    Verdict,
)
from grader.reporting import explain
from tests import samples
from tests.samples_part import Fields, close, code, key, predict, stopped
from tests.samples_seen import run_of, seen

RIGHT = run_of(w=1.5, loss=0.25)
ALL_RIGHT = {"shown": RIGHT, "far.1": RIGHT, "far.2": RIGHT}
W = close("w", "w", points=3)
LOSS = close("loss", "loss", needs="w")


def judged(
    *checks: Fields,
    runs: Mapping[str, Run] | None = None,
    wanted: Mapping[str, Run] = ALL_RIGHT,
    pending: tuple[str, ...] = (),
    parsed: Parsed | None = None,
) -> dict[str, CheckVerdict]:
    """Each check's verdict where these cases went otherwise than right."""
    against = replace(key(wanted), pending=pending)
    done = judge_runs(code(*checks), against, {**wanted, **(runs or {})}, parsed or Parsed())
    return {check.id: check for check in done}


def outcomes(check: CheckVerdict) -> dict[str, Outcome]:
    return {case.id: case.finding.outcome for case in check.cases}


# --- points --------------------------------------------------------------------------------------


def test_all_cases_right_are_all_points() -> None:
    done = judged(W)["w"]

    assert (done.outcome, done.points, done.max_points) == (Outcome.PASS, Fraction(3), Fraction(3))
    assert (done.part, done.title, done.needs) == ("fit", "w is right.", None)
    assert [(case.id, case.hidden) for case in done.cases] == [
        ("shown", False),
        ("far.1", True),
        ("far.2", True),
    ]


def test_points_are_shared_equally_over_the_cases() -> None:
    done = judged(W, runs={"far.2": run_of(w=9.0)})["w"]

    assert (done.outcome, done.points) == (Outcome.FAIL, Fraction(2))


def test_a_third_of_a_point_is_exact() -> None:
    done = judged(close("w", "w"), runs={"far.1": run_of(w=9.0), "far.2": run_of(w=9.0)})["w"]

    assert done.points == Fraction(1, 3)


def test_a_check_of_one_case_looks_at_no_other() -> None:
    done = judged(close("w", "w", cases=("shown",)), runs={"far.1": run_of(w=9.0)})["w"]

    assert (done.points, [case.id for case in done.cases]) == (Fraction(1), ["shown"])


def test_a_check_of_no_case_is_worth_nothing() -> None:
    done = judged(close("w", "w", cases=("elsewhere",)))["w"]

    assert (done.outcome, done.points) == (Outcome.NOT_ATTEMPTED, Fraction(0))


def test_a_check_of_the_source_is_judged_once() -> None:
    rule = {"id": "by-hand", "kind": "source", "forbid": ("*.backward",), "say": "By hand."}
    used = Parsed(facts=(Fact("call", "loss.backward", "fit", "ex4.py", 7),))

    assert outcomes(judged(rule)["by-hand"]) == {"source": Outcome.PASS}
    assert outcomes(judged(rule, parsed=used)["by-hand"]) == {"source": Outcome.FAIL}


# --- how a run ended -----------------------------------------------------------------------------


def test_an_error_costs_its_own_case_alone() -> None:
    done = judged(W, runs={"shown": stopped("no_graph")})["w"]

    assert outcomes(done) == {
        "shown": Outcome.FAIL,
        "far.1": Outcome.PASS,
        "far.2": Outcome.PASS,
    }
    assert [case.ended for case in done.cases] == [Ended.ERROR, Ended.FINISHED, Ended.FINISHED]


def test_only_what_is_told_of_an_open_case_names_the_line() -> None:
    (case, *_) = judged(W, runs={"shown": stopped("no_graph", line=3)})["w"].cases

    assert case.finding.message == f"line 3: {explain.words('no_graph')}"
    assert case.finding.hint == explain.ending(Ended.ERROR)


def test_an_error_is_told_by_checks_that_need_another_too() -> None:
    done = judged(W, LOSS, runs={"shown": stopped("no_graph")})["loss"]

    assert outcomes(done)["shown"] is Outcome.FAIL


@pytest.mark.parametrize("whose", ["runs", "wanted"])
def test_a_run_that_broke_is_our_fault(whose: str) -> None:
    """Whether it was the student's, or the reference's that theirs should be held against."""
    broken = Run(Ended.BROKEN) if whose == "runs" else stopped("memory")
    wanted = ALL_RIGHT if whose == "runs" else {**ALL_RIGHT, "shown": broken}
    runs = {"shown": broken} if whose == "runs" else {"shown": RIGHT}

    done = judged(W, runs=runs, wanted=wanted)["w"]

    assert done.outcome is Outcome.BROKEN
    assert done.cases[0].finding.message == explain.words("broken")
    assert done.cases[0].finding.hint == explain.words("broken")


# --- one check needs another ---------------------------------------------------------------------


def test_what_needs_a_check_that_fails_is_not_looked_at_there() -> None:
    done = judged(W, LOSS, runs={"far.1": run_of(w=9.0, loss=0.25)})["loss"]

    assert outcomes(done) == {
        "shown": Outcome.PASS,
        "far.1": Outcome.SKIP,
        "far.2": Outcome.PASS,
    }
    assert done.cases[1].finding.message == "not looked at: it needs `w` first"
    assert done.cases[1].finding.hint == "not looked at: it needs `w` first"
    assert (done.outcome, done.needs) == (Outcome.SKIP, "w")


def test_a_check_that_is_wrong_itself_is_wrong_not_skipped() -> None:
    done = judged(W, LOSS, runs={"far.1": run_of(w=1.5, loss=9.0)})["loss"]

    assert outcomes(done)["far.1"] is Outcome.FAIL


def test_where_the_other_check_has_no_such_case_all_of_its_cases_count() -> None:
    first = close("w", "w", cases=("far",))
    then = close("loss", "loss", needs="w", cases=("shown",))

    assert outcomes(judged(first, then)["loss"]) == {"shown": Outcome.PASS}
    once_wrong = {"far.2": run_of(w=9.0)}
    assert outcomes(judged(first, then, runs=once_wrong)["loss"]) == {"shown": Outcome.SKIP}


# --- what a release cannot judge -----------------------------------------------------------------

OPEN = {"shown": RIGHT}
PENDING = ("far.1", "far.2")


def test_hidden_cases_of_a_release_are_judged_later() -> None:
    done = judged(W, wanted=OPEN, pending=PENDING)["w"]

    assert (done.outcome, done.points) == (Outcome.PENDING, Fraction(1))
    assert outcomes(done) == {
        "shown": Outcome.PASS,
        "far.1": Outcome.PENDING,
        "far.2": Outcome.PENDING,
    }
    later = done.cases[1]
    assert later.hidden
    assert (later.finding.message, later.finding.hint) == ("judged when you hand in",) * 2


def test_only_the_cases_of_a_check_are_pending() -> None:
    done = judged(close("w", "w", cases=("shown",)), wanted=OPEN, pending=PENDING)["w"]

    assert outcomes(done) == {"shown": Outcome.PASS}


def test_what_is_wrong_already_is_not_pending() -> None:
    done = judged(W, wanted=OPEN, runs={"shown": run_of(w=9.0)}, pending=PENDING)["w"]

    assert done.outcome is Outcome.FAIL


def test_what_needs_a_check_that_is_pending_is_pending() -> None:
    first = close("w", "w", cases=("far",))
    then = close("loss", "loss", needs="w", cases=("shown",))

    done = judged(first, then, wanted=OPEN, pending=PENDING)["loss"]

    assert outcomes(done) == {"shown": Outcome.PENDING}
    assert done.cases[0].finding.message == "judged when you hand in"
    assert done.cases[0].finding.hint == "judged when you hand in"


def test_what_needs_a_check_that_is_right_so_far_is_looked_at() -> None:
    then = close("loss", "loss", needs="w", cases=("shown",))

    done = judged(close("w", "w"), then, wanted=OPEN, pending=PENDING)["loss"]

    assert outcomes(done) == {"shown": Outcome.PASS}


def test_what_is_right_so_far_is_enough_for_a_rule_that_needs_it_everywhere() -> None:
    rule = {"id": "r", "kind": "source", "forbid": ("*.data",), "needs": "w", "say": "No data."}

    done = judged(close("w", "w"), rule, wanted=OPEN, pending=PENDING)["r"]

    assert outcomes(done) == {"source": Outcome.PASS}


# --- predictions ---------------------------------------------------------------------------------

WANTED = run_of(value=4.0, slope=12.0, again=24.0)


def answers(**told: float) -> Parsed:
    return Parsed(answers={name: seen(value) for name, value in told.items()})


def test_each_ask_is_a_case_of_its_own() -> None:
    (done,) = judge_answers(predict(), WANTED, answers(value=4.0, slope=4.0, again=24.0))

    assert outcomes(done) == {
        "value": Outcome.PASS,
        "slope": Outcome.FAIL,
        "again": Outcome.PASS,
    }
    assert done.points == Fraction(2, 3)
    assert not any(case.hidden for case in done.cases)


def test_a_check_asks_for_what_it_names() -> None:
    some = {"id": "some", "kind": "answers", "of": ("slope",), "say": "The slope is right."}

    (done,) = judge_answers(predict(some), WANTED, answers(slope=12.0))

    assert (done.points, outcomes(done)) == (Fraction(1), {"slope": Outcome.PASS})


# --- parts and exercises -------------------------------------------------------------------------


def test_what_was_left_alone_has_its_checks_and_no_points() -> None:
    part = code(W, LOSS)

    done = untouched(part, Outcome.NOT_ATTEMPTED, "still blank")

    assert [(check.id, check.outcome, check.points) for check in done] == [
        ("w", Outcome.NOT_ATTEMPTED, Fraction(0)),
        ("loss", Outcome.NOT_ATTEMPTED, Fraction(0)),
    ]
    assert [case.finding.hint for check in done for case in check.cases] == ["still blank"] * 2
    assert [outcomes(check) for check in done] == [{"all": Outcome.NOT_ATTEMPTED}] * 2
    assert part_verdict(part, done, []).outcome is Outcome.NOT_ATTEMPTED


def test_where_there_is_nothing_to_say_nothing_is_said() -> None:
    (done,) = untouched(code(W), Outcome.NOT_ATTEMPTED)

    assert (done.cases[0].finding.message, done.cases[0].finding.hint) == ("", "")


SHORT = {
    "B": Outcome.BROKEN,
    "F": Outcome.FAIL,
    "S": Outcome.SKIP,
    "L": Outcome.PENDING,  # later
    "P": Outcome.PASS,
    "N": Outcome.NOT_ATTEMPTED,
}


@pytest.mark.parametrize(
    ("checks", "whole"),
    [
        ("PP", "P"),
        ("PL", "L"),
        ("PS", "S"),
        ("LS", "S"),
        ("PF", "F"),
        ("SF", "F"),
        ("FB", "B"),
        ("NN", "N"),
        ("PN", "F"),  # half of it is blank
        ("BN", "B"),
    ],
)
def test_the_worst_check_is_what_a_part_is(checks: str, whole: str) -> None:
    part = code(W)
    done = tuple(untouched(part, SHORT[each])[0] for each in checks)

    got = part_verdict(part, done, ["a note"])

    assert got == PartVerdict("fit", "Fit a line", SHORT[whole], done, ("a note",))


def summed_up(folder: Path, parts: str) -> Verdict:
    done = (replace(part_verdict(code(W), (), []), outcome=SHORT[each]) for each in parts)
    return verdict(samples.load(folder), tuple(done))


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ("PP", "P"),
        ("PL", "L"),
        ("PF", "F"),
        ("PS", "F"),  # what was not looked at is not right
        ("LF", "F"),
        ("PN", "F"),
        ("NN", "N"),
        ("FB", "B"),
        ("NB", "B"),
    ],
)
def test_an_exercise_is_not_attempted_only_if_no_part_is(
    tmp_path: Path, parts: str, whole: str
) -> None:
    assert summed_up(tmp_path, parts).outcome is SHORT[whole]


def test_an_exercise_has_the_points_of_its_parts(tmp_path: Path) -> None:
    part = code(W, LOSS)
    ran = judge_runs(part, key(ALL_RIGHT), {**ALL_RIGHT, "shown": run_of(w=9.0)}, Parsed())
    parts = (part_verdict(part, ran, []), part_verdict(part, untouched(part, Outcome.FAIL), []))

    got = verdict(samples.load(tmp_path), parts)

    assert (got.exercise, got.points, got.max_points) == (
        "ex7",
        Fraction(8, 3),
        Fraction(8),
    )
    assert got.parts == parts
