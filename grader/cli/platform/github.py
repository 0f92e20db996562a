"""Platforms that run us in GitHub Actions, where students read the log: no word for staff in it."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from grader.cli.platform.judging import OURS, Asked, Delivery, Judged, judged
from grader.cli.platform.options import asked_options, root_option
from grader.cli.setup import Setup
from grader.cli.talk import tell
from grader.exporters import EXPORTERS
from grader.lms import actions, classroom50
from grader.lms.files import write
from grader.lms.trouble import Trouble

_THEIRS = 2
_EXIT_CODES = {"passed": 0, "pending": 0, "failed": 1, "broken": OURS, "not_attempted": 4}


@click.command("classroom50")
@root_option(".")
@asked_options
@click.pass_context
def classroom50_command(ctx: click.Context, root: Path, asked: Asked) -> None:
    """Grade the checkout here, write result.json and release-body.md.

    Ends with 0 for any grade; with 3, which the runner takes for a fault of the machinery, if the
    grader failed.
    """
    about, at = classroom50.runner(os.environ), datetime.now(UTC)
    setup = ctx.ensure_object(Setup)
    delivery = Delivery(
        root,
        classroom50.RESULT,
        lambda found: classroom50.result(found.student, about, at),
        lambda found: classroom50.trouble(found, about, at, _worth(found, setup, asked.exercise)),
    )
    delivery.hold()
    found = delivery.hand_over(judged(setup, root, asked))
    write(classroom50.WORDS, _page(found), root)
    click.echo(_log(found), nl=False)
    ctx.exit(OURS if isinstance(found, Trouble) and found.ours else 0)


@click.command("actions")
@root_option(".")
@asked_options
@click.pass_context
def actions_command(ctx: click.Context, root: Path, asked: Asked) -> None:
    """Grade the checkout here: annotations, the job's summary, and an exit code as of `submit`."""
    found = judged(ctx.ensure_object(Setup), root, asked)
    click.echo(_log(found), nl=False)
    if os.environ.get("GITHUB_STEP_SUMMARY"):
        _summarise(Path(os.environ["GITHUB_STEP_SUMMARY"]), _page(found))
    if isinstance(found, Trouble):
        ctx.exit(OURS if found.ours else _THEIRS)
    ctx.exit(_EXIT_CODES[found.student.outcome])


def _page(found: Judged | Trouble) -> bytes:
    if isinstance(found, Trouble):
        return actions.page(found)
    return EXPORTERS["markdown"](found.student)


def _log(found: Judged | Trouble) -> str:
    if isinstance(found, Trouble):
        return actions.trouble(found)
    return actions.log(found.student) + actions.annotations(found.student, found.place)


def _summarise(place: Path, page: bytes) -> None:
    """Append, as another command of the same step may have written there."""
    try:
        with place.open("ab") as file:
            file.write(actions.fitted(page, actions.MOST_SUMMARY - file.tell()))
    except OSError as error:
        tell(f"the summary cannot be written: {error}")


def _worth(found: Trouble, setup: Setup, exercise: str) -> float:
    """All points of the exercise, where it is known which one it is and the course is sound."""
    if found.ours or exercise not in setup.course.paths:
        return 0.0
    return float(sum(check.worth for check in setup.exercise(exercise).checks))
