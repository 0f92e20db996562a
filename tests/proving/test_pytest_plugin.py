"""The plugin as an instructor meets it: a pytest of its own, in a course of its own."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli.commands import main
from tests import shops

pytest_plugins = ["pytester"]

CLAIMS = [
    "starter:blank",
    "starter:leaks",
    "slope:reference",
    "slope:accept:by_hand",
    "slope:mistake:value",
    "slope:mistake:factor_lost",
    "slope:check:value",
    "slope:inputs",
    "slope:margin",
    "slope:time",
]


@pytest.fixture
def course(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A course with one new exercise."""
    for name, value in shops.environment(tmp_path_factory).items():
        monkeypatch.setenv(name, value)
    (pytester.path / "exercises").mkdir()
    about = "format: 1\nid: fresh\ntitle: A fresh course\n"
    (pytester.path / "exercises" / "course.yaml").write_text(about)
    CliRunner().invoke(main, ["new", "ex1", "--course", str(pytester.path)], catch_exceptions=False)
    return pytester.path


def changed(course: Path, old: str, new: str) -> Path:
    path = course / "exercises" / "ex01_new.yaml"
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    return path


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-W", "error", *arguments)


def test_each_claim_is_a_test(course: Path, pytester: pytest.Pytester) -> None:
    done = run(pytester, "exercises", "-v")

    done.assert_outcomes(passed=len(CLAIMS))
    done.stdout.fnmatch_lines([f"exercises/ex01_new.yaml::{name} PASSED*" for name in CLAIMS])
    assert not (course / "exercises" / ".secret").exists()


def test_claims_are_listed_without_running_anything(
    course: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRADE_SECRET")

    done = run(pytester, "exercises", "--collect-only", "-q")

    done.stdout.fnmatch_lines([f"exercises/ex01_new.yaml::{name}" for name in CLAIMS])
    assert not (course / "exercises" / ".secret").exists()


def test_a_claim_that_fails_says_why_and_nothing_else(
    course: Path, pytester: pytest.Pytester
) -> None:
    changed(course, "return 3 * a * x**2", "return 4 * a * x**2")

    done = run(pytester, "exercises")

    done.assert_outcomes(failed=3, passed=len(CLAIMS) - 3)
    done.stdout.fnmatch_lines(["*slope accept by_hand*", "fails check `value`: `slope` *"])
    done.stdout.no_fnmatch_line("*Error*")
    done.stdout.no_fnmatch_line("*pytest_items*")


def test_one_claim_can_be_asked_for(course: Path, pytester: pytest.Pytester) -> None:
    done = run(pytester, "exercises/ex01_new.yaml::slope:mistake:value")

    done.assert_outcomes(passed=1)
    assert (course / "exercises").is_dir()


def test_a_yaml_error_is_told_as_the_author_reads_it(
    course: Path, pytester: pytest.Pytester
) -> None:
    path = changed(course, "points: 10", "points: ten")

    done = run(pytester, "exercises")

    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines([f"{path}:*: parts[[]0].checks[[]0]*points*"])
    done.stdout.no_fnmatch_line("*Traceback*")


def test_a_secret_that_is_made_is_told(
    course: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRADE_SECRET")

    done = run(pytester, "exercises", "-k", "blank")

    done.assert_outcomes(passed=1, deselected=len(CLAIMS) - 1)
    done.stdout.fnmatch_lines(["*made the course's secret*"])
    assert (course / "exercises" / ".secret").exists()


@pytest.mark.parametrize("name", ["other/ex01_new.yaml", "exercises/ex01_new.yml"])
def test_other_yaml_files_are_nobodys_tests(name: str, pytester: pytest.Pytester) -> None:
    path = pytester.path / name
    path.parent.mkdir()
    path.write_text("not: ours\n")
    (path.parent / "course.yaml").write_text("not: ours\n")

    done = run(pytester)

    done.assert_outcomes()


def test_who_tests_something_else_pays_nothing(pytester: pytest.Pytester) -> None:
    """The plugin is loaded by every pytest; the grader and torch are not."""
    pytester.makepyfile(
        """
        import json, sys
        def test_it():
            with open("modules.json", "w") as file:
                json.dump(sorted(sys.modules), file)
        """
    )

    run(pytester).assert_outcomes(passed=1)

    modules = json.loads((pytester.path / "modules.json").read_text())
    ours = {name for name in modules if name.partition(".")[0] == "grader"}
    assert ours <= {"grader", "grader.proving", "grader.proving.pytest_plugin"}
    assert not {"torch", "numpy", "pydantic", "yaml"} & set(modules)
