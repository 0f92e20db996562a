"""`grade schema`: the JSON Schema of exercise files, for editors."""

import click

from grader.course import loading


@click.command("schema")
def command() -> None:
    """Print the JSON Schema that exercise files follow.

    Save it as exercises/schema.json; the first line of each file names it for editors.
    """
    click.echo(loading.as_text(loading.schema()), nl=False)
