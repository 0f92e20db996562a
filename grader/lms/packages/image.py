"""A course → what `docker build` needs for the platforms that run us as an image."""

from collections.abc import Sequence
from pathlib import Path

from grader.course import load_course, load_exercise
from grader.lms.packages import parts

_COURSE = "/opt/grade/course"


def coursera(course: Path, exercise: str, *, isolation: str = "strong") -> bytes:
    """A zip for `docker build`: an image that grades one exercise.  It holds solutions and secret.

    Raises AuthorError or StudentError if course or exercise cannot be loaded.
    """
    load_exercise(load_course(course), exercise)
    options = ["--course", _COURSE, "--exercise", exercise, "--isolation", isolation]
    return _context(parts.with_secrets(course), ["grade", "platform", "coursera", *options])


def prairielearn() -> bytes:
    """A zip for `docker build`: the grader alone, as PrairieLearn brings the course itself."""
    return _context({}, [])


def _context(course: parts.Files, command: Sequence[str]) -> bytes:
    name, wheel = parts.wheel()
    dockerfile = parts.rendered("Dockerfile.j2", wheel=name, course=bool(course), command=command)
    files = {"Dockerfile": dockerfile, "requirements.txt": parts.requirements(), name: wheel}
    return parts.zipped({**files, **course})
