"""What is shipped, and what the command line loads before it has anything to grade."""

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.course import regions

ROOT = Path(__file__).parent.parent
SOLUTIONS = sorted([*ROOT.glob("solutions/*.py"), *ROOT.glob("tests/small_course/solutions/*.py")])
CANARY = re.compile(r"^canary: ([0-9a-f]{32})$", re.MULTILINE)
_LEAK_LINES = 3

Members = dict[str, bytes]


@pytest.fixture(scope="module", params=["wheel", "sdist"])
def members(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Members:
    """The files of a freshly built archive, by their names below its top folder."""
    folder = tmp_path_factory.mktemp(request.param)
    command = [sys.executable, "-m", "build", "--no-isolation", f"--{request.param}"]
    subprocess.run([*command, "--outdir", folder, ROOT], check=True, capture_output=True)
    (archive,) = folder.iterdir()
    return unzipped(archive) if archive.suffix == ".whl" else untarred(archive)


def unzipped(archive: Path) -> Members:
    with zipfile.ZipFile(archive) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist()}


def untarred(archive: Path) -> Members:
    with tarfile.open(archive) as sdist:
        files = [(entry.name, sdist.extractfile(entry)) for entry in sdist if entry.isfile()]
        return {name.partition("/")[2]: file.read() for name, file in files if file}


def test_every_solution_has_a_canary_of_its_own() -> None:
    found = [CANARY.findall(path.read_text()) for path in SOLUTIONS]

    assert found
    assert all(len(canaries) == 1 for canaries in found)
    assert len({canary for (canary,) in found}) == len(SOLUTIONS)


def test_no_archive_holds_a_canary(members: Members) -> None:
    canaries = [canary for path in SOLUTIONS for canary in CANARY.findall(path.read_text())]

    leaks = [name for name, raw in members.items() for word in canaries if word.encode() in raw]

    assert leaks == []


def test_no_archive_holds_lines_of_a_solution(members: Members) -> None:
    """Without the canary a copied function would still give itself away."""
    secret = {run for path in SOLUTIONS for run in solution_runs(path)}

    leaks = {
        (name, run)
        for name, raw in members.items()
        for run in runs(raw.decode(errors="replace"))
        if run in secret
    }

    assert leaks == set()


def solution_runs(path: Path) -> Iterator[tuple[str, ...]]:
    solution = regions.parse(path.read_text(), str(path))
    for name, region in solution.regions.items():
        if region.parent is None:
            yield from runs(solution.code(name))


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Each few lines that follow one another, whatever their indentation."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return zip(*(lines[start:] for start in range(_LEAK_LINES)), strict=False)


def test_archives_hold_only_what_is_named(members: Members) -> None:
    tops = {name.partition("/")[0] for name in members}

    tops -= {"grader", "templates", "pyproject.toml", "constraints.txt", "README.md", "LICENSE"}
    tops -= {"PKG-INFO", ".gitignore", "grader-0.1.0.dist-info"}

    assert tops == set()
    assert not any(re.search(r"\.secret|(^|/)(tests|solutions|exercises)/", n) for n in members)


def test_archives_hold_templates_and_box(members: Members) -> None:
    templates = {path.name for path in (ROOT / "templates").iterdir() if path.is_file()}

    shipped = {name.rpartition("/")[2] for name in members if "templates/" in name}

    assert templates
    assert shipped >= templates
    assert {"grader/sandbox/box/__init__.py", "grader/cli/commands.py"} <= members.keys()


@pytest.mark.parametrize("argument", ["--help", "list", "completion"])
def test_first_words_are_quick(argument: str, tmp_path: Path) -> None:
    """Help, list and completion answer without torch, which takes seconds to import."""
    start = (
        "import sys; sys.argv[0] = 'grade'; from grader.cli.commands import main; sys.exit(main())"
    )
    words = {"_GRADE_COMPLETE": "bash_complete", "COMP_WORDS": "grade st", "COMP_CWORD": "1"}
    places = dict.fromkeys(
        ["HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"], str(tmp_path)
    )
    arguments, extra = ([], words) if argument == "completion" else ([argument], {})

    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", start, *arguments],
        env={**os.environ, **places, **extra},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout
    assert not re.search(r"\| +torch\b", done.stderr)
