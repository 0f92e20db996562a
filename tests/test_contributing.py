"""What CONTRIBUTING and README say of the code is so: rooms, links, and examples that run."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / ".github/CONTRIBUTING.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"^(?:New file|In) `(?P<file>[^`]+)`(?:, below `(?P<line>[^`]+)`)?:\n\n"
    r"```(?:python|yaml)?\n(?P<code>.*?)```",
    re.MULTILINE | re.DOTALL,
)


GRADE = ("-m", "grader", "--course", ".")
RIGHT = """
    leaf = torch.tensor(x, requires_grad=True)
    y = leaf**2
    y.retain_grad()
    y.backward()
    return leaf.grad, y
"""


def rooms() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    return [room for layer in layers for room in layer.split(" | ")]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("tree")
    for name in ("grader", "templates", "exercises", "solutions"):
        shutil.copytree(
            ROOT / name, copy / name, ignore=shutil.ignore_patterns(".*", "__pycache__")
        )
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


def run(tree: Path, *arguments: str, codes: Sequence[int] = (0,)) -> str:
    environment = {**os.environ, "PYTHONPATH": str(tree), "GRADE_SECRET": "5ec2e7" * 10}
    command = [sys.executable, "-P", *arguments]
    done = subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in codes, done.stdout + done.stderr
    return done.stdout


def graded(tree: Path, answer: str) -> dict[str, Any]:
    """The report in JSON of a file whose function returns so; the exit code says how good it is."""
    file = tree / "answer.py"
    head = "# grade: ex99 format=1 variant=0\nimport torch\n\n\ndef slope(x):\n"
    file.write_text(head + textwrap.indent(textwrap.dedent(answer), "    "), encoding="utf-8")
    return submitted(tree, file)


def submitted(tree: Path, file: Path) -> dict[str, Any]:
    said = run(
        tree, *GRADE, "submit", str(file), "--format", "json", "--isolation", "none", codes=(0, 1)
    )
    report: dict[str, Any] = json.loads(said)
    return report


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


def test_new_exercise_with_new_mistake_check_kind_and_observable_holds(tree: Path) -> None:
    said = run(tree, *GRADE, "check", "ex99")

    assert "all hold" in said
    assert '"signed"' in run(tree, "-m", "grader", "schema")


def test_new_check_kind_and_observable_tell_right_from_wrong(tree: Path) -> None:
    right = graded(tree, RIGHT)
    turned = graded(tree, RIGHT.replace("return leaf", "return -leaf"))
    not_kept = graded(tree, RIGHT.replace("y.retain_grad()", "pass"))

    assert right["outcome"] == "passed"
    assert outcomes(turned) == {"value": "fail", "sign": "fail", "kept": "skip"}
    assert turned["diagnosis"][0]["id"] == "turned"
    assert outcomes(not_kept) == {"value": "pass", "sign": "pass", "kept": "fail"}


def test_new_mistake_is_named(tree: Path) -> None:
    answer = (
        "y = torch.tensor(x, requires_grad=True) ** 2\ny.retain_grad()\nreturn torch.tensor(x), y"
    )

    assert graded(tree, answer)["diagnosis"][0]["id"] == "lowered_only"


def test_new_kind_of_part_is_proved_handed_out_judged_and_diagnosed(tree: Path) -> None:
    said = run(tree, *GRADE, "check", "ex98")
    shown = run(tree, *GRADE, "show", "ex98")
    right, every = (chosen(tree, letter) for letter in "ba")

    assert "all hold" in said
    assert "- `b`: leaves that require a gradient" in shown
    assert right["outcome"] == "passed"
    assert outcomes(every) == {"who": "fail"}
    assert every["diagnosis"][0]["id"] == "every"


def chosen(tree: Path, letter: str) -> dict[str, Any]:
    file = tree / "chosen.py"
    file.write_text(f"# grade: ex98 format=1 variant=0\nwho = {letter!r}\n", encoding="utf-8")
    return submitted(tree, file)


def test_new_platform_reads_and_writes(tree: Path) -> None:
    work = tree / "work"
    work.mkdir()
    head = "# grade: ex99 format=1 variant=0\nimport torch\n\n\ndef slope(x):"
    (work / "ex99.py").write_text(head + RIGHT.replace("\n", "\n    "), encoding="utf-8")

    options = ("--exercise", "ex99", "--isolation", "none", "--root", ".")
    run(tree, *GRADE, "platform", "slate", *options)

    assert (tree / "slate.txt").read_text(encoding="utf-8") == "1.00\n"


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    return {check["id"]: check["outcome"] for check in report["checks"]}
