"""`grade hint`: the next hint for your file."""

import os
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from grader import settings
from grader.classroom.collect import read
from grader.cli.grading import latest, told_secret, with_student
from grader.cli.options import course_option, isolation_option, student_option
from grader.course.setup import Setup, identify
from grader.judging import hints, workshop
from grader.judging.hints import Ladder
from grader.reporting.exporters.text import visible

_WIDTH = 80
_NOTHING = "Nothing wrong is to be seen. There is nothing left to hint at."


@click.command("hint")
@click.argument("target", metavar="EXERCISE|FILE")
@click.option("--all", "whole", is_flag=True, help="All hints at once, not the next one.")
@isolation_option
@student_option
@course_option
@click.pass_obj
def command(setup: Setup, target: str, isolation: str | None, student: str, *, whole: bool) -> None:
    """Give the next hint for EXERCISE (ex4 looks for ex4.py or ex4.ipynb here) or FILE.

    It is about the first blank TODO, else about what is wrong first.  Ask again for a further one.
    """
    path = _path(setup, target)
    if path is None:
        exercise = setup.exercise(target).id
        ladder = hints.of_starter(setup.exercise(target), student, setup.course.id)
    else:
        submission = with_student(read(path), student)
        found = identify(setup, submission, None)
        exercise = found.id
        with workshop.opened(setup.course, isolation=isolation, sandbox=setup.sandbox()) as shop:
            told_secret(shop)
            ladder = hints.of_submission(submission, found, shop)
    _show(setup, exercise, ladder, whole=whole)


def _path(setup: Setup, target: str) -> Path | None:
    """The file that is meant; None where an exercise is named and no file of it is here."""
    if target in setup.course.paths:
        return latest([target])
    path = Path(target)
    return path if path.suffix or path.exists() else None


def _show(setup: Setup, exercise: str, ladder: Ladder, *, whole: bool) -> None:
    if not ladder.rungs:
        click.echo(_NOTHING)
        return
    folder = settings.state_folder(os.environ)
    rung = hints.climbed(folder, setup.course.id, exercise, ladder, whole=whole)
    last = len(ladder.rungs)
    for number in range(1, last + 1) if whole else [rung]:
        ending = ", the last one" if number == last else ""
        click.echo(f"hint {number} of {last} for {ladder.about}{ending}", err=True)
        click.echo("\n".join(_wrapped(visible(ladder.rungs[number - 1]))))


def _wrapped(words: str) -> Iterator[str]:
    """Indented lines are code."""
    for line in words.splitlines():
        keep = line.startswith(" ") or len(line) <= _WIDTH
        yield line if keep else textwrap.fill(line, _WIDTH, break_on_hyphens=False)
