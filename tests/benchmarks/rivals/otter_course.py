"""The exercise as an otter autograder: `otter run` for each submission, as there is no Docker.

Format: https://otter-grader.readthedocs.io/en/latest/test_files/python_format.html
"""

import json
import re
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.benchmarks.rivals import tools
from tests.benchmarks.rivals.exercise import Said, checks, notebook

_TEST = """\
from otter.test_files import test_case

OK_FORMAT = False
name = "{name}"
points = {points}

{source}

@test_case(points={points}, hidden=False)
def test_values(fit):
    {name}(fit)
"""
_ERROR = re.compile(r"^ *(\w*(?:Error|Exit|Exception): .*)$", re.MULTILINE)
_WORDS = ("run", "ex4.ipynb", "--autograder", "../autograder.zip", "--no-logo")


def prepare(folder: Path) -> None:
    folder.mkdir()
    with zipfile.ZipFile(folder / "autograder.zip", "w") as archive:
        archive.writestr("otter_config.json", "{}")
        for check in checks():
            about = {"name": check.name, "points": check.points, "source": check.source}
            archive.writestr(f"tests/{check.name}.py", _TEST.format(**about))


def grade(folder: Path, programs: Mapping[str, str], seconds: float) -> dict[str, Said]:
    """One after the other, for so many seconds at most, as it has no limit of its own."""
    return {student: _grade(folder / student, each, seconds) for student, each in programs.items()}


def _grade(folder: Path, program: str, seconds: float) -> Said:
    folder.mkdir()
    (folder / "ex4.ipynb").write_text(notebook(program), encoding="utf-8")
    started = time.perf_counter()
    in_time = tools.run("otter", _WORDS, folder, seconds)
    took = time.perf_counter() - started
    if not in_time:
        return Said("", "no end, no result: killed from outside", took)
    told = json.loads((folder / "results.json").read_text(encoding="utf-8"))["tests"]
    points = sum(test.get("score") or 0 for test in told)
    return Said(f"{points:g}", _words(told), took)


# What JSON holds.
def _words(told: list[dict[str, Any]]) -> str:
    errors = (_ERROR.search(test.get("output", "")) for test in told)
    first = next((error[1] for error in errors if error), "")
    failed = any("Autograder" in test.get("name", "") for test in told)
    return f"autograder failed: {first}" if failed else first
