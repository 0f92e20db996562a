"""`grade book`: the gradebook, one file a subcommand."""

import importlib

import click

# name, which is the module's too → what `grade book --help` says
COMMANDS = {
    "show": "Grades, of all or of one student or exercise.",
    "report": "The report of the attempt that counts.",
    "stats": "Statistics per exercise and check; frequent misconceptions.",
    "export": "All grades as CSV; or all attempts without names.",
    "enrol": "Put the students of a roster into the gradebook.",
    "override": "Let other points count, with a reason.",
    "extend": "Give one student another due date.",
    "regrade": "Grade again what the gradebook holds.",
    "forget": "Remove all that is known of a student.",
    "log": "Who changed what.",
}


class Subcommands(click.Group):
    """Finds a subcommand by name, and imports nothing before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"grader.cli.book.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group("book", cls=Subcommands)
def command() -> None:
    """Show, correct and export what a class has been graded.

    How attempts become grades stands under `book:` in the course's course.yaml.
    """
