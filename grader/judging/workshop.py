"""Course → what grading needs: a fork server, the cache of trusted runs, the secret.

Runs are confined as well as this machine can, whatever is required: that only decides whether to
refuse.  So who stands in an unpacked release needs no option, unless the machine is a weak one.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

from grader import settings
from grader.course.format import Course
from grader.course.loading import with_solutions
from grader.errors import IsolationError
from grader.judging.keys import KeyMaker, Keys, Recorded, Taken
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
    maker: KeyMaker
    fingerprint: str  # of the secret; "" in a release
    new_secret: bool  # made just now

    @property
    def keys(self) -> Keys:
        """For who needs solutions and hidden cases.  Raises UsageError in a release."""
        with_solutions(self.course)
        assert isinstance(self.maker, Keys)
        return self.maker


@contextmanager
def opened(
    course: Course,
    *,
    isolation: str | None = None,
    sandbox: AbstractContextManager[Sandbox] | None = None,
    may_make_secret: bool = True,
    drawn: bytes = b"",
) -> Iterator[Workshop]:
    """Open a workshop, in a `sandbox` of its own unless one is given.

    Where nobody sees that a secret was made it may not be: the next machine would make another.
    `drawn` is the record of draws that whoever asks us has sent; it goes before our own.

    Raises IsolationError if this machine gives less than `isolation` or, without it, the course
    asks for; UsageError if there is no secret and none may be made.
    """
    required = isolation or course.isolation
    may_make = may_make_secret and course.has_solutions
    secret = None
    if course.released is None:
        secret = settings.secret(course.folder, os.environ, may_make=may_make)
    folder = settings.cache_folder(os.environ)
    with sandbox or client.opened() as box:
        _require(required, box, course)
        box.start()
        runs = RunCache(folder, box)
        if secret is None:
            yield Workshop(course, box, runs, Recorded(course.id), "", new_secret=False)
            return
        taken = Taken(course.folder / settings.DRAWS_FILE, secret.key, drawn)
        keys = Keys(course.id, secret.key, runs, folder, taken)
        yield Workshop(course, box, runs, keys, settings.fingerprint(secret.key), secret.made)


def _require(required: str, sandbox: Sandbox, course: Course) -> None:
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
            f"for code that you trust{_named(required, course)}",
        )


def _named(required: str, course: Course) -> str:
    """What else to do where the course asks for less, but was only found."""
    if replace(course, trusted=True).isolation == required:
        return ""
    return f", and so does `--course {course.folder}`: a course that was only found lowers nothing"
