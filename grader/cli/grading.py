"""What the commands that grade have in common: which exercise, which exit code."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import click

from grader.cli.setup import Setup
from grader.cli.talk import tell_error
from grader.errors import StudentError
from grader.format import Exercise
from grader.model import Graded, Outcome, Submission
from grader.workshop import TOLD_ONCE, Workshop

EXIT_CODES = {
    Outcome.PASS: 0,
    Outcome.PENDING: 0,
    Outcome.FAIL: 1,
    Outcome.SKIP: 1,
    Outcome.BROKEN: 3,
    Outcome.NOT_ATTEMPTED: 4,
}
_FORMAT = 1


def identified(setup: Setup, submission: Submission, asked: str | None) -> Exercise:
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
    """`identified` for many files: by header, else by what a layout tells, else as asked for.

    Where two of them differ it is a mix-up.  A platform's name for an assignment that is no
    exercise of ours tells nothing.
    """

    def identify(submission: Submission, told: str) -> Exercise:
        inside, expected = submission.exercise, told if told in setup.course.paths else ""
        found = inside or expected
        if inside and expected and inside != expected:
            raise StudentError(f"{submission.name} holds {inside} where {expected} is expected")
        if asked and found and found != asked:
            raise StudentError(
                f"{submission.name} is for {found}",
                hint=f"--exercise {asked} is for files that do not say it; "
                f"--only {asked} grades nothing else",
            )
        return identified(setup, submission, None if inside else expected or asked)

    return identify


def _refuse_other(submission: Submission, stem: str, asked: str | None, setup: Setup) -> None:
    """A file named after one exercise that holds another is a mix-up, not an answer."""
    inside = submission.exercise
    if asked is None and inside and stem in setup.course.paths and stem != inside:
        raise StudentError(
            f"{submission.name} holds {inside}, not {stem}: its first line says so",
            hint=f"hand in the file for {stem}, or say which you mean: --exercise {inside}",
        )


def latest(ids: Iterable[str]) -> Path | None:
    """Of the files here that are named after these exercises, the one that was saved last."""
    named = (Path(f"{id_}{suffix}") for id_ in ids for suffix in (".py", ".ipynb"))
    files = [path for path in named if path.is_file()]
    return max(files, key=lambda path: path.stat().st_mtime, default=None)


def with_student(submission: Submission, student: str) -> Submission:
    return replace(submission, student=student)


def told_secret(shop: Workshop) -> None:
    if shop.new_secret:
        click.echo(TOLD_ONCE, err=True)


def tell_incident(graded: Graded) -> None:
    """Where to look if the grader itself failed; not why, which may quote a hidden case."""
    if graded.incident is not None:
        hint = "your work is not at fault: tell your teacher, and show them what was recorded"
        tell_error(f"the grader itself failed; {graded.incident.where}", hint)
