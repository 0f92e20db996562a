"""`grade start`: write an exercise's starter file."""

from pathlib import Path

import click

from grader.cli.options import course_option, student_option
from grader.course import variants
from grader.course.setup import Setup
from grader.errors import UsageError
from grader.handout import render


@click.command("start")
@click.argument("exercise")
@click.option("--notebook", is_flag=True, help="Write a Jupyter notebook instead of a .py file.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="The file, or the folder to write it to; else EXERCISE.py here.",
)
@student_option
@course_option
@click.pass_obj
def command(
    setup: Setup, exercise: str, student: str, output: Path | None, *, notebook: bool
) -> None:
    """Write the starter of EXERCISE.  A file that is there already is never overwritten."""
    found = setup.exercise(exercise)
    variant = variants.variant_of(student, setup.course.id, found)
    handout = render.handout(found, variant, setup.course.id)
    suffix = ".ipynb" if notebook else ".py"
    path = _place(output, f"{found.id}{suffix}")
    if path.suffix != suffix:
        what = "a notebook" if notebook else "a Python file"
        hint = f"call it {path.with_suffix(suffix)}, or change --notebook"
        raise UsageError(f"{path} would hold {what}", hint=hint)
    text = render.as_notebook(handout) if notebook else handout.python
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(
            f"{path} is there already, and may hold your work",
            hint="move it away, or name another file with --output",
        ) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    click.echo(str(path))
    click.echo(f"Fill in the TODOs, then: grade submit {path}", err=True)


def _place(output: Path | None, name: str) -> Path:
    if output is None:
        return Path(name)
    return output / name if output.is_dir() else output
