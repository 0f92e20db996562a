"""What a killed grader left in the temporary folder goes when the next one starts; no more goes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.model import Ended
from grader.sandbox import scratch
from grader.sandbox.client import Sandbox
from tests.samples_box import FINE, run

ROOT = Path(__file__).parents[2]
NAMED_AS_OURS = "grade-4711-abcdefgh"
GRADER = """
from grader.sandbox.client import Sandbox
from tests.samples_box import run
with Sandbox(mode="plain") as box:
    run(box, "import time\\nopen('weights', 'w').close()\\ndef f(x):\\n    time.sleep(60)\\n")
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@contextmanager
def grading(temporary: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another grader, in which code runs that has written a file."""
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen([sys.executable, "-c", GRADER], cwd=ROOT, env=environment) as process:
        try:
            while not list(temporary.glob("grade-*/*/weights")):
                assert process.poll() is None
            yield process
        finally:
            process.kill()


def start() -> None:
    with Sandbox(mode="plain") as box:
        assert run(box, FINE).ended is Ended.FINISHED


def test_what_a_killed_grader_left_is_gone_after_the_next_start(temporary: Path) -> None:
    with grading(temporary) as killed:
        killed.kill()
    assert list(temporary.glob(f"grade-{killed.pid}-*/*/weights"))

    start()

    assert list(temporary.iterdir()) == []


def test_who_ends_leaves_nothing_though_a_thread_is_still_at_it(temporary: Path) -> None:
    many = "def f(x):\n    for n in range(900): open(str(n), 'w').close()\n    return x\n"

    for _ in range(5):
        with Sandbox(mode="plain") as box:
            assert run(box, many).ended is Ended.FINISHED

        assert list(temporary.iterdir()) == []


def test_what_a_living_grader_has_stays(temporary: Path) -> None:
    with grading(temporary) as living:
        start()

        assert len(list(temporary.glob(f"grade-{living.pid}-*/*/weights"))) == 1
        assert living.poll() is None


def folder_of_work(place: Path) -> None:
    (place / "grade-homework").mkdir()


def file(place: Path) -> None:
    (place / NAMED_AS_OURS).write_text("mine")


def link(place: Path) -> None:
    (place.parent / "precious").mkdir()
    (place / NAMED_AS_OURS).symlink_to(place.parent / "precious")


@pytest.mark.parametrize("put", [folder_of_work, file, link])
def test_what_is_not_ours_stays(put: Callable[[Path], None], temporary: Path) -> None:
    put(temporary)
    before = sorted(temporary.parent.rglob("*"))

    start()

    assert sorted(temporary.parent.rglob("*")) == before


def test_what_another_user_left_stays(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every other user is made to look like us, and we like another one."""
    (temporary / NAMED_AS_OURS).mkdir()
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)

    scratch.sweep()

    assert (temporary / NAMED_AS_OURS).is_dir()


def test_nobody_loses_a_folder_to_one_who_starts_at_the_same_time() -> None:
    with ThreadPoolExecutor(8) as pool:
        sweeps = [pool.submit(scratch.sweep) for _ in range(400)]
        made = list(pool.map(lambda _: scratch.Scratch(), range(100)))

        assert all(each.path.is_dir() for each in made)
        assert [sweep.exception() for sweep in sweeps] == [None] * len(sweeps)
    for each in made:
        each.remove()
