"""What every format says in the same words: outcomes, reasons, and what to do next."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from grader.model import Certainty, Ended, Outcome
from grader.reporting.exporters.text import points
from grader.reporting.shown import (
    Report,
    ShownCase,
    ShownCheck,
    ShownDiagnosis,
    ShownExhibit,
    ShownGrad,
)

MOST_EXHIBITS = 2
RIGHT = frozenset({"passed", "pending"})  # nothing is wrong
WHOLE: Mapping[str, str] = MappingProxyType(
    {
        "passed": "passed",
        "pending": "right so far",
        "failed": "not yet",
        "not_attempted": "not attempted",
        "broken": "grading failed",
        "unreadable": "not readable",
    }
)
OUTCOME: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.PASS: "pass",
        Outcome.FAIL: "FAIL",
        Outcome.SKIP: "skip",
        Outcome.PENDING: "so far",
        Outcome.NOT_ATTEMPTED: "none",
        Outcome.BROKEN: "broken",
    }
)
_ENDED: Mapping[Ended, str] = MappingProxyType(
    {
        Ended.ERROR: "the code raised an error",
        Ended.TIMEOUT: "the time ran out",
        Ended.MEMORY: "the memory ran out",
        Ended.CRASHED: "the process died",
        Ended.REFUSED: "what came back could not be read",
        Ended.BROKEN: "the grader failed, which costs no points,",
    }
)
_DIAGNOSIS: Mapping[Certainty, str] = MappingProxyType(
    {
        Certainty.MATCH: "What went wrong",
        Certainty.ONE_OF: "One of these went wrong",
        Certainty.HINT: "What this often comes from",
    }
)
_NO_REASON = frozenset({Outcome.PASS, Outcome.SKIP, Outcome.PENDING, Outcome.NOT_ATTEMPTED})
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")


def score(report: Report) -> str:
    if report.outcome == "broken":
        return "no points given, none taken"
    partly = report.outcome != "pending" and _pending_points(report) > 0  # else it is told beside
    return f"{points(report.points)} of {points(report.max_points)} points{' so far' * partly}"


def share(report: Report) -> float:
    """The points of what was judged, from 0 to 1."""
    judged = report.max_points - _pending_points(report)
    return min(1.0, report.points / judged) if judged > 0 else 0.0


def summary(report: Report) -> str:
    """One sentence below the headline."""
    match report.outcome:
        case "passed":
            hidden = any(case.hidden for check in report.checks for case in check.cases)
            return f"Well done: everything is right{', in the hidden cases too' * hidden}."
        case "pending":
            return f"Everything is right that can be judged here. {_later(report)}"
        case "not_attempted":
            return "Nothing is filled in yet."
        case "broken":
            return "Something failed on our side. It is not your fault and costs you no points."
    later = _later(report)
    right = sum(map(_right, report.checks))
    return f"{right} of {len(report.checks)} checks pass{f' so far. {later}' if later else '.'}"


def _right(check: ShownCheck) -> bool:
    """Of a check that is pending, something was judged, and it was right."""
    if check.outcome is Outcome.PENDING:
        return any(case.outcome is Outcome.PASS for case in check.cases)
    return check.outcome is Outcome.PASS


def _later(report: Report) -> str:
    """What a release leaves to whoever has the course, or ""."""
    left = _pending_points(report)
    return f"Hidden cases, {points(left)} points, are judged when you hand in." if left else ""


def _pending_points(report: Report) -> float:
    """What the pending cases are worth: a check's points are shared equally over its cases."""
    return sum(
        check.max_points * _count(check, Outcome.PENDING) / len(check.cases)
        for check in report.checks
        if check.cases
    )


def _count(check: ShownCheck, outcome: Outcome) -> int:
    return sum(case.outcome is outcome for case in check.cases)


def heading(diagnosis: ShownDiagnosis) -> str:
    return _DIAGNOSIS[diagnosis.certainty]


def said(check: ShownCheck, report: Report) -> str:
    """Why a check did not pass, or ""."""
    if check.outcome is Outcome.PASS:
        return ""
    if check.message:
        return check.message
    if check.outcome is Outcome.PENDING:
        rest = "the rest is " if _right(check) else ""
        return f"{rest}judged when you hand in"
    if check.outcome is Outcome.SKIP:
        return f"not looked at until this passes: {_needed(check, report)}"
    if check.outcome is Outcome.NOT_ATTEMPTED:
        return ""
    return next((reason for case in check.cases if (reason := case_said(case))), "")


def _needed(check: ShownCheck, report: Report) -> str:
    titles = {(other.part, other.id): other.title for other in report.checks}
    return titles.get((check.part, check.needs or ""), check.needs or "the checks before it")


def case_said(case: ShownCase) -> str:
    """Why a case did not pass, or ""."""
    if case.outcome in _NO_REASON:
        return ""
    if case.message:
        return case.message
    where = "a hidden case, which has other numbers" if case.hidden else f"case `{case.id}`"
    if case.ended in _ENDED:
        return f"{_ENDED[case.ended]} in {where}"
    return f"not right in {where}"


def next_step(report: Report) -> str:
    """What a student may type next."""
    file = _plain(report.evidence.file_name, "your file")
    exercise = _plain(report.exercise, "")
    match report.outcome:
        case "passed":
            return "grade list"
        case "pending":
            return f"hand in {file}; more exercises: grade list"
        case "not_attempted":
            return f"fill in the TODOs in {file}, or: grade hint {exercise}".rstrip()
        case "broken":
            return "grade doctor, and tell your teacher what it says"
    return f"grade hint {exercise}".rstrip()


def _plain(name: str, otherwise: str) -> str:
    """A name that can be pasted into a shell as it is."""
    return name if _PLAIN_NAME.fullmatch(name) else otherwise


def worth_showing(report: Report) -> tuple[ShownExhibit, ...]:
    """The first exhibits in which something is wrong; of right work, one."""
    if report.outcome in RIGHT:
        return report.exhibits[:1]
    return tuple(exhibit for exhibit in report.exhibits if _differs(exhibit))[:MOST_EXHIBITS]


def _differs(exhibit: ShownExhibit) -> bool:
    return any(not row.right for row in exhibit.grads) or parted(exhibit)


def parted(exhibit: ShownExhibit) -> bool:
    """Whether the student's loss leaves the reference's, as far as an eye can see."""
    curves = {curve.label: curve.values for curve in exhibit.curves}
    yours, reference = curves.get("yours", ()), curves.get("reference", ())
    if len(yours) != len(reference):
        return True
    near = 1e-3 * max((abs(value) for value in reference), default=0.0)
    return any(not abs(a - b) <= near for a, b in zip(yours, reference, strict=True))


def window(rows: tuple[ShownGrad, ...], most: int) -> tuple[ShownGrad, ...]:
    """At most that many rows, with the first wrong one among them."""
    wrong = next((at for at, row in enumerate(rows) if not row.right), 0)
    start = max(0, min(wrong - 1, len(rows) - most))
    return rows[start : start + most]
