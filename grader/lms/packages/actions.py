"""A released course → a workflow, and what it needs, for students' repositories on GitHub.

Students can read all of it, so it takes nothing but a release; hidden cases are judged when the
work is handed in.
"""

from collections.abc import Sequence
from pathlib import Path

from grader.course import load_course
from grader.lms.packages import parts

_FOLDER = ".github/grade"


def workflow(exercises: Sequence[str], *, isolation: str = "none") -> bytes:
    """The workflow file: one job an exercise.  The action it uses is pinned to a commit."""
    return parts.rendered("actions.yml.j2", exercises=exercises, isolation=isolation)


def repository_zip(
    course: Path, exercises: Sequence[str] = (), *, isolation: str = "none"
) -> bytes:
    """What to add to the repository that students start from; all exercises if none is named.

    Raises AuthorError if the course is no release.
    """
    brought = parts.released(course)
    name, wheel = parts.wheel()
    grade = {"requirements.txt": parts.requirements(), name: wheel, **brought}
    chosen = exercises or tuple(load_course(course).paths)
    return parts.zipped(
        {
            ".github/workflows/grade.yml": workflow(chosen, isolation=isolation),
            **{f"{_FOLDER}/{each}": content for each, content in grade.items()},
        }
    )
