"""Check + what a wrong answer shows → whether it is caught, and not by a hair."""

from collections.abc import Mapping

from grader.checks.check import Check, View, find
from grader.checks.compare import distance
from grader.model import Ended, Outcome

MARGIN = 1e-2  # relative; 100 times the tolerance
_TIMES = 10  # the tolerance that a check asks for, or that noise leaves


def caught(check: Check, views: Mapping[str, View]) -> bool:
    """Whether a check fails in one of these cases, and not by a hair."""
    return any(_fails(check, view) for case, view in views.items() if check.covers(case))


def _fails(check: Check, view: View) -> bool:
    if check.runs_code and view.seen.ended is not Ended.FINISHED:
        return True
    if check.judge(view).outcome is not Outcome.FAIL:
        return False
    if not check.numeric:
        return True
    wants = [(path, find(view.wanted, path)) for path in check.numeric]
    gaps = [
        distance(find(view.seen, path), want, view.noise.get(path, 0.0))
        for path, want in wants
        if want is not None
    ]
    far = max(check.excesses(view).values()) > _TIMES
    return far and max(gaps, default=0.0) > MARGIN
