"""What CONTRIBUTING and README say of the code is so: rooms, links, and examples that run."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / ".github/CONTRIBUTING.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"^(?:New file|In) `(?P<file>[^`]+)`(?:, below `(?P<line>[^`]+)`)?:\n\n"
    r"```(?:python)?\n(?P<code>.*?)```",
    re.MULTILINE | re.DOTALL,
)


def rooms() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    return [room for layer in layers for room in layer.split(" | ")]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("tree")
    for name in ("grader", "templates", "exercises", "solutions"):
        shutil.copytree(ROOT / name, copy / name)
    for block in BLOCK.finditer(PAGE):
        apply(copy / block["file"], block["line"], block["code"])
    return copy


def apply(file: Path, line: str | None, code: str) -> None:
    if line is None:
        assert not file.exists()
        file.write_text(code, encoding="utf-8")
        return
    text = file.read_text(encoding="utf-8")
    assert text.count(f"\n{line}\n") == 1
    file.write_text(text.replace(f"\n{line}\n", f"\n{line}\n{code}"), encoding="utf-8")


def run(tree: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    command = [sys.executable, "-P", *arguments]
    done = subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_links_lead_to_code_that_is_there() -> None:
    links = re.findall(r"\]\((\.\./[^)]+)\)", PAGE)

    assert links
    assert [link for link in links if not (ROOT / ".github" / link).exists()] == []


def test_functions_named_on_the_way_are_there() -> None:
    named = re.findall(r"`(\w+)` in \[[^\]]+\]\(\.\./([^)]+)\)", PAGE)

    assert named
    for name, file in named:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"^(?:def |class )?{name}\b", text, re.MULTILINE), (name, file)


def test_table_of_rooms_is_the_import_contract() -> None:
    table = PAGE.partition("| Room |")[2].partition("## Examples")[0]
    first = [row.split("|")[1] for row in table.splitlines()[2:] if row.startswith("|")]

    assert [name for cell in first for name in re.findall(r"`(\w+)`", cell)] == rooms()


def test_map_in_readme_lists_exactly_the_rooms() -> None:
    text = README.partition("## Working on grader")[2].partition("grader/\n")[2]
    listed = re.findall(r"^  (\w+)(?:/|\.py) ", text.partition("\ntests/")[0], re.MULTILINE)

    assert listed == rooms()


def test_new_exporter_is_listed_and_writes(tree: Path) -> None:
    assert "csvline" in run(tree, "-m", "grader", "submit", "--help")

    code = (
        "from types import SimpleNamespace as Shown\n"
        "from grader.reporting.exporters import EXPORTERS\n"
        "print(EXPORTERS['csvline'](Shown(exercise='ex01', outcome='pass')))"
    )
    assert run(tree, "-c", code) == "b'ex01,pass\\n'\n"


def test_new_layout_is_recognised(tree: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dropbox"
    folder.mkdir()
    (folder / "ada.py").write_text("x = 1\n", encoding="utf-8")
    code = (
        "import sys\nfrom pathlib import Path\nfrom grader.classroom.intake import find\n"
        "print(find(Path(sys.argv[1])).layout)"
    )

    assert run(tree, "-c", code, str(folder)) == "dropbox\n"
