"""What a Report holds for whom."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from grader.model import (
    CaseVerdict,
    CheckVerdict,
    Ended,
    Exhibit,
    Fault,
    Finding,
    Graded,
    GradRow,
    Outcome,
)
from grader.reporting.report import Audience, Report, report
from tests.samples_report import SAMPLES, SECRET, matched, one_of, passed, printing, timed_out

STUDENT, TEACHER = Audience.STUDENT, Audience.TEACHER


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "hostile"])
def test_a_student_never_reads_what_a_hidden_case_held(name: str) -> None:
    shown = report(SAMPLES[name](), STUDENT)

    assert SECRET not in shown.model_dump_json()


def test_a_student_reads_outcome_ending_and_hint_of_a_hidden_case() -> None:
    shown = report(_with_case(_failing()), STUDENT).checks[0].cases[1]

    assert shown.hidden
    assert (shown.outcome, shown.ended) == (Outcome.FAIL, Ended.FINISHED)
    assert shown.message == "`w` is 2 times what it should be"


def test_no_hint_of_a_hidden_case_is_told_where_an_open_one_tells_what_is_wrong() -> None:
    opened, hidden = report(matched(), STUDENT).checks[1].cases

    assert "0.9" in opened.message
    assert hidden.message == "is wrong in a hidden case"


def test_of_all_hidden_cases_of_a_part_one_hint_is_told() -> None:
    hints = ("is transposed", "is twice what it should be", "is zero")
    cases = tuple(
        replace(_failing(), id=f"far.{n}", finding=Finding(Outcome.FAIL, SECRET, hint))
        for n, hint in enumerate(hints)
    )
    check = replace(matched().verdict.parts[0].checks[1], cases=cases)
    part = replace(matched().verdict.parts[0], checks=(check, replace(check, id="another")))
    graded = replace(matched(), verdict=replace(matched().verdict, parts=(part,)))

    told = [case.message for check in report(graded, STUDENT).checks for case in check.cases]

    assert told == ["is transposed", *["is wrong in a hidden case"] * 5]


def test_a_teacher_reads_everything() -> None:
    shown = report(one_of(), TEACHER)

    assert SECRET in shown.checks[1].cases[1].message
    assert SECRET in shown.diagnosis[0].evidence


def test_a_hint_stands_in_where_there_is_no_message() -> None:
    case = replace(_failing(), finding=Finding(Outcome.FAIL, hint="transposed"), hidden=False)

    assert report(_with_case(case), TEACHER).checks[0].message == "transposed"


def test_a_check_tells_its_first_failing_open_case_before_a_hidden_one() -> None:
    check = matched().verdict.parts[0].checks[1]
    turned = replace(check, cases=tuple(reversed(check.cases)))

    shown = report(_with_check(turned), STUDENT).checks[0]

    assert [case.hidden for case in shown.cases] == [True, False]
    assert shown.message == "`w` is 0.9, but the reference has 0.95 there"


def test_a_check_tells_the_hint_of_a_hidden_case_when_open_ones_pass() -> None:
    shown = report(_with_case(_failing()), STUDENT).checks[0]

    assert shown.message == "`w` is 2 times what it should be"


def test_a_check_that_passes_has_no_message() -> None:
    assert {check.message for check in report(passed(), STUDENT).checks} == {""}


def test_evidence_of_an_open_case_is_shown_to_its_student() -> None:
    assert report(matched(), STUDENT).diagnosis[0].evidence.endswith("all 12 steps")


@pytest.mark.parametrize("case", ["far.1", "never-heard-of"])
def test_only_an_open_case_is_exhibited_to_a_student(case: str) -> None:
    """An exhibit that should not have been made is stopped here all the same."""
    graded = replace(matched(), exhibits=(Exhibit("fit", case, (), ()),))

    assert not report(graded, STUDENT).exhibits
    assert report(graded, TEACHER).exhibits


def test_the_total_is_the_rounded_sum_not_the_sum_of_rounded_ones() -> None:
    shown = report(passed(), STUDENT)

    assert [check.points for check in shown.checks] == [3.33, 3.33, 3.33]
    assert shown.points == 10.0


@pytest.mark.parametrize(
    ("sample", "outcome"),
    [
        ("passed", "passed"),
        ("matched", "failed"),
        ("not_attempted", "not_attempted"),
        ("broken", "broken"),
    ],
)
def test_the_outcome_of_the_whole_has_four_words(sample: str, outcome: str) -> None:
    assert report(SAMPLES[sample](), STUDENT).outcome == outcome


def test_a_skipped_whole_counts_as_failed() -> None:
    graded = matched()
    skipped = replace(graded, verdict=replace(graded.verdict, outcome=Outcome.SKIP))

    assert report(skipped, STUDENT).outcome == "failed"


def test_a_large_array_is_kept_as_shape_and_first_numbers() -> None:
    rows = (GradRow("w", 1, np.arange(600.0).reshape(20, 30), None, right=False),)
    graded = replace(matched(), exhibits=(Exhibit("fit", "small", rows, ()),))

    (row,) = report(graded, STUDENT).exhibits[0].grads

    assert row.want is None
    assert row.got is not None
    assert row.got.shape == (20, 30)
    assert row.got.values == tuple(range(24))
    assert row.got.size == 600


def test_the_secret_appears_as_a_fingerprint_only() -> None:
    evidence = report(timed_out(), STUDENT).evidence

    assert evidence.secret_fingerprint == "c0ffee12"
    assert not hasattr(evidence, "secret")


def test_a_report_cannot_be_changed() -> None:
    shown = report(passed(), STUDENT)

    with pytest.raises(ValidationError):
        shown.outcome = "failed"  # type: ignore[misc]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_report_survives_being_kept_as_plain_data(name: str) -> None:
    shown = report(SAMPLES[name](), TEACHER)

    kept = Report.model_validate(shown.model_dump(by_alias=True))

    assert repr(kept) == repr(shown)


def _failing() -> CaseVerdict:
    return matched().verdict.parts[0].checks[1].cases[1]


def _with_case(case: CaseVerdict) -> Graded:
    check = matched().verdict.parts[0].checks[1]
    open_case = passed().verdict.parts[0].checks[0].cases[0]
    return _with_check(replace(check, cases=(open_case, case)))


def _with_check(check: CheckVerdict) -> Graded:
    graded = matched()
    part = replace(graded.verdict.parts[0], checks=(check,))
    return replace(graded, verdict=replace(graded.verdict, parts=(part,)))


def test_a_teacher_reads_what_a_hidden_case_raised_and_printed_and_a_student_does_not() -> None:
    fault = Fault("other", "ValueError", SECRET, "ex4.py", 12, None, "raise ValueError(x)")
    whole = printing(matched(), "of the open case\n")
    opened, hidden = whole.tried
    failed = replace(hidden.run, ended=Ended.ERROR, fault=fault, output=f"x is {SECRET}\n")
    graded = replace(whole, tried=(opened, replace(hidden, run=failed)))

    student, teacher = report(graded, STUDENT), report(graded, TEACHER)

    assert student.output == "of the open case\n"
    assert SECRET not in student.model_dump_json()
    assert teacher.output == f"of the open case\n\nin hidden case far.1:\nx is {SECRET}\n"
    (note,) = teacher.parts[0].notes
    assert note.startswith("in hidden case far.1: line 12: ")
    assert f"ValueError: {SECRET}" in note


def test_a_teacher_sees_the_curves_of_hidden_cases() -> None:
    seen = (Exhibit("fit", "small", (), ()), Exhibit("fit", "far.1", (), ()))
    graded = replace(matched(), exhibits=seen)

    assert [each.case for each in report(graded, STUDENT).exhibits] == ["small"]
    assert [each.case for each in report(graded, TEACHER).exhibits] == ["small", "far.1"]
