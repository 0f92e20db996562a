"""Report → Classroom 50's `result.json`, and the words for its release page.

Rounding: the format knows whole numbers only, so all points are times 100, and exact.  Where the
checks' maxima are rounded (three thirds of 10), the first ones get the hundredths that are missing:
then the sum of the tests is the total, and who has everything right has all of it.  What a released
course cannot judge has earned nothing yet.

Sources: foundation50/classroom50, its page on advanced autograding and its schema result/v1.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from grader.course.format import Course
from grader.errors import AuthorError, Exit, UsageError
from grader.model import Outcome
from grader.platforms import actions, feedback, packages
from grader.platforms.files import write
from grader.platforms.platform import Grading, Package, Platform
from grader.platforms.submission import Order, Result, serve
from grader.platforms.trouble import Trouble
from grader.reporting.shown import Report

RESULT = Path("result.json")
WORDS = Path("release-body.md")
SCALE = 100
_NEEDED = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")


@dataclass(frozen=True, slots=True)
class Runner:
    """What the runner says of the submission; owner and kind it stamps itself."""

    classroom: str
    assignment: str
    submission: str
    commit: str
    release: str
    review: str


def runner(environ: Mapping[str, str]) -> Runner:
    """Raises AuthorError if this is not a run of Classroom 50."""
    missing = [name for name in _NEEDED if not environ.get(name)]
    if missing:
        hint = "Classroom 50's runner sets them; elsewhere use `grade platform actions`"
        raise AuthorError(f"not set: {', '.join(missing)}", hint=hint)
    classroom, assignment, submission, commit, release = (environ[name] for name in _NEEDED)
    review = environ.get("REVIEW_URL") or commit
    return Runner(classroom, assignment, submission, commit, release, review)


def result(report: Report, about: Runner, at: datetime) -> bytes:
    maxima = _maxima([check.max_points for check in report.checks], report.max_points)
    tests = [
        {
            "test-name": feedback.safe_line(f"{check.part}.{check.id}: {check.title}"),
            "passed": check.outcome is Outcome.PASS,
            "score": _score(check.points, check.max_points, most),
            "max-score": most,
            "message": feedback.reason(check, report),
        }
        for check, most in zip(report.checks, maxima, strict=True)
    ]
    return _page(about, at, tests)


def trouble(found: Trouble, about: Runner, at: datetime, max_points: float) -> bytes:
    """Of the student's file: no points.  Of our own making: nothing to win, nothing to lose."""
    most = 0 if found.ours else round(max_points * SCALE)
    test = {"test-name": "graded", "passed": False, "score": 0, "max-score": most}
    return _page(about, at, [{**test, "message": found.said}])


def _maxima(points: Sequence[float], total: float) -> list[int]:
    """Hundredths that sum up to the total."""
    maxima = [round(each * SCALE) for each in points]
    missing = round(total * SCALE) - sum(maxima)
    step = 1 if missing > 0 else -1
    fits = [at for at, most in enumerate(maxima) if most > 0][: abs(missing)]
    for at in fits:
        maxima[at] += step
    return maxima


def _score(earned: float, of: float, most: int) -> int:
    return most if earned >= of else min(most, round(earned * SCALE))


def _page(about: Runner, at: datetime, tests: Sequence[Mapping[str, Any]]) -> bytes:
    fields = {
        "schema": "classroom50/result/v1",
        "classroom": about.classroom,
        "assignment": about.assignment,
        "submission": about.submission,
        "commit": about.commit,
        "release": about.release,
        "review": about.review,
        "datetime": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    return json.dumps(fields, indent=2).encode() + b"\n"


def grade(order: Order) -> Exit:
    """Grade the checkout here, write result.json and release-body.md.

    Ends with 0 for any grade; with 3, which the runner takes for a fault of the machinery, if the
    grader failed.
    """
    about, at = runner(os.environ), datetime.now(UTC)
    written = Result(
        RESULT,
        lambda found: result(found.student, about, at),
        lambda found: trouble(found, about, at, _worth(found, order)),
    )
    found = serve(order, Path(), written)
    write(WORDS, actions.page(found), order.root)
    click.echo(actions.log(found), nl=False)
    return Exit.OURS if isinstance(found, Trouble) and found.ours else Exit.PASSED


def _worth(found: Trouble, order: Order) -> float:
    """All points of the exercise, where it is known which one it is and the course is sound."""
    if found.ours or order.exercise not in order.setup.course.paths:
        return 0.0
    return float(sum(check.worth for check in order.setup.exercise(order.exercise).checks))


def bundle(course: Course, isolation: str, exercise: str) -> bytes:
    """The files of autograders/ASSIGNMENT/.

    Students can read them, so --course names a course that `grade release` has written.
    """
    # Points for hidden cases are given by `grade batch` alone.
    brought = packages.release_files(course)
    if exercise not in course.paths:
        hint = "`grade list` names them"
        raise UsageError(f"no exercise {exercise!r} in {course.folder}", hint=hint)
    options = ["--exercise", exercise, "--isolation", isolation]
    program = packages.render("classroom50_autograder.py.j2", options=options)
    return packages.package({"autograder.py": program, **brought})


PLATFORM = Platform(
    "classroom50", grading=Grading(grade), packages=(Package("classroom50", bundle),)
)
