"""What the commands that grade have in common."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from grader.judging.workshop import TOLD_ONCE, Workshop
from grader.model import Graded, Submission
from grader.reporting.talk import tell_error


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
