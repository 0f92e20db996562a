"""The wheel that carries a release: installed anywhere, it knows its course, and no secret."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.course.loading import load_exercise
from grader.proving.release.search import contents, found_in
from grader.proving.release.secrets import secrets_of
from grader.sandbox.client import Sandbox
from tests import releases, shops

SHIPPED = ("pyproject.toml", "README.md", "LICENSE")
RIGHT = shops.ROOT / "tests" / "golden" / "ex4" / "right_sgd.py"


@pytest.fixture(scope="module")
def wheel(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `make wheel` builds it: staged, for the package's own folder holds no course."""
    stage, dist = tmp_path_factory.mktemp("stage"), tmp_path_factory.mktemp("dist")
    for name in ("grader", "templates"):
        leave = shutil.ignore_patterns("__pycache__", "released")
        shutil.copytree(shops.ROOT / name, stage / name, ignore=leave)
    for name in SHIPPED:
        shutil.copy(shops.ROOT / name, stage)
    shutil.copytree(releases.of_this_course(sandbox, tmp_path_factory), stage / "grader/released")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir"]
    subprocess.run([*command, dist, stage], check=True, capture_output=True)
    (built,) = dist.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of somebody who has installed it, and nothing of this repository."""
    home = tmp_path_factory.mktemp("home")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", home / "site", wheel], check=True, capture_output=True)
    known = {name: value for name, value in os.environ.items() if not name.startswith("GRADE_")}
    return {**known, "HOME": str(home), "PYTHONPATH": str(home / "site"), "GRADE_BACKGROUND": "0"}


def test_a_search_of_every_byte_finds_nothing(
    wheel: Path, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shop = releases.author(sandbox, tmp_path_factory)
    exercises = [load_exercise(shop.course, id_) for id_ in shop.course.paths]
    members = dict(contents(wheel))

    leaks = found_in(members, secrets_of(exercises, shop, releases.SECRET))

    assert leaks == []
    assert sum(name.endswith(".safetensors") for name in members) == 12  # one a part that runs


def test_it_grades_wherever_it_is_installed(elsewhere: Mapping[str, str], tmp_path: Path) -> None:
    def grade(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "grader", *words]
        return subprocess.run(
            command, env=elsewhere, cwd=tmp_path, capture_output=True, text=True, check=False
        )

    started = grade("start", "ex4")
    (tmp_path / "ex4.py").write_bytes(RIGHT.read_bytes())
    submitted = grade("submit", "ex4.py")

    assert (started.returncode, started.stdout) == (0, "ex4.py\n"), started.stderr
    assert submitted.returncode == 0, submitted.stderr
    assert "right so far" in submitted.stdout
