"""Words to whoever sits at the command line, on standard error."""

import click

from grader.reporting.exporters.text import inert, one_line, visible


def tell(words: str) -> None:
    """A remark.  It may quote the name of a file, which may hold anything."""
    click.echo(f"grade: {one_line(words)}", err=True)


def tell_error(message: str, hint: str = "") -> None:
    click.secho(f"grade: {inert(visible(message))}", fg="red", err=True)
    if hint:
        click.echo(f"       {hint}", err=True)
