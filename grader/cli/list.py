"""`grade list`: the course, with your own progress."""

import os
from pathlib import Path

import click

from grader import settings
from grader.classroom import attempts
from grader.cli.options import course_option
from grader.course.setup import Setup
from grader.reporting.exporters.words import WHOLE


@click.command("list")
@course_option
@click.pass_obj
def command(setup: Setup) -> None:
    """List the course's exercises, and the best you have reached in each."""
    course = setup.course
    best = attempts.best(settings.state_folder(os.environ), course.id)
    click.echo(f"{course.title}\n")
    width = max((len(id_) for id_ in course.titles), default=0)
    longest = max((len(title) for title in course.titles.values()), default=0)
    for id_, title in course.titles.items():
        attempt = best.get(id_)
        progress = "-"
        if attempt is not None:
            said = WHOLE.get(attempt.outcome, attempt.outcome)
            progress = f"{attempt.points:g} of {attempt.max_points:g}  {said}"
        click.echo(f"  {id_:{width}}  {title:{longest}}  {progress}".rstrip())
    if not best and course.titles:
        click.echo(f"\nBegin with: grade start {next(iter(course.titles))}", err=True)


def relative(path: Path) -> str:
    """A path as one would type it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
