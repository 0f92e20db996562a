"""A submission on a platform's machine → the platform's result file, whatever happens.

`serve` is the way of it: say that there is no grade yet, find the file and its exercise, grade,
write what came of it.  Who is killed on the way has said that it was not the student's fault.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from grader.classroom.collect import read
from grader.course.format import Exercise
from grader.course.setup import Setup, identify
from grader.errors import NothingToGrade, StudentError
from grader.judging import workshop
from grader.judging.incidents import handled
from grader.judging.workshop import Workshop
from grader.model import Graded, Isolation, Submission
from grader.platforms import feedback, trouble
from grader.platforms.files import only_file, write
from grader.platforms.trouble import Trouble
from grader.reporting.exporters.text import inert, visible
from grader.reporting.report import Audience, Report, report
from grader.reporting.shown import ShownIsolation


@dataclass(frozen=True, slots=True)
class Order:
    """What the package of a platform asks for; the platform's paths begin at the root."""

    setup: Setup
    root: Path = Path()
    exercise: str = ""  # "": the file says
    isolation: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A grade, for the student and for staff; `place` is the file's, below the folder."""

    student: Report
    staff: Report
    place: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The file that a platform reads, below the root, and what it holds."""

    place: Path
    of_grade: Callable[[Judged], bytes]
    of_trouble: Callable[[Trouble], bytes]


def serve(order: Order, folder: Path, result: Result) -> Judged | Trouble:
    """Grade the one file below a folder of the platform's, and leave the result."""
    write(result.place, result.of_trouble(trouble.unfinished()), order.root)
    return deliver(order, result, judge(order, order.root / folder))


def judge(order: Order, folder: Path) -> Judged | Trouble:
    """Nothing is raised: the platform waits for a file, not for a traceback."""
    try:
        order.setup.look_outside(folder)
        course = order.setup.course
        if order.exercise:
            order.setup.exercise(order.exercise)  # if this fails, it is not the student's doing
        try:
            path = only_file(folder, order.exercise, course.paths)
            submission = read(path)
            exercise = exercise_of(submission, order)
        except (StudentError, NothingToGrade) as error:
            return trouble.theirs(error, folder)
        # Nobody is there: cases drawn from a new secret would be others in every container.
        with workshop.opened(
            course, isolation=order.isolation, may_make_secret=False, sandbox=order.setup.sandbox()
        ) as shop:
            return judge_file(submission, exercise, shop, str(path.relative_to(folder)))
    except Exception as error:  # noqa: BLE001  (told to staff)
        return trouble.ours(error)


def exercise_of(submission: Submission, order: Order) -> Exercise:
    """Raises StudentError if the file names another exercise than the one that is asked for."""
    asked = order.exercise
    if asked and submission.exercise not in ("", asked):
        raise StudentError(
            f"{submission.name} holds {submission.exercise}, and here {asked} is graded",
            hint=f"hand in the file for {asked}",
        )
    return identify(order.setup, submission, asked or None)


def judge_file(
    submission: Submission, exercise: Exercise, shop: Workshop, place: str = ""
) -> Judged | Trouble:
    """Grade; where something of ours breaks, once more, since nobody may be there to try again."""

    def shown(graded: Graded) -> Judged:
        return Judged(report(graded, Audience.STUDENT), report(graded, Audience.TEACHER), place)

    found = handled(submission, exercise, shop, shown)
    if found.staff.outcome == "broken":
        found = handled(submission, exercise, shop, shown)
    return trouble.broken(feedback.plain(found.staff)) if found.staff.outcome == "broken" else found


def deliver(order: Order, result: Result, found: Judged | Trouble) -> Judged | Trouble:
    """Trouble comes back if the grade itself could not be put into words."""
    try:
        page = result.of_trouble(found) if isinstance(found, Trouble) else result.of_grade(found)
    except Exception as error:  # noqa: BLE001  (ours; the file is written all the same)
        found = trouble.ours(error)
        page = result.of_trouble(found)
    write(result.place, page, order.root)
    return found


# --- what is said beside it ----------------------------------------------------------------------


def log_for_staff(found: Judged | Trouble) -> None:
    """What goes to a container's log; nothing of hidden cases, as who reads it is not known."""
    click.echo(line_for_staff(found), err=True)


def line_for_staff(found: Judged | Trouble) -> str:
    if isinstance(found, Trouble):
        return f"grade: no grade: {found.details}"
    return isolation_line(found.staff.isolation)


def isolation_line(confined: Isolation | ShownIsolation) -> str:
    """What this machine gave."""
    missing = f"; missing: {', '.join(confined.missing)}" * bool(confined.missing)
    return inert(visible(f"isolation: {confined.level} (mode {confined.mode}{missing})"))
