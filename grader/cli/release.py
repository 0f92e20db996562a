"""`grade release`: what students may have."""

import os
from pathlib import Path

import click

from grader import settings
from grader.cli.grading import told_secret
from grader.cli.options import course_option
from grader.course.loading import with_solutions
from grader.course.setup import Setup
from grader.judging import workshop
from grader.proving.release import refuse_other, release


@click.command("release")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@course_option
@click.pass_obj
def command(setup: Setup, folder: Path) -> None:
    """Write to DIR what students may have: no solution, no mistake's code, no hidden case.

    DIR is a course that works with the tool alone.  There `grade submit` judges the open cases,
    names what went wrong, and leaves the hidden cases to whoever has the course.  In an older
    release only its exercises are replaced.  Nothing is left if anything secret is found in it.
    """
    course = with_solutions(setup.course)
    refuse_other(folder)  # now, and not after minutes of work
    with workshop.opened(course, isolation="none") as shop:
        told_secret(shop)
        secret = settings.secret(course.folder, os.environ, may_make=False)
        made = release(shop, secret.key, folder, lambda line: click.echo(line, err=True))
    click.echo(str(folder))
    size = sum(made.sizes.values()) >> 10
    click.echo(
        f"{', '.join(made.sizes)}: {size} KB in all, and nothing secret in them.\n"
        f"Students use it so: grade --course {folder} start {next(iter(made.sizes), 'ex1')}",
        err=True,
    )
