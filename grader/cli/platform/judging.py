"""What a platform hands us → what is to be said of it: a grade, or why there is none.

Nothing is raised here: whatever breaks, the platform gets its result file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader import workshop
from grader.cli.grading import identified
from grader.cli.setup import Setup
from grader.collect import read
from grader.errors import NothingToGrade, StudentError
from grader.format import Exercise
from grader.incidents import handled
from grader.lms import feedback, trouble
from grader.lms.files import handed_in, write
from grader.lms.trouble import Trouble
from grader.model import Graded, Submission
from grader.report import Audience, Report, report
from grader.workshop import Workshop

OURS = 3  # the exit code, where a platform is to be told that the grader failed


@dataclass(frozen=True, slots=True)
class Asked:
    """What the package of a platform sets."""

    exercise: str  # "": the file says
    isolation: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A grade, for the student and for staff; `place` is the file's, below the folder."""

    student: Report
    staff: Report
    place: str = ""


def judged(setup: Setup, folder: Path, asked: Asked) -> Judged | Trouble:
    """Grade the one file that lies in a folder."""
    try:
        setup.look_outside(folder)
        course = setup.course
        if asked.exercise:
            setup.exercise(asked.exercise)  # if this fails, it is not the student's doing
        try:
            path = handed_in(folder, asked.exercise, course.paths)
            submission = read(path)
            exercise = belonging(setup, submission, asked.exercise)
        except (StudentError, NothingToGrade) as error:
            return trouble.theirs(error, folder)
        # Nobody is there: cases drawn from a new secret would be others in every container.
        with workshop.opened(course, isolation=asked.isolation, may_make_secret=False) as shop:
            return verdict(submission, exercise, shop, str(path.relative_to(folder)))
    except Exception as error:  # noqa: BLE001  (the platform waits for a file, not for a traceback)
        return trouble.ours(error)


def belonging(setup: Setup, submission: Submission, asked: str) -> Exercise:
    """The exercise of a file.  Raises StudentError if its first line names another than asked."""
    if asked and submission.exercise not in ("", asked):
        raise StudentError(
            f"{submission.name} holds {submission.exercise}, and here {asked} is graded",
            hint=f"hand in the file for {asked}",
        )
    return identified(setup, submission, asked or None)


def verdict(
    submission: Submission, exercise: Exercise, shop: Workshop, place: str = ""
) -> Judged | Trouble:
    """Grade; where something of ours breaks, once more, since nobody may be there to try again."""

    def told(graded: Graded) -> Judged:
        shown = {audience: report(graded, audience) for audience in Audience}
        return Judged(shown[Audience.STUDENT], shown[Audience.TEACHER], place)

    found = handled(submission, exercise, shop, told)
    if found.staff.outcome == "broken":
        found = handled(submission, exercise, shop, told)
    return trouble.broken(feedback.plain(found.staff)) if found.staff.outcome == "broken" else found


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where a platform's result goes, and how it is written there."""

    root: Path
    place: Path  # below the root
    results: Callable[[Judged], bytes]
    otherwise: Callable[[Trouble], bytes]

    def hold(self) -> None:
        """What stands there for whoever is killed before the end."""
        write(self.place, self.otherwise(trouble.unfinished()), self.root)

    def hand_over(self, found: Judged | Trouble) -> Judged | Trouble:
        """Write it.  Trouble comes back if the grade itself could not be put into words."""
        try:
            page = self.otherwise(found) if isinstance(found, Trouble) else self.results(found)
        except Exception as error:  # noqa: BLE001  (ours; the file is written all the same)
            found = trouble.ours(error)
            page = self.otherwise(found)
        write(self.place, page, self.root)
        return found
