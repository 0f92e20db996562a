"""The pytest plugin `grader`: `pytest exercises` proves each exercise, one test a claim.

It is loaded by every pytest that runs where the grader is installed.  So nothing is imported before
an exercise is found.
"""

import importlib
from pathlib import Path
from typing import Any

import pytest

_COURSE = "course.yaml"
_FOLDER = "exercises"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect each exercise of a course's folder."""
    folder = file_path.parent
    if file_path.suffix != ".yaml" or folder.name != _FOLDER or file_path.name == _COURSE:
        return None
    if not (folder / _COURSE).is_file():
        return None
    items: Any = importlib.import_module("grader.proving.pytest_items")
    collector: pytest.Collector = items.ExerciseFile.from_parent(parent, path=file_path)
    return collector
