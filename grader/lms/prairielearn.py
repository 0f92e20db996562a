"""Report → PrairieLearn's `results.json` of an external grader.

Rounding: `score` is the share of the points, 0 to 1, clamped; each test has its points to 0.01.
A file that Python cannot read, or a starter with nothing filled in, is not gradable, and so costs
no attempt; nor does a fault of ours.

Source: PrairieLearn docs/externalGrading.md.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.exporters import words
from grader.lms import feedback
from grader.lms.fraction import fraction
from grader.lms.trouble import Trouble
from grader.model import Outcome
from grader.report import is_unread
from grader.shown import Report, ShownCheck

STUDENT = Path("grade/student")
RESULTS = Path("grade/results/results.json")
COURSE = Path("grade/serverFilesCourse")
MOST_BYTES = 1_000_000  # of the whole file; PrairieLearn takes 1 MB
_SHORT = 400


def results(report: Report) -> bytes:
    """Feedback to be shown, in a file that is never too large."""
    if report.outcome == "broken":
        return _page({"gradable": False, "message": feedback.plain(report, checks=False)})
    if report.outcome == "not_attempted" or is_unread(report):
        return _page({"gradable": False, "format_errors": _format_errors(report)})
    whole = {
        "gradable": True,
        "score": fraction(report),
        "message": feedback.plain(report, checks=False),
        "output": feedback.safe(report.output),
        "tests": [_test(check, report) for check in report.checks],
    }
    page = _page(whole)
    return page if len(page) <= MOST_BYTES else _page(_shortened(whole))


def trouble(found: Trouble) -> bytes:
    """Not gradable.  What is for staff goes to standard error, which students do not see."""
    if found.ours:
        return _page({"gradable": False, "message": found.said})
    return _page({"gradable": False, "format_errors": [found.said]})


def _format_errors(report: Report) -> list[str]:
    notes = [*report.notes, *(note for part in report.parts for note in part.notes)]
    return [feedback.safe(note) for note in notes] or [words.summary(report)]


def _test(check: ShownCheck, report: Report) -> dict[str, Any]:
    return {
        "name": feedback.safe_line(check.title),
        "points": check.points,
        "max_points": check.max_points,
        "message": feedback.said(check, report),
        "passed": check.outcome is Outcome.PASS,
    }


def _shortened(whole: Mapping[str, Any]) -> dict[str, Any]:
    """The points are what matters: words are cut."""
    tests = [
        {**test, "name": test["name"][:_SHORT], "message": test["message"][:_SHORT]}
        for test in whole["tests"]
    ]
    return {**whole, "tests": tests}


def _page(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, indent=2, allow_nan=False).encode() + b"\n"
