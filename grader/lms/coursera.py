"""Report → Coursera's `feedback.json`.

Rounding: `fractionalScore` is the share of the points, 0 to 1, clamped.  A grader that ends with
anything but 0 counts as failed, and then the learner sees nothing, so ours ends with 0.

Source: coursera/coursera_autograder, its README and the checks of its `grade local`.
"""

import json
from pathlib import Path

from grader.lms import feedback
from grader.lms.fraction import fraction
from grader.lms.trouble import Trouble
from grader.shown import Report

SUBMISSION = Path("shared/submission")
RESULTS = Path("shared/feedback.json")


def results(report: Report) -> bytes:
    return _page(fraction(report), feedback.plain(report))


def trouble(found: Trouble) -> bytes:
    """Coursera knows no "not graded": the score is 0, and the words say why."""
    return _page(0.0, found.said)


def _page(score: float, said: str) -> bytes:
    """In one line: `grade local` reads it as the last line of standard output, too."""
    return json.dumps({"fractionalScore": score, "feedback": said}).encode() + b"\n"
