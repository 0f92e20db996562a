"""Where a release is put, and what keeps one from being left there."""

import shutil
from pathlib import Path
from types import ModuleType

import pytest

from grader.course.format import Exercise
from grader.course.loading import load_course
from grader.course.parts.part import AnyPart
from grader.errors import AuthorError, UsageError
from grader.judging.keys import Key, Keys
from grader.judging.workshop import Workshop
from grader.proving.release import record, redact
from grader.sandbox.client import Sandbox
from tests import releases, samples, shops
from tests.releases import YAML


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    samples.write(folder, YAML)
    return folder


@pytest.fixture(scope="module")
def author(small: Path, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return shops.shop(small, sandbox, tmp_path_factory)


@pytest.fixture(scope="module")
def made(author: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "public"
    releases.made(author, folder)
    return folder


def test_an_older_release_is_replaced_and_the_rest_of_its_folder_stays(
    author: Workshop, made: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "public"
    shutil.copytree(made, folder)
    (folder / "exercises" / "ex08_gone.yaml").write_text("format: 1\nid: ex8\n")
    (folder / ".git").mkdir()

    releases.made(author, folder)

    assert {path.name for path in folder.iterdir()} == {".git", "exercises"}
    assert not (folder / "exercises" / "ex08_gone.yaml").exists()
    assert list(load_course(folder).paths) == ["ex7"]
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


def test_nothing_else_is_written_over(author: Workshop, small: Path, tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text("mine")

    for folder in (tmp_path, small):
        with pytest.raises(UsageError, match="is there already, and is no release"):
            releases.made(author, folder)

    assert (tmp_path / "work.py").read_text() == "mine"
    assert (small / "solutions").exists()


@pytest.mark.parametrize(
    ("yaml", "says"),
    [
        (YAML.replace("The 2 is lost.", "0123456789abcdef" * 2), "the canary of ex7"),
        (YAML.replace("What does the program show?", shops.SECRET.upper()), "course's secret"),
        (
            YAML.replace(
                "Add up all entries of `t`.",
                '"total = t[0] \\n total = total + t[1] \\n total = total * 1.0"',
            ),
            "code of <add>",
        ),
    ],
)
def test_what_would_give_something_away_is_not_left(
    yaml: str,
    says: str,
    tmp_path: Path,
    sandbox: Sandbox,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """An author's own words are searched like everything else."""
    samples.write(tmp_path, yaml)
    shop = shops.shop(tmp_path, sandbox, tmp_path_factory)

    with pytest.raises(AuthorError, match=says):
        releases.made(shop, tmp_path / "public")

    assert {path.name for path in tmp_path.iterdir()} == {"exercises", "solutions"}


def _all_of_a_part(part: AnyPart) -> AnyPart:
    return part


def _all_of_the_solution(exercise: Exercise) -> str:
    return exercise.solution.text.replace("canary", "no").replace("0123456789abcdef", "")


def _all_cases(exercise: Exercise, part: AnyPart, keys: Keys, variant: int) -> Key:
    return keys.key(exercise, part, variant)


@pytest.mark.parametrize(
    ("forgets", "says"),
    [
        ((redact, "_part", _all_of_a_part), "code of accepted variant `sum` of ex7"),
        ((redact, "skeleton", _all_of_the_solution), "code of <add> of ex7"),
        ((record, "_open_key", _all_cases), "hidden case other.1 of ex7"),
    ],
)
def test_the_search_finds_what_an_earlier_step_forgets(
    forgets: tuple[ModuleType, str, object],
    says: str,
    author: Workshop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(*forgets)

    with pytest.raises(AuthorError, match=says):
        releases.made(author, tmp_path / "public")

    assert list(tmp_path.iterdir()) == []


def test_two_statements_of_a_hole_may_be_spoken_of(
    tmp_path: Path, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    samples.write(
        tmp_path, YAML.replace("The sum is right.", "'total = t[0]; total = total + t[1]'")
    )

    releases.made(shops.shop(tmp_path, sandbox, tmp_path_factory), tmp_path / "public")

    assert (tmp_path / "public").exists()


def test_a_starter_that_would_lack_a_name_is_refused(
    tmp_path: Path, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The names to write are those of the solution; a skeleton has only what starters have."""
    solution = samples.SOLUTION.replace(
        "def slope(", "# <scale>\nSCALE = 2\n# </scale>\n\n\ndef slope(", 1
    )
    todo = "    todo:\n      scale: {say: A number.}\n      formula:"
    samples.write(tmp_path, YAML.replace("    todo:\n      formula:", todo), solution)
    shop = shops.shop(tmp_path, sandbox, tmp_path_factory)

    with pytest.raises(AuthorError, match="its starter lacks a top-level name"):
        releases.made(shop, tmp_path / "public")
