"""What README tells people to type, set and expect is what the program has."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import click
import pytest

from grader.checks import AnyCheck
from grader.cli.commands import COMMANDS, main
from grader.errors import Exit
from grader.sandbox.box.isolation.modes import MODES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
# As people type it: within backquotes, or at the start of a line of a block.
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
SPANS = [code for _, code in SPAN.findall(FENCED.sub("", README))]
BLOCKS = [text for language, text in FENCED.findall(README) if not language]
LINES = [line.partition("   ")[0] for block in BLOCKS for line in block.split("\n")]
TYPED = [" ".join(text.split()) for text in (*SPANS, *LINES)]
CALLS = sorted({text for text in TYPED if re.match(r"grade \w", text)})
UNSAID = {"GRADE_DEBUG"}  # for who works on the grader


@cache
def commands() -> dict[str, click.Command]:
    """`book show` → the command, of every one that there is."""
    return dict(below(main, ()))


def below(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield " ".join((*path, name)), found
        if isinstance(found, click.Group):
            yield from below(found, (*path, name))


def options(command: click.Command) -> set[str]:
    return {word for option in command.params for word in (*option.opts, *option.secondary_opts)}


def rows(header: str) -> list[list[str]]:
    """The cells of the table that begins so."""
    begins = rf"^\| {re.escape(header)} \|.*\n\|[-|]+\n"
    (table,) = re.findall(begins + r"((?:\|.*\n)+)", README, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]


@pytest.mark.parametrize("typed", CALLS)
def test_what_is_to_be_typed_is_understood(typed: str) -> None:
    words = shlex.split(typed.replace("…", ""))[1:]
    while words[0].startswith("--"):  # of `grade` itself
        assert words[0] in options(main)
        words = words[2:]
    path = next((p for p in (" ".join(words[:2]), words[0]) if p in commands()), None)

    assert path, f"there is no `grade {words[0]}`"
    asked = {word.partition("=")[0] for word in words if word.startswith("-")}
    assert asked <= options(commands()[path])


def test_every_command_is_told_of() -> None:
    named = {text.split()[1] for text in CALLS}

    assert COMMANDS.keys() - named == set()


def test_every_option_that_stands_alone_is_one_of_a_command() -> None:
    known = set.union(*(options(command) for command in (main, *commands().values())))

    told = {text.split()[0].rstrip(",") for text in TYPED if text.startswith("--")}

    assert told
    assert told - known == set()


def test_variables_of_the_environment_are_those_that_are_read() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "grader").rglob("*.py")]
    read = {name for text in sources for name in re.findall(r"\bGRADE_[A-Z_]+\b", text)}

    assert set(re.findall(r"\bGRADE_[A-Z_]+\b", README)) == read - UNSAID


def test_kinds_of_checks_are_those_of_the_format() -> None:
    (union, _) = get_args(AnyCheck)
    kinds = [get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(union)]

    told = [name for first, _ in rows("kind of check") for name in re.findall(r"`(\w+)`", first)]

    assert sorted(told) == sorted(kinds)


def test_exit_codes_are_those_that_are_given() -> None:
    told = {int(code) for code, _ in rows("exit code")}

    assert told == {*Exit}


def test_modes_are_those_that_are_tried_with_their_levels() -> None:
    told = {
        name: level for first, level, _ in rows("mode") for name in re.findall(r"`(\w+)`", first)
    }

    assert told == {mode.name: mode.level for mode in MODES.values()}


def test_targets_of_make_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = {text.split()[1] for text in TYPED if text.startswith("make ")}

    assert {"demo", "test"} < told
    assert told <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
