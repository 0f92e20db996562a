"""Files as students hand them in, and what grading them says: see tests/golden/*/expected.yaml."""

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from grader.classroom.collect import read
from grader.judging.pipeline import grade
from grader.model import Graded
from grader.reporting.exporters import EXPORTERS
from grader.reporting.report import Audience, Report, report
from grader.sandbox.client import Sandbox
from tests import shops

GOLDEN = Path(__file__).parents[1] / "golden"
SCHEMA = json.loads((shops.ROOT / "grader/reporting/exporters/report.schema.json").read_text())
_NOT_SUBMISSIONS = {"expected.yaml", "__pycache__"}


def entries() -> Iterator[Any]:  # pytest does not name its type
    for path in sorted(GOLDEN.glob("*/expected.yaml")):
        exercise = path.parent.name
        for name, expected in yaml.safe_load(path.read_text()).items():
            yield pytest.param(path.parent / name, expected, id=f"{exercise}-{name}")


Grade = Callable[[Path], Graded]


@pytest.fixture(scope="module")
def graded(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Grade:
    shop = shops.shop(shops.ROOT, sandbox, tmp_path_factory)
    exercise = functools.cache(lambda id_: shops.exercise(shop, id_, tmp_path_factory))
    return lambda path: grade(read(path), exercise(path.parent.name), shop)


@pytest.mark.parametrize(("path", "expected"), [*entries()])
def test_each_is_judged_and_diagnosed(
    path: Path, expected: Mapping[str, Any], graded: Grade
) -> None:
    """No diagnosis means none, not even a hint; one of a class is named with its class."""
    found = report(graded(path), Audience.STUDENT)

    told = [name for one in found.diagnosis for name in (one.among or (one.id,))]
    wanted = expected["diagnosis"]
    assert found.outcome == expected["outcome"]
    assert expected["points"]["min"] <= found.points <= expected["points"]["max"]
    assert wanted in told if wanted else told == []
    assert_every_format(found)


def assert_every_format(found: Report) -> None:
    exported = {name: export(found) for name, export in EXPORTERS.items()}
    jsonschema.validate(json.loads(exported["json"]), SCHEMA)
    assert all(exported.values())
    assert {name for name, raw in exported.items() if b"Traceback" in raw} == set()


def test_the_same_file_gets_the_same_report(graded: Grade) -> None:
    """But for the time that it took."""
    path = GOLDEN / "ex4" / "wrong_zero_never.py"

    first, second = (report(graded(path), Audience.TEACHER) for _ in range(2))

    assert first.model_copy(update={"usage": None}) == second.model_copy(update={"usage": None})


def test_every_file_is_expected() -> None:
    for folder in (path.parent for path in GOLDEN.glob("*/expected.yaml")):
        expected = set(yaml.safe_load((folder / "expected.yaml").read_text()))

        there = {path.name for path in folder.iterdir()} - _NOT_SUBMISSIONS

        assert there == expected
