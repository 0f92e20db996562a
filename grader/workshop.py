"""Course → what grading needs: a fork server, the cache of trusted runs, the secret."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from grader import settings
from grader.errors import IsolationError
from grader.format import Course
from grader.keys import Keys
from grader.sandbox import client, remedies
from grader.sandbox.cache import RunCache
from grader.sandbox.client import Sandbox

TOLD_ONCE = (
    "grade: made the course's secret, exercises/.secret; hidden cases are drawn from it. "
    "Keep it, and keep it to yourself."
)
LEVELS = ("none", "basic", "strong", "full")


@dataclass(frozen=True)
class Workshop:
    """Everything that outlives one submission."""

    course: Course
    sandbox: Sandbox
    runs: RunCache
    keys: Keys
    fingerprint: str  # of the secret
    new_secret: bool  # made just now


@contextmanager
def opened(
    course: Course, *, isolation: str | None = None, slots: int | None = None
) -> Iterator[Workshop]:
    """Open a workshop; the fork server ends with it.  `slots` are the runs of one submission.

    Raises IsolationError if this machine gives less than `isolation` or, without it, the course
    asks for; StudentError if there is no secret and none may be made.
    """
    required = isolation or course.isolation
    secret = settings.secret(course.folder, os.environ, may_make=course.has_solutions)
    folder = settings.cache_folder(os.environ)
    with client.opened(slots) as sandbox:
        _require(required, sandbox)
        sandbox.start()
        runs = RunCache(folder, sandbox)
        keys = Keys(course.id, secret.key, runs, folder)
        yield Workshop(course, sandbox, runs, keys, settings.fingerprint(secret.key), secret.made)


def _require(required: str, sandbox: Sandbox) -> None:
    if required == LEVELS[0]:
        return
    found = sandbox.isolation
    if LEVELS.index(found.level) < LEVELS.index(required):
        best = remedies.first(sandbox.refused, remedies.Machine.here())
        remedy = f"{best}; or " if best else ""
        raise IsolationError(
            f"isolation {required!r} is required, this machine gives {found.level!r} "
            f"(mode {found.mode}; missing: {', '.join(found.missing)})",
            hint=f"{remedy}run `grade doctor` to see more; `--isolation none` takes it as it is, "
            "for code that you trust",
        )
