"""Report → Coursera's `feedback.json`.

Rounding: `fractionalScore` is the share of the points, 0 to 1, clamped.  A grader that ends with
anything but 0 counts as failed, and then the learner sees nothing, so ours ends with 0.

Source: coursera/coursera_autograder, its README and the checks of its `grade local`.
"""

import json
from pathlib import Path

import click

from grader.course.format import Course
from grader.course.loading import load_exercise
from grader.errors import Exit
from grader.platforms import feedback, packages
from grader.platforms.platform import Grading, Package, Platform
from grader.platforms.submission import Order, Result, log_for_staff, serve
from grader.platforms.trouble import Trouble
from grader.reporting.shown import Report

SUBMISSION = Path("shared/submission")
RESULTS = Path("shared/feedback.json")


def results(report: Report) -> bytes:
    return _page(feedback.share(report), feedback.plain(report))


def trouble(found: Trouble) -> bytes:
    """Coursera knows no "not graded": the score is 0, and the words say why."""
    return _page(0.0, found.said)


def _page(score: float, said: str) -> bytes:
    """In one line: `grade local` reads it as the last line of standard output, too."""
    return json.dumps({"fractionalScore": score, "feedback": said}).encode() + b"\n"


def grade(order: Order) -> Exit:
    """Read /shared/submission, write /shared/feedback.json and print the same line."""
    result = Result(RESULTS, lambda found: results(found.student), trouble)
    log_for_staff(serve(order, SUBMISSION, result))
    click.echo((order.root / RESULTS).read_text(encoding="utf-8"), nl=False)
    return Exit.PASSED


def image(course: Course, isolation: str, exercise: str) -> bytes:
    """What `docker build` needs for an exercise.

    The zip holds solutions and the secret, and so does the image.
    """
    load_exercise(course, exercise)
    options = ["--course", packages.IN_IMAGE, "--exercise", exercise, "--isolation", isolation]
    command = ["grade", "platform", "coursera", *options]
    return packages.image(command, packages.course_files(course))


PLATFORM = Platform(
    "coursera",
    grading=Grading(grade, root="/"),
    packages=(Package("coursera", image, takes_draws=True),),
)
