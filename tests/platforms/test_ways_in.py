"""A platform is one record: its commands are made of it, and the README tells of each."""

import pytest

from grader.classroom import intake
from grader.cli.export import command as export_command
from grader.cli.platform import command as platform_command
from grader.platforms.platform import Platform
from grader.platforms.registry import PLATFORMS
from tests.shops import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")

each_platform = pytest.mark.parametrize("platform", PLATFORMS.values(), ids=PLATFORMS)


def exports(platform: Platform) -> list[str]:
    return [each.name for each in platform.uploads] + [each.name for each in platform.packages]


def test_the_commands_are_those_of_the_records() -> None:
    graded = {each.name for each in PLATFORMS.values() if each.grading}
    exported = [name for each in PLATFORMS.values() for name in exports(each)]

    assert platform_command.commands.keys() == graded
    assert sorted(export_command.commands) == sorted(exported)


@each_platform
def test_each_record_offers_something_and_its_commands_have_words(platform: Platform) -> None:
    commands = [export_command.commands[name] for name in exports(platform)]
    commands += [platform_command.commands[platform.name]] if platform.grading else []

    assert commands
    assert all(command.help for command in commands)


@each_platform
def test_a_layout_of_a_platform_is_one_that_intake_looks_for(platform: Platform) -> None:
    assert platform.layout is None or platform.layout in intake.LAYOUTS


@each_platform
def test_the_readme_tells_of_each_command(platform: Platform) -> None:
    row = f"| `{platform.name}"  # of the table of `grade platform`

    assert not platform.grading or row in README
    assert [name for name in exports(platform) if name not in README] == []
