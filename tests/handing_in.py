"""A desk at which a student hands in files, one after the other, to a sandbox that is warm."""

import os
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli.commands import main
from grader.sandbox.client import Sandbox
from tests import shops

RIGHT = "return 3 * a * x**2"
WRONG = "return a * x**3"  # a mistake that the exercise knows


@dataclass(frozen=True, slots=True)
class Desk:
    """An empty folder, and what the commands find in their environment."""

    folder: Path
    environment: Mapping[str, str]

    @property
    def state(self) -> Path:
        return Path(self.environment["GRADE_STATE"])

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, words, env=self.environment, prog_name="grade")

    def solved(self, code: str, name: str = "ex1.py") -> Path:
        """The starter with the hole filled."""
        done = self.run("start", "ex1", "--output", str(self.folder / "starter.py"))
        assert done.exit_code == 0, done.output
        starter = self.folder / "starter.py"
        path = self.folder / name
        path.write_text(starter.read_text().replace("    ...", f"    {code}"))
        starter.unlink()
        return path

    def kept(self) -> list[Path]:
        """The folders of the attempts that were kept."""
        return sorted(path.parent for path in self.state.glob("attempts/*/*/*/report.json"))


def course(folder: Path) -> Path:
    """A course with the exercise that `grade new` writes."""
    (folder / "exercises").mkdir()
    about = "format: 1\nid: fresh\ntitle: A fresh course\nisolation: none\n"
    (folder / "exercises" / "course.yaml").write_text(about)
    CliRunner().invoke(main, ["new", "ex1", "--course", str(folder)], catch_exceptions=False)
    return folder


def desk(
    folder: Path,
    course: Path,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    factory: pytest.TempPathFactory,
) -> Desk:
    """A desk in a folder of its own; whatever is handed in there runs in this sandbox."""
    monkeypatch.setattr("grader.sandbox.client.Sandbox", lambda *_, **__: nullcontext(sandbox))
    place = folder / "desk"
    place.mkdir()
    monkeypatch.chdir(place)
    own = {"GRADE_STATE": str(folder / "state"), "GRADE_COURSE": str(course), "COLUMNS": "80"}
    return Desk(place, {**os.environ, **shops.environment(factory), **own})
