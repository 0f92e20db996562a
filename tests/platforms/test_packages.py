"""What instructors upload: it is complete, it runs, and students get no solution with it."""

import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from grader import settings
from grader.cli.commands import main
from grader.course.format import Course
from grader.course.loading import load_course
from grader.errors import AuthorError, StudentError
from grader.platforms import actions, classroom50, coursera, gradescope, packages, prairielearn
from grader.reporting import templating
from tests import shops
from tests.handing_in import RIGHT, Desk
from tests.platforms import stage


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADE_SECRET", shops.SECRET)


@pytest.fixture
def open_course(course: Path, tmp_path: Path) -> Path:
    """What students may have of it."""
    folder = tmp_path / "open"
    shutil.copytree(course / "exercises", folder / "exercises")
    with (folder / "exercises" / "course.yaml").open("a") as file:
        file.write("released: {versions: {}, digests: {}}\n")
    return folder


def unzipped(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def laid_out(raw: bytes, folder: Path) -> None:
    """As `unzip` does, with the modes that the archive says."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for entry in archive.infolist():
            path = Path(archive.extract(entry, folder))
            path.chmod(stat.S_IMODE(entry.external_attr >> 16))


# --- Gradescope ----------------------------------------------------------------------------------


def test_gradescopes_zip_sets_itself_up_and_grades(course: Path, tmp_path: Path) -> None:
    """As on Gradescope, but for the requirements: this environment has them."""
    root = tmp_path / "autograder"
    raw = gradescope.autograder_zip(load_course(course), "none", "ex1", attempts=5)
    laid_out(raw, root / "source")
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "submission").mkdir()
    Desk(root / "submission", {"GRADE_COURSE": str(course)}).solved(RIGHT)
    (root / "submission_metadata.json").write_text('{"created_at": "2026-01-01T00:00:00Z"}')
    kept = ("PATH", "HOME")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"AUTOGRADER_ROOT": str(root), "GRADE_PYTHON": sys.executable}

    for program in (root / "source" / "setup.sh", root / "run_autograder"):
        subprocess.run([program], env=environment, cwd=root, check=True, capture_output=True)

    page = json.loads((root / "results" / "results.json").read_text())
    stage.check("gradescope", page)
    assert page["score"] == sum(test["max_score"] for test in page["tests"]) > 0


def test_where_the_grader_does_not_start_there_is_a_result_all_the_same(
    course: Path, tmp_path: Path
) -> None:
    root = tmp_path / "autograder"
    laid_out(gradescope.autograder_zip(load_course(course), "strong", ""), root / "source")
    environment = {**os.environ, "AUTOGRADER_ROOT": str(root), "GRADE_PYTHON": "/no/python"}

    subprocess.run(
        [root / "source" / "run_autograder"], env=environment, check=True, capture_output=True
    )

    page = json.loads((root / "results" / "results.json").read_text())
    stage.check("gradescope", page)
    assert "not your fault" in page["tests"][0]["output"]


def test_a_package_has_the_draws_that_were_taken_here(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of its own secret alone."""
    folder = tmp_path / "course"
    shutil.copytree(course, folder)
    command = ["export", "gradescope", "ex1", "--course", str(folder)]
    for secret in ("ab" * 32, shops.SECRET):
        monkeypatch.setenv("GRADE_SECRET", secret)
        written = tmp_path / f"{secret[:2]}.zip"
        CliRunner().invoke(main, [*command, "--output", str(written)], catch_exceptions=False)

    there = json.loads(unzipped(written.read_bytes())["course/exercises/.draws"])

    (own,) = there["taken"]
    assert own == settings.fingerprint(bytes.fromhex(shops.SECRET))
    assert there["taken"][own].keys() == {"ex1/slope"}


def test_gradescopes_zip_asks_for_the_isolation_that_it_is_told(course: Path) -> None:
    run = unzipped(gradescope.autograder_zip(load_course(course), "strong", "ex1"))[
        "run_autograder"
    ].decode()

    assert "--isolation strong" in run
    assert "--attempts" not in run


def test_an_exercise_that_is_not_there_makes_no_package(course: Path) -> None:
    with pytest.raises(StudentError, match="no exercise 'ex9'"):
        gradescope.autograder_zip(load_course(course), "strong", "ex9")


def test_the_same_course_makes_the_same_archive(course: Path) -> None:
    found = load_course(course)

    first, second = (gradescope.autograder_zip(found, "none", "ex1") for _ in range(2))

    assert first == second


# --- what they are made of -----------------------------------------------------------------------


def test_every_requirement_is_pinned_and_torch_is_for_the_cpu() -> None:
    index, torch, *lines = packages.requirements().decode().splitlines()

    assert index == "--extra-index-url https://download.pytorch.org/whl/cpu"
    assert torch.endswith("+cpu")
    assert all("==" in line for line in lines)
    assert {"click", "numpy", "pydantic"} <= {line.partition("==")[0] for line in lines}


def test_the_wheel_holds_the_grader_and_no_course() -> None:
    files = unzipped(packages.wheel())

    assert packages.wheel_name().endswith("-py3-none-any.whl")
    assert {"grader/__main__.py", "grader/templates/report.html.j2"} <= files.keys()
    assert not any("/released/" in file or "__pycache__" in file for file in files)


# --- what students can read ----------------------------------------------------------------------


@pytest.mark.parametrize("build", [classroom50.bundle, actions.repository_zip])
def test_what_students_can_read_takes_no_course_with_solutions(
    build: Callable[[Course, str, str], bytes], course: Path
) -> None:
    with pytest.raises(AuthorError, match="is no release") as told:
        build(load_course(course), "none", "ex1")

    assert "grade release" in told.value.hint


def test_the_workflow_is_yaml_pinned_and_may_only_read(open_course: Path) -> None:
    files = unzipped(actions.repository_zip(load_course(open_course), "none"))

    page = yaml.safe_load(files[".github/workflows/grade.yml"])
    job = page["jobs"]["grade"]
    used = [step["uses"].partition("@")[2] for step in job["steps"] if "uses" in step]
    assert page["permissions"] == {"contents": "read"}
    assert job["strategy"]["matrix"]["exercise"] == ["ex1"]
    assert [len(commit) for commit in used] == [40]
    assert job["steps"][-1]["env"] == {"EXERCISE": "${{ matrix.exercise }}"}
    assert ".github/grade/course/exercises/course.yaml" in files
    assert not any(name.endswith(".secret") for name in files)


def test_classroom50s_bundle_runs_and_tells_a_fault_of_ours_by_its_exit_code(
    open_course: Path, tmp_path: Path
) -> None:
    """The course in it is broken on purpose."""
    bundle, checkout = tmp_path / "bundle", tmp_path / "checkout"
    laid_out(classroom50.bundle(load_course(open_course), "none", "ex1"), bundle)
    (bundle / "course" / "exercises" / "course.yaml").write_text("format: 1\n")
    checkout.mkdir()
    environment = {**os.environ, **stage.CLASSROOM, "GRADE_PYTHON": sys.executable}

    done = subprocess.run(
        [sys.executable, bundle / "autograder.py"],
        env=environment,
        cwd=checkout,
        capture_output=True,
        check=False,
    )

    page = json.loads((checkout / "result.json").read_text())
    stage.check("classroom50", page)
    assert (done.returncode, page["max-score"]) == (3, 0)


def test_no_file_of_a_checkout_is_taken_for_a_module_of_ours(course: Path, tmp_path: Path) -> None:
    """Python looks for modules where it is started, unless told not to."""
    bundle, checkout, ran = tmp_path / "bundle", tmp_path / "checkout", tmp_path / "ran"
    whole = Desk(tmp_path, {**os.environ, "GRADE_COURSE": str(course)})
    made = whole.run("release", str(tmp_path / "open"))
    assert made.exit_code == 0, made.output
    laid_out(classroom50.bundle(load_course(tmp_path / "open"), "none", "ex1"), bundle)
    (checkout / "grader").mkdir(parents=True)
    replace(whole, folder=checkout).solved(RIGHT)
    for name in ("grader/__init__", "grader/__main__", "pip", "random", "tempfile"):
        (checkout / f"{name}.py").write_text(f"open({str(ran)!r}, 'a').write({name!r})\n")
    environment = {**os.environ, **stage.CLASSROOM, "GRADE_PYTHON": sys.executable}

    shutil.copytree(bundle, checkout, dirs_exist_ok=True)  # the worst place for it
    subprocess.run([sys.executable, "autograder.py"], env=environment, cwd=checkout, check=True)

    page = json.loads((checkout / "result.json").read_text())
    assert page["score"] > 0
    assert not ran.exists()


def test_no_package_starts_a_module_that_lies_where_python_is_started() -> None:
    """`-m` looks there first, unless `-P` comes before it."""
    templates = (path.read_text() for path in (templating.folder() / "packages").iterdir())

    safe = re.findall(r"""(-P)?[ ",]+-m[ ",]+(?:venv|pip|grader)\b""", "".join(templates))

    assert len(safe) > 5
    assert all(safe)


# --- images --------------------------------------------------------------------------------------


def test_prairielearns_snippet_runs_us_without_a_network(course: Path) -> None:
    found = load_course(course)

    grading = json.loads(prairielearn.info_snippet(found, "strong", "ex1", "ours/grade:1", 9999))

    options = grading["externalGradingOptions"]
    assert (options["enableNetworking"], options["timeout"]) == (False, 600)
    assert options["entrypoint"][:3] == ["grade", "platform", "prairielearn"]
    assert f"/grade/serverFilesCourse/{found.id}" in options["entrypoint"]


def test_courseras_image_holds_the_course_and_prairielearns_does_not(course: Path) -> None:
    ours, theirs = (
        unzipped(raw)
        for raw in (coursera.image(load_course(course), "none", "ex1"), prairielearn.image())
    )

    assert '"coursera", "--course", "/opt/grade/course"' in ours["Dockerfile"].decode()
    assert ours["course/exercises/.secret"].decode().strip() == shops.SECRET
    assert not any(name.startswith("course/") for name in theirs)
    assert b"ENTRYPOINT" not in theirs["Dockerfile"]
