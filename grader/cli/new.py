"""`grade new`: write a new exercise to fill in."""

import json
import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

import click
from jinja2 import Environment, TemplateError

from grader import settings
from grader.cli.list import relative
from grader.cli.options import course_option
from grader.course.format import Course
from grader.course.loading import with_solutions
from grader.course.setup import Setup
from grader.errors import AuthorError, UsageError
from grader.reporting import templating

_SCHEMA = "exercises/schema.json"
_ID = re.compile(r"ex(?P<number>[1-9][0-9]*)")
_BEGIN = """a course begins with a file exercises/course.yaml; these three lines will do:
       format: 1
       id: mycourse
       title: My course"""


@click.command("new")
@click.argument("exercise")
@click.option("--title", help="Its title; the files are named after it, too.")
@course_option
@click.pass_obj
def command(setup: Setup, exercise: str, title: str | None) -> None:
    """Write EXERCISE (such as ex31): a small one that works, with comments that teach the format.

    Two files: its words in exercises/, its solution in solutions/.  Nothing is ever overwritten.
    """
    course = _course(setup)
    stem = _stem(exercise, title or "new")
    files = {
        course.folder / "solutions" / f"{stem}.py": "solution.py.j2",
        course.folder / "exercises" / f"{stem}.yaml": "exercise.yaml.j2",
    }
    _refuse_taken(course, exercise, stem, files)
    words = {
        "id": exercise,
        "stem": stem,
        "title": json.dumps(title or "New exercise", ensure_ascii=False),  # which is YAML as well
        "canary": secrets.token_hex(16),
    }
    environment = templating.environment(course.folder / "templates", html=False)
    for path, template in files.items():
        _write(path, _rendered(environment, template, words))
        click.echo(relative(path))
    click.echo(f"Make them yours, then: grade check {exercise}", err=True)
    if not (course.folder / _SCHEMA).exists():
        click.echo(f"For help in your editor: grade schema > {_SCHEMA}", err=True)


def _rendered(environment: Environment, template: str, words: Mapping[str, str]) -> str:
    try:
        return environment.get_template(template).render(words)
    except TemplateError as error:
        raise AuthorError(f"templates/{template}: {error}") from None


def _course(setup: Setup) -> Course:
    """The course to write into: the one that comes with the package is nobody's to change."""
    try:
        course = setup.course
    except UsageError as error:
        raise UsageError(str(error), hint=_BEGIN) from None
    if course.folder == settings.INSTALLED:
        raise UsageError(f"there is no course in {Path.cwd()} or above", hint=_BEGIN)
    return with_solutions(course)


def _stem(exercise: str, title: str) -> str:
    """`ex31`, `Dot products` → `ex31_dot_products`."""
    number = _ID.fullmatch(exercise)
    if number is None:
        raise UsageError(
            f"{exercise!r} cannot be the id of an exercise", hint="ex and a number, such as ex31"
        )
    words = re.findall(r"[a-z0-9]+", title.lower())
    return f"ex{int(number['number']):02d}_{'_'.join(words[:6]) or 'new'}"


def _refuse_taken(course: Course, exercise: str, stem: str, files: Iterable[Path]) -> None:
    number = stem.partition("_")[0]
    taken = [path for path in course.paths.values() if path.stem.partition("_")[0] == number]
    taken += [path for path in files if path.exists()]
    if exercise in course.paths or taken:
        there = relative(course.paths.get(exercise) or taken[0])
        free = max(map(_number, course.paths.values()), default=0) + 1
        raise UsageError(
            f"{there} is there already", hint=f"the next number that is free: ex{free}"
        )


def _number(path: Path) -> int:
    return int("".join(re.findall(r"^ex(\d+)", path.stem)) or 0)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"{relative(path)} cannot be written: {error.strerror}") from None
