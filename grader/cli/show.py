"""`grade show`: one exercise's words."""

import os

import click
from rich.console import Console
from rich.markdown import Markdown

from grader.cli.options import course_option, student_option
from grader.course import variants
from grader.course.setup import Setup
from grader.handout import render


@click.command("show")
@click.argument("exercise")
@student_option
@course_option
@click.pass_obj
def command(setup: Setup, exercise: str, student: str) -> None:
    """Show what EXERCISE asks for."""
    found = setup.exercise(exercise)
    variant = variants.variant_of(student, setup.course.id, found)
    handout = render.handout(found, variant, setup.course.id)
    pieces = [f"# {handout.title}", handout.words]
    pieces += [f"## {part.title}\n\n{part.words}" for part in handout.starters]
    text = "\n\n".join(pieces)
    console = Console(width=None if os.environ.get("COLUMNS") else min(Console().width, 96))
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        click.echo(text)
