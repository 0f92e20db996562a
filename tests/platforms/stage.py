"""The folders that platforms lay out, and readers for what we leave there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jsonschema
from click.testing import Result

from tests.handing_in import Desk

Page = dict[str, Any]  # JSON
NOT_YOURS = "This is not your fault"

_SCHEMAS = Path(__file__).parent / "schemas"
CLASSROOM = {
    "CLASSROOM": "autograd-fall",
    "ASSIGNMENT": "ex1",
    "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://github.example/commit/a1b2c3d",
    "RELEASE_URL": "https://github.example/releases/tag/submit",
}


@dataclass(frozen=True, slots=True)
class Platform:
    """Where a platform puts the student's file, and where it looks for what we say."""

    name: str
    submission: str
    result: str


PLATFORMS: Mapping[str, Platform] = {
    each.name: each
    for each in (
        Platform("gradescope", "autograder/submission", "autograder/results/results.json"),
        Platform("prairielearn", "grade/student", "grade/results/results.json"),
        Platform("coursera", "shared/submission", "shared/feedback.json"),
        Platform("classroom50", ".", "result.json"),
    )
}


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine of a platform, its root in a folder of the test's."""

    desk: Desk
    platform: Platform
    root: Path

    def hand_in(self, **files: str) -> None:
        """Files by their stems; what they hold."""
        folder = self.root / self.platform.submission
        folder.mkdir(parents=True, exist_ok=True)
        for stem, code in files.items():
            (folder / f"{stem}.py").write_text(code)

    def run(self, *words: str) -> Result:
        root = ("--root", str(self.root))
        return self.desk.run("platform", self.platform.name, *root, *words)

    @property
    def raw(self) -> str:
        return (self.root / self.platform.result).read_text()

    @property
    def result(self) -> Page:
        """What we left, once it has passed the platform's schema."""
        page: Page = json.loads(self.raw)
        check(self.platform.name, page)
        return page


def machine_of(platform: str, desk: Desk, folder: Path) -> Machine:
    """A machine on which nothing lies yet."""
    root = folder / "root"
    root.mkdir()
    told = replace(desk, environment={**desk.environment, **CLASSROOM})
    return Machine(told, PLATFORMS[platform], root)


def points(page: Page) -> float:
    """The share of the points, in whichever way a platform has it."""
    if "max-score" in page:
        return float(page["score"] / page["max-score"])
    if "tests" in page and "extra_data" in page:
        return float(page["score"] / sum(test["max_score"] for test in page["tests"]))
    return float(page["score"] if "score" in page else page["fractionalScore"])


def assert_ours(machine: Machine, exit_code: int) -> None:
    """A result is there and kind; only Classroom 50 is told by the exit code."""
    assert NOT_YOURS in json.dumps(machine.result)
    assert exit_code == (3 if machine.platform.name == "classroom50" else 0)


def check(name: str, page: Page) -> None:
    """Hold a result against its platform's schema or, for Coursera, the rules of its validator."""
    if name == "coursera":
        _check_coursera(page)
        return
    # Classroom 50's runner adds these two.
    stamped = {"assignment_type": "individual", "owner": "ada"} if name == "classroom50" else {}
    schema = json.loads((_SCHEMAS / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate({**page, **stamped})
    if name == "classroom50":
        _check_sums(page)


def _check_coursera(page: Page) -> None:
    """As `coursera_autograder grade local` does."""
    assert not isinstance(page["fractionalScore"], bool)
    assert isinstance(page["fractionalScore"], (int, float))
    assert 0 <= page["fractionalScore"] <= 1
    assert "feedback" in page


def _check_sums(page: Page) -> None:
    """What a schema cannot say."""
    for field in ("score", "max-score"):
        assert page[field] == sum(test[field] for test in page["tests"])
    assert all(test["score"] <= test["max-score"] for test in page["tests"])
