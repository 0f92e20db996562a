"""Every platform that we know, one line each."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from grader.platforms.platform import Platform

_FILES = (
    "actions",
    "canvas",
    "classroom50",
    "coursera",
    "gradescope",
    "junit",
    "moodle",
    "nbgrader",
    "prairielearn",
    "table",
    "xqueue",
)


def _records() -> Mapping[str, Platform]:
    records: list[Platform] = [
        import_module(f"grader.platforms.{file}").PLATFORM for file in _FILES
    ]
    return MappingProxyType({each.name: each for each in records})


PLATFORMS = _records()
