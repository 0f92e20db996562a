import subprocess
import sys
from pathlib import Path

import pytest

from grader.model import Cell, Number, Parsed
from grader.sandbox.cache import RunCache, digest
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Code, Outline, parse_job
from tests.samples_box import FINE, SHORT, job

JOB = job(FINE)
OTHER = job("def f(x):\n    return 7.0\n")
RACE = """
import sys
from pathlib import Path
from grader.sandbox.cache import RunCache
from grader.sandbox.client import Sandbox
from tests.sandbox.test_cache import PARSE
with Sandbox() as box:
    for _ in range(20):
        (parsed,) = RunCache(Path(sys.argv[1]), box).parse([PARSE])
        assert parsed.missing == ("g",), parsed
"""
PARSE = parse_job(Code((Cell("ex.py", FINE),)), Outline("", {}, names=("f", "g")))


def entry(folder: Path) -> Path:
    return folder / "runs" / digest(JOB)


def value(cache: RunCache) -> object:
    return cache.run([JOB])[0].observations["y"]


def test_a_kept_run_needs_no_box(tmp_path: Path, sandbox: Sandbox) -> None:
    RunCache(tmp_path, sandbox).run([JOB])

    with Sandbox() as idle:
        assert value(RunCache(tmp_path, idle)) == Number(5.0)

        assert idle._server is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:0],
        lambda content: content[:20],
        lambda content: content[:-1],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: bytes([content[0] ^ 1]) + content[1:],
        lambda content: content + b"more",
    ],
)
def test_a_damaged_entry_is_run_again(tmp_path: Path, sandbox: Sandbox, damage: object) -> None:
    assert callable(damage)
    RunCache(tmp_path, sandbox).run([JOB])
    entry(tmp_path).write_bytes(damage(entry(tmp_path).read_bytes()))

    assert value(RunCache(tmp_path, sandbox)) == Number(5.0)

    with Sandbox() as idle:
        assert value(RunCache(tmp_path, idle)) == Number(5.0)
        assert idle._server is None  # it is whole again


def test_the_entry_of_another_run_is_not_taken(tmp_path: Path, sandbox: Sandbox) -> None:
    RunCache(tmp_path, sandbox).run([OTHER])
    (tmp_path / "runs" / digest(OTHER)).rename(entry(tmp_path))

    assert value(RunCache(tmp_path, sandbox)) == Number(5.0)


def test_a_digest_changes_with_code_inputs_and_limits() -> None:
    jobs = [JOB, OTHER, job(FINE, inputs={"x": 2.6}), job(FINE, limits=SHORT), job(FINE)]

    assert len({digest(each) for each in jobs}) == 4


def test_what_a_run_used_is_known_again(tmp_path: Path, sandbox: Sandbox) -> None:
    """A student's limit follows from it."""
    (ran,) = RunCache(tmp_path, sandbox).run([JOB])

    (kept,) = RunCache(tmp_path, sandbox).run([JOB])

    assert kept.usage.cpu_seconds == ran.usage.cpu_seconds > 0


def test_a_run_that_did_not_end_well_is_not_kept(tmp_path: Path, sandbox: Sandbox) -> None:
    crash = job("import os\nos._exit(1)\n")

    RunCache(tmp_path, sandbox).run([crash])

    assert not (tmp_path / "runs" / digest(crash)).exists()


def test_each_run_is_made_once(tmp_path: Path, sandbox: Sandbox) -> None:
    runs = RunCache(tmp_path, sandbox).run([JOB, OTHER, JOB])

    assert [run.observations["y"] for run in runs] == [Number(5.0), Number(7.0), Number(5.0)]
    assert runs[0].usage == runs[2].usage


def test_two_processes_share_a_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", RACE, str(tmp_path)]
    both = [subprocess.Popen(command, cwd=Path(__file__).parents[2]) for _ in range(2)]

    assert [process.wait(60) for process in both] == [0, 0]
    assert [file.name for file in (tmp_path / "runs").iterdir()] == [digest(PARSE)]


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path, sandbox: Sandbox) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    assert value(RunCache(blocked, sandbox)) == Number(5.0)


def test_what_was_parsed_is_kept_too(tmp_path: Path, sandbox: Sandbox) -> None:
    (first,) = RunCache(tmp_path, sandbox).parse([PARSE])
    (again,) = RunCache(tmp_path, sandbox).parse([PARSE])

    assert isinstance(first, Parsed)
    assert first == again
