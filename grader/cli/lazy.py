"""A group of commands, each of which is imported when it is used."""

import importlib
from collections.abc import Mapping

import click


class LazyGroup(click.Group):
    """`words`: name, which is the module's in `package` too → what `--help` says of it."""

    package: str
    words: Mapping[str, str]

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.words)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in self.words:
            return None
        command = importlib.import_module(f"{self.package}.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(self.words.items()))
