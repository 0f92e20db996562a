"""Learning platforms: what we read of them and write for them, one file and one line each.

A platform takes what a student may read; only a field that instructors alone see gets more.
"""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from grader.lms.platform import Platform

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
    records: list[Platform] = [import_module(f"{__name__}.{file}").PLATFORM for file in _FILES]
    return MappingProxyType({each.name: each for each in records})


PLATFORMS = _records()
