"""A course → the autograder zip that Gradescope takes.

The root of the zip holds `setup.sh` and the executable `run_autograder`; all of it lies in
/autograder/source at run time.  It holds solutions and secret: upload it, and give it to nobody.
"""

from pathlib import Path

from grader.course import load_course, load_exercise
from grader.lms.gradescope import Visibility
from grader.lms.packages import parts


def autograder_zip(
    course: Path,
    exercise: str,
    *,
    isolation: str = "strong",
    attempts: int | None = None,
    later: Visibility = "visible",
) -> bytes:
    """Grades one exercise, or, with `exercise` "", the one that a file names.

    Raises AuthorError or StudentError if the course or the exercise cannot be loaded, or there is
    no secret to be had.
    """
    loaded = load_course(course)
    if exercise:
        load_exercise(loaded, exercise)
    options = {"exercise": exercise, "isolation": isolation, "attempts": attempts, "later": later}
    name, wheel = parts.wheel()
    files = {
        "setup.sh": parts.rendered("gradescope_setup.sh.j2"),
        "run_autograder": parts.rendered("gradescope_run.sh.j2", options=options),
        "requirements.txt": parts.requirements(),
        name: wheel,
        **parts.with_secrets(course),
    }
    return parts.zipped(files, executable=("setup.sh", "run_autograder"))
