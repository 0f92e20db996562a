"""A released course → the files of CLASSROOM/autograders/ASSIGNMENT/ for Classroom 50.

They are served by GitHub Pages, where whoever finds the address can read them: only a release goes
in, and points for hidden cases are given by `grade batch` alone.
"""

from pathlib import Path

from grader.course import load_course
from grader.errors import StudentError
from grader.lms.packages import parts


def bundle(course: Path, exercise: str, *, isolation: str = "none") -> bytes:
    """A zip of `autograder.py` and what it needs beside it.

    Raises AuthorError if the course is no release, StudentError if it lacks the exercise.
    """
    brought = parts.released(course)
    if exercise not in load_course(course).paths:
        raise StudentError(f"no exercise {exercise!r} in {course}", hint="`grade list` names them")
    name, wheel = parts.wheel()
    options = ["--exercise", exercise, "--isolation", isolation]
    files = {
        "autograder.py": parts.rendered("classroom50_autograder.py.j2", options=options),
        "requirements.txt": parts.requirements(),
        name: wheel,
    }
    return parts.zipped({**files, **brought})
