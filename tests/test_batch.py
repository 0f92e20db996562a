"""Many files at once, by the command."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from tests import samples, shops

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests/golden"


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADE_SECRET", shops.SECRET)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class of four: right, wrong, in a folder of its own, and not even Python."""
    names = {"ex1/right_plain.py": "ada.py", "ex1/wrong_by_formula.py": "bob.py"}
    for source, name in names.items():
        (tmp_path / name).write_bytes((GOLDEN / source).read_bytes())
    (tmp_path / "cyd").mkdir()
    (tmp_path / "cyd" / "ex1.py").write_bytes((GOLDEN / "ex1/right_helpers.py").read_bytes())
    (tmp_path / "dan.py").write_bytes(b"\xff\xfe no text")
    (tmp_path / "notes.txt").write_text("not looked at")
    return tmp_path


def batch(*words: str) -> tuple[Result, dict[str, Any]]:  # Any: JSON
    done = CliRunner().invoke(main, ["--course", str(ROOT), "batch", *words])
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return done, {Path(line["file"]).name: line for line in lines}


def test_each_file_has_its_line(folder: Path) -> None:
    done, lines = batch(str(folder), "--workers", "3", "--isolation", "none")

    assert list(lines) == ["ada.py", "bob.py", "dan.py", "ex1.py"]
    assert lines["ada.py"]["report"]["outcome"] == "passed"
    assert lines["bob.py"]["report"]["outcome"] == "failed"
    assert "report" not in lines["dan.py"]
    assert lines["dan.py"]["error"]
    assert done.exit_code == 1  # there was one that could not be graded


def test_with_many_workers_the_same_is_said(folder: Path) -> None:
    one, _ = batch(str(folder), "--workers", "1", "--isolation", "none")
    many, _ = batch(str(folder), "--workers", "4", "--isolation", "none")

    assert told(one) == told(many)


def told(done: Result) -> list[Any]:  # Any: JSON
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    for line in lines:
        line.get("report", {}).pop("usage", None)
    return lines


def test_files_that_do_not_say_what_they_are(tmp_path: Path) -> None:
    samples.write(tmp_path)
    (tmp_path / "some.py").write_text("x = 1\n")

    _, lines = batch(str(tmp_path / "some.py"), "--isolation", "none")

    assert "does not say which exercise" in lines["some.py"]["error"]


def test_where_there_is_nothing_it_is_told(tmp_path: Path) -> None:
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "ex1.py").write_text("# grade: ex1\n")

    done, lines = batch(str(tmp_path))

    assert (done.exit_code, lines) == (4, {})
    assert "no .py or .ipynb file" in done.stderr
