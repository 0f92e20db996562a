"""Which course is meant, and which of its exercises a file belongs to."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from grader import settings
from grader.course.format import Course, Exercise
from grader.course.loading import load_course, load_exercise
from grader.errors import StudentError, UsageError
from grader.model import Submission
from grader.reporting.talk import tell
from grader.sandbox import client
from grader.sandbox.client import Sandbox
from grader.sandbox.forkserver import Ahead
from grader.settings import CoursePlace

_FORMAT = 1


@dataclass
class Setup:
    """The course as the command line names it, and its exercises; each is loaded once."""

    course_option: Path | None
    lent: Sandbox | Ahead | None = None  # what of a sandbox is there already
    _place: CoursePlace | None = field(default=None, repr=False)
    _course: Course | None = field(default=None, repr=False)
    _exercises: dict[str, Exercise] = field(default_factory=dict, repr=False)

    @property
    def course(self) -> Course:
        """The course, found by option, environment, or upwards from here, which is said."""
        if self._course is None:
            place = self._found()
            if not place.trusted:
                tell(f"the course is the one found in {place.folder}; `--course DIR` names one")
            self._course = load_course(place.folder, trusted=place.trusted)
        return self._course

    def sandbox(self, slots: int | None = None) -> AbstractContextManager[Sandbox]:
        """For what a command runs; `slots` are the runs of one submission."""
        return client.opened(slots, self.lent)

    def refuse_inside(self, handed_in: Path) -> None:
        """Raise UsageError if the course was found in what is to be graded."""
        place = self._found()
        if not place.trusted and place.folder.resolve().is_relative_to(handed_in.resolve()):
            raise UsageError(
                f"the course in {place.folder} is part of what was handed in",
                hint="name the course to grade by: --course DIR, or GRADE_COURSE",
            )

    def look_outside(self, handed_in: Path) -> None:
        """Pass over a course that lies in what is to be graded."""
        self._place = settings.find_course(
            self.course_option, os.environ, Path.cwd(), handed_in=handed_in
        )

    def _found(self) -> CoursePlace:
        if self._place is None:
            self._place = settings.find_course(self.course_option, os.environ, Path.cwd())
        return self._place

    def exercise(self, id_: str) -> Exercise:
        """Loaded once."""
        if id_ not in self._exercises:
            self._exercises[id_] = load_exercise(self.course, id_)
        return self._exercises[id_]


def identify(setup: Setup, submission: Submission, asked: str | None) -> Exercise:
    """The exercise that a file belongs to: as asked, else by its header, else by its name.

    Raises StudentError if that leads to none, or the header is of another format.
    """
    stem = Path(submission.name).stem
    id_ = asked or submission.exercise or (stem if stem in setup.course.paths else "")
    if not id_:
        raise StudentError(
            f"{submission.name} does not say which exercise it is for",
            hint="keep its first line (`# grade: …`), or name the exercise: --exercise ID",
        )
    if submission.format not in (None, _FORMAT):
        raise StudentError(
            f"{submission.name} has format {submission.format}; this grader reads format {_FORMAT}",
            hint="get the starter again with `grade start`",
        )
    _refuse_other(submission, stem, asked, setup)
    exercise = setup.exercise(id_)
    if submission.variant is not None and submission.variant >= exercise.file.variants:
        raise StudentError(
            f"{submission.name} names variant {submission.variant}, {id_} has "
            f"{exercise.file.variants}",
            hint="the first line was changed; get it back with `grade start`",
        )
    return exercise


def identifier(setup: Setup, asked: str | None = None) -> Callable[[Submission, str], Exercise]:
    """`identify` for many files: by header, else by what a layout tells, else as asked for.

    Where two of them differ it is a mix-up.  A platform's name for an assignment that is no
    exercise of ours tells nothing.
    """

    def by_all(submission: Submission, expected: str) -> Exercise:
        inside = submission.exercise
        expected = expected if expected in setup.course.paths else ""
        found = inside or expected
        if inside and expected and inside != expected:
            raise StudentError(f"{submission.name} holds {inside} where {expected} is expected")
        if asked and found and found != asked:
            raise StudentError(
                f"{submission.name} is for {found}",
                hint=f"--exercise {asked} is for files that do not say it; "
                f"--only {asked} grades nothing else",
            )
        return identify(setup, submission, None if inside else expected or asked)

    return by_all


def _refuse_other(submission: Submission, stem: str, asked: str | None, setup: Setup) -> None:
    """A file named after one exercise that holds another is a mix-up, not an answer."""
    inside = submission.exercise
    if asked is None and inside and stem in setup.course.paths and stem != inside:
        raise StudentError(
            f"{submission.name} holds {inside}, not {stem}: its first line says so",
            hint=f"hand in the file for {stem}, or say which you mean: --exercise {inside}",
        )
