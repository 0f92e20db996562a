"""The exercise as an nbgrader course: `generate_assignment`, then `autograde`.

Format: https://nbgrader.readthedocs.io/en/stable/contributor_guide/metadata.html
"""

import csv
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.benchmarks.rivals import tools
from tests.benchmarks.rivals.exercise import STARTER, Said, checks, notebook

_PLACE = Path("ps1", "ex4.ipynb")
_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "measured"
c.ExecutePreprocessor.timeout = {seconds}
"""


def prepare(folder: Path, cell_seconds: int) -> None:
    """A course whose assignment is released."""
    source = folder / "source" / _PLACE
    source.parent.mkdir(parents=True)
    config = _CONFIG.format(seconds=cell_seconds)
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    source.write_text(_with_checks(STARTER), encoding="utf-8")
    tools.run("nbgrader", ["generate_assignment", "ps1"], folder)


def grade(folder: Path, programs: Mapping[str, str]) -> dict[str, Said]:
    """Grade what is new with one command; each took an equal share of the time."""
    for student, program in programs.items():
        path = folder / "submitted" / student / _PLACE
        path.parent.mkdir(parents=True)
        path.write_text(_with_checks(program), encoding="utf-8")
    started = time.perf_counter()
    tools.run("nbgrader", ["autograde", "ps1"], folder)
    each = (time.perf_counter() - started) / len(programs)
    points = _points(folder)
    return {
        student: Said(points.get(student, ""), _words(folder, student), each)
        for student in programs
    }


def _points(folder: Path) -> dict[str, str]:
    tools.run("nbgrader", ["export", "--to", "grades.csv"], folder)
    with (folder / "grades.csv").open(encoding="utf-8") as file:
        return {row["student_id"]: f"{float(row['score']):g}" for row in csv.DictReader(file)}


def _words(folder: Path, student: str) -> str:
    """The last error of the first cell that has one; a cell that was stopped has two."""
    graded = folder / "autograded" / student / _PLACE
    if not graded.exists():
        return "not graded"
    cells = json.loads(graded.read_text(encoding="utf-8"))["cells"]
    outputs = [cell.get("outputs", ()) for cell in cells]
    errors = [[out for out in each if out["output_type"] == "error"] for each in outputs]
    last = next((each[-1] for each in errors if each), None)
    return f"{last['ename']}: {last['evalue']}" if last else ""


def _with_checks(program: str) -> str:
    book = json.loads(notebook(program))
    student = book["cells"][0]
    cells = [_marked(student, "fit", {"solution": True, "grade": False, "locked": False})]
    for check in checks():
        about = {"solution": False, "grade": True, "locked": True, "points": check.points}
        source = f"{check.source}\n\n{check.name}(fit)\n"
        cells.append(_marked({**student, "source": source}, check.name, about))
    return json.dumps({**book, "cells": cells})


# What JSON holds.
def _marked(cell: dict[str, Any], name: str, about: Mapping[str, object]) -> dict[str, Any]:
    marks = {"schema_version": 3, "grade_id": name, "task": False, **about}
    return {**cell, "id": name.replace("_", "-"), "metadata": {"nbgrader": marks}}
