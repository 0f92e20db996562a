"""`grade book stats`: how hard the exercises are, and what goes wrong in them."""

import json
from collections.abc import Iterable
from dataclasses import asdict

import click

from grader.classroom.gradebook.figures import CheckFigures, ExerciseFigures, MistakeFigures
from grader.cli.book.opening import book_of, exercise_in, sheet_of, tell_outdated
from grader.cli.book.tables import print_table
from grader.cli.options import book_option, course_option
from grader.course.format import Exercise
from grader.course.setup import Setup

_BARS = "·▁▂▃▄▅▆▇█"
_HEADER = ("n", "mean", "sd", "median", "quartiles", "of", "pass", "disc", "histogram")


@click.command("stats")
@click.option("--exercise", metavar="ID", help="Only this exercise, with its checks.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with everything.")
@book_option
@course_option
@click.pass_context
def command(ctx: click.Context, exercise: str | None, book: str | None, *, as_json: bool) -> None:
    """Show n, mean, spread, pass rate and discrimination of each exercise.

    With --exercise also of its checks, and its most frequent misconceptions.  Discrimination is the
    correlation with the rest: near 0, an exercise or check says little of what the rest says.
    """
    setup = ctx.ensure_object(Setup)
    only = exercise_in(setup, exercise) if exercise else None
    with book_of(setup, book) as found:
        sheet = sheet_of(setup, found)
        figures = [each for each in found.figures(sheet) if only is None or each.exercise == only]
    tell_outdated(sheet, only)
    if as_json:
        told = [asdict(each) for each in figures]
        page = {"schema": "grader/statistics/v1", "course": sheet.course, "exercises": told}
        click.echo(json.dumps(page, indent=2, ensure_ascii=False))
        return
    print_table(("exercise", *_HEADER), ((each.exercise, *_row(each)) for each in figures))
    if only:
        _print_checks(figures[0], setup.exercise(only))


def _print_checks(figures: ExerciseFigures, exercise: Exercise) -> None:
    click.echo()
    rows = ((f"{check.part}.{check.check}", *_row(check)) for check in figures.checks)
    print_table(("check", *_HEADER), rows)
    click.echo()
    mistakes = (
        (_named(each), _said(each, exercise), str(each.students), str(each.attempts))
        for each in figures.mistakes
    )
    header = ("misconception", "what a student reads", "students", "attempts")
    print_table(header, mistakes, left=2)


def _row(figures: ExerciseFigures | CheckFigures) -> tuple[str, ...]:
    spread = figures.spread
    quartiles = f"{_number(spread.lower_quartile)}-{_number(spread.upper_quartile)}"
    return (
        str(spread.n),
        _number(spread.mean),
        _number(spread.sd),
        _number(spread.median),
        quartiles if spread.n else "-",
        _number(figures.max_points),
        "-" if figures.pass_rate is None else f"{figures.pass_rate:.0%}",
        "-" if figures.discrimination is None else f"{figures.discrimination:.2f}",
        _bars(spread.histogram),
    )


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def _bars(counts: Iterable[int]) -> str:
    counts = list(counts)
    most = max(counts)
    if not most:
        return ""
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] for count in counts)


def _said(mistake: MistakeFigures, exercise: Exercise) -> str:
    """Nothing if it may be one of several, or is in the exercise no more."""
    if len(mistake.among) > 1:
        return ""
    parts = (part for part in exercise.parts if part.id == mistake.part)
    known = next((part.mistakes.get(mistake.id) for part in parts), None)
    return " ".join(known.say.split()) if known else ""


def _named(mistake: MistakeFigures) -> str:
    return f"{mistake.part}: {' or '.join(mistake.among or (mistake.id,))} ({mistake.certainty})"
