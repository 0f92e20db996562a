"""`grade export gradescope`, `prairielearn` …: what an instructor uploads so that we are run."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

import click

from grader import workshop
from grader.cli.export.delivery import Destination, file_option, output_option
from grader.cli.grading import told_secret
from grader.cli.setup import Setup, course_option, isolation_option
from grader.format import Course
from grader.lms.packages import actions, classroom50, gradescope, image, prairielearn

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _course_and_level(function: _Command) -> Callable[..., Any]:
    """`--course` and `--isolation`, which come as `course` and `level`.

    Nothing is run here, and what is made names its course: there it is trusted.
    """

    @wraps(function)
    def told(*args: Any, isolation: str | None, **others: Any) -> Any:  # noqa: ANN401
        course = click.get_current_context().ensure_object(Setup).course
        level = isolation or replace(course, trusted=True).isolation
        return function(*args, course=course, level=level, **others)

    return isolation_option(course_option(told))


def _drawn(course: Course, exercise: str) -> None:
    """Take the draws here: every machine that the file is unpacked on has them then."""
    loaded = click.get_current_context().ensure_object(Setup).exercise(exercise)
    with workshop.opened(course, isolation="none") as shop:
        told_secret(shop)
        shop.keys.take(loaded)


@click.command("gradescope")
@click.argument("exercise")
@_course_and_level
@file_option
def gradescope_command(course: Course, exercise: str, level: str, destination: Destination) -> None:
    """The autograder zip for an exercise.

    It holds solutions and the secret: upload it, and give it to nobody.
    """
    _drawn(course, exercise)
    destination.take(gradescope.autograder_zip(course.folder, exercise, isolation=level))


@click.command("prairielearn")
@click.argument("exercise")
@click.option("--image", "name", metavar="NAME", required=True, help="The image's name.")
@_course_and_level
@output_option
def prairielearn_command(
    course: Course, exercise: str, name: str, level: str, destination: Destination
) -> None:
    """The part of `info.json` for an exercise.

    The image is built from `prairielearn-image`; the course goes into `serverFilesCourse/`.
    """
    click.get_current_context().ensure_object(Setup).exercise(exercise)
    snippet = prairielearn.info_snippet(name, exercise, folder=course.id, isolation=level)
    destination.take(snippet.encode())


@click.command("prairielearn-image")
@file_option
def prairielearn_image_command(destination: Destination) -> None:
    """What `docker build` needs, without a course."""
    destination.take(image.prairielearn())


@click.command("coursera")
@click.argument("exercise")
@_course_and_level
@file_option
def coursera_command(course: Course, exercise: str, level: str, destination: Destination) -> None:
    """What `docker build` needs for an exercise.

    The zip holds solutions and the secret, and so does the image.
    """
    _drawn(course, exercise)
    destination.take(image.coursera(course.folder, exercise, isolation=level))


@click.command("classroom50")
@click.argument("exercise")
@_course_and_level
@file_option
def classroom50_command(
    course: Course, exercise: str, level: str, destination: Destination
) -> None:
    """The files of autograders/ASSIGNMENT/.

    Students can read them, so --course names a course that `grade release` has written.
    """
    destination.take(classroom50.bundle(course.folder, exercise, isolation=level))


@click.command("actions")
@click.argument("exercises", metavar="[EXERCISE]...", nargs=-1)
@_course_and_level
@file_option
def actions_command(
    course: Course, exercises: tuple[str, ...], level: str, destination: Destination
) -> None:
    """A workflow and what it needs.

    It is added to the repository that students start from; without EXERCISE it grades all.
    Students can read it, so --course names a course that `grade release` has written.
    """
    destination.take(actions.repository_zip(course.folder, exercises, isolation=level))
