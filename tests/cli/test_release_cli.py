"""`grade release` as a person types it, and what the other commands say in a release."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli.commands import main
from tests import samples, shops

Grade = Callable[..., Result]


@pytest.fixture(scope="module")
def grade(tmp_path_factory: pytest.TempPathFactory) -> Grade:
    state = tmp_path_factory.mktemp("state")
    places = {**shops.environment(tmp_path_factory), "GRADE_STATE": str(state), "COLUMNS": "80"}

    def run(*words: object) -> Result:
        return CliRunner().invoke(main, [*map(str, words)], env=places, prog_name="grade")

    return run


@pytest.fixture(scope="module")
def public(grade: Grade, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of a small course."""
    folder = tmp_path_factory.mktemp("course")
    samples.write(folder, samples.YAML.replace("variant:\n", "variants: 2\nvariant:\n", 1))

    done = grade("--course", folder, "release", folder / "public")

    assert (done.exit_code, done.stdout) == (0, f"{folder / 'public'}\n"), done.output
    assert re.search(r"ex7: \d KB in all, and nothing secret in them\.", done.stderr)
    return folder / "public"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["list"], "ex7  Slopes"),
        (["show", "ex7"], "What does the program show?"),
        (["start", "ex7", "--output", "-"], "grade: ex7 format=1 variant=0"),
        (["hint", "ex7"], "The gradient."),
    ],
)
def test_students_commands_work_there(
    grade: Grade, public: Path, words: list[str], says: str, tmp_path: Path
) -> None:
    starter = tmp_path / "ex7.py"

    done = grade("--course", public, *(starter if word == "-" else word for word in words))

    assert done.exit_code == 0, done.output
    assert says in (starter.read_text() if starter.exists() else done.stdout)


@pytest.mark.parametrize("words", [["check"], ["check", "ex7"], ["release", "again"]])
def test_what_needs_solutions_says_that_there_are_none(
    grade: Grade, public: Path, words: list[str]
) -> None:
    done = grade("--course", public, *words)

    assert done.exit_code == 2
    assert f"{public} is a release: what students may have, without solutions" in done.stderr
    assert "name the folder of the course that it was made from: --course DIR" in done.stderr


def test_a_folder_with_work_in_it_is_left_alone(grade: Grade, tmp_path: Path) -> None:
    samples.write(tmp_path)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "ex7.py").write_text("mine")

    done = grade("--course", tmp_path, "release", tmp_path / "work")

    assert done.exit_code == 2
    assert "is there already, and is no release" in done.stderr
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["ex7.py"]
