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

import click

from grader.course.format import Course
from grader.course.loading import load_exercise
from grader.errors import Exit
from grader.model import Outcome
from grader.platforms import feedback, packages
from grader.platforms.platform import EXERCISE, Grading, Package, Platform
from grader.platforms.submission import Order, Result, log_for_staff, serve
from grader.platforms.trouble import Trouble
from grader.reporting.exporters import words
from grader.reporting.shown import Report, ShownCheck

STUDENT = Path("grade/student")
RESULTS = Path("grade/results/results.json")
MOST_BYTES = 1_000_000  # of the whole file; PrairieLearn takes 1 MB
_SHORT = 400
_MOST_SECONDS = 600


def results(report: Report) -> bytes:
    """Feedback to be shown, in a file that is never too large."""
    if report.outcome == "broken":
        return _page({"gradable": False, "message": feedback.plain(report, checks=False)})
    if report.outcome == "not_attempted" or report.unread:
        return _page({"gradable": False, "format_errors": _format_errors(report)})
    whole = {
        "gradable": True,
        "score": feedback.share(report),
        "message": feedback.plain(report, checks=False),
        "output": feedback.safe(report.output),
        "tests": [_test(check, report) for check in report.checks],
    }
    page = _page(whole)
    return page if len(page) <= MOST_BYTES else _page(_shorten(whole))


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
        "message": feedback.reason(check, report),
        "passed": check.outcome is Outcome.PASS,
    }


def _shorten(whole: Mapping[str, Any]) -> dict[str, Any]:
    """The points are what matters: words are cut."""
    tests = [
        {**test, "name": test["name"][:_SHORT], "message": test["message"][:_SHORT]}
        for test in whole["tests"]
    ]
    return {**whole, "tests": tests}


def _page(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, indent=2, allow_nan=False).encode() + b"\n"


def grade(order: Order) -> Exit:
    """Read /grade/student, write /grade/results/results.json."""
    result = Result(RESULTS, lambda found: results(found.student), trouble)
    log_for_staff(serve(order, STUDENT, result))
    return Exit.PASSED


def info_snippet(
    course: Course, isolation: str, exercise: str, image: str, timeout: int = 120
) -> bytes:
    """The part of `info.json` for an exercise.

    The image is built from `prairielearn-image`; the course goes into `serverFilesCourse/`.
    """
    load_exercise(course, exercise)
    command = ["grade", "platform", "prairielearn"]
    options = ["--course", f"/grade/serverFilesCourse/{course.id}", "--exercise", exercise]
    grading = {
        "enabled": True,
        "image": image,
        "entrypoint": [*command, *options, "--isolation", isolation],
        "serverFilesCourse": [f"{course.id}/"],
        "timeout": min(timeout, _MOST_SECONDS),
        "enableNetworking": False,
    }
    snippet = {"gradingMethod": "External", "externalGradingOptions": grading}
    return f"{json.dumps(snippet, indent=2)}\n".encode()


def image() -> bytes:
    """What `docker build` needs, without a course."""
    return packages.image([])


_IMAGE = click.option("--image", metavar="NAME", required=True, help="The image's name.")
PLATFORM = Platform(
    "prairielearn",
    grading=Grading(grade, root="/"),
    packages=(
        Package("prairielearn", info_snippet, (EXERCISE, _IMAGE), is_text=True),
        Package("prairielearn-image", image, (), of_course=False),
    ),
)
