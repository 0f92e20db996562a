"""What only the parent bounds, and what it says of it."""

import signal
from pathlib import Path

import pytest

from grader.model import Ended, Number
from grader.sandbox.client import Sandbox
from grader.sandbox.limits import Limits
from grader.sandbox.running import Ending
from grader.sandbox.runs import as_run
from tests.samples_box import FINE, run

LONG = Limits(wall_seconds=30)
FULL = {
    "files": "def f(x):\n    n = 0\n    while True:\n        n += 1; open(str(n), 'w').close()\n",
    "bytes": "import time\ndef f(x):\n"
    "    for n in 'abcdefgh': open(n, 'wb').write(bytes(15 << 20))\n    time.sleep(60)\n",
    "depth": "import os\ndef f(x):\n    while True: os.mkdir('d'); os.chdir('d')\n",
}
KEEPS = "def f(x):\n    open('weights', 'wb').write(bytes(1 << 20))\n    return x\n"


@pytest.mark.parametrize("what", FULL)
def test_a_work_folder_that_is_too_full_ends_the_run(sandbox: Sandbox, what: str) -> None:
    """Where it is a folder of the machine's; else its file system is small.

    Each would go on until its time is up, and then it would be that which ended it.
    """
    done = run(sandbox, FULL[what], limits=LONG)

    assert done.fault is not None
    assert (done.ended, done.fault.kind) == (Ended.CRASHED, "disk")
    assert run(sandbox, FINE).observations["y"] == Number(5.0)


def test_what_a_run_leaves_is_gone_when_it_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with Sandbox(mode="plain") as box:
        assert run(box, KEEPS).ended is Ended.FINISHED
        left = [path for path in tmp_path.glob("grade-*/*/*") if path.name == "weights"]

    assert left == []
    assert list(tmp_path.glob("grade-*")) == []


def test_a_run_that_its_group_ended_was_out_of_memory() -> None:
    ending = Ending(frame=b"R", status=-signal.SIGKILL, of_memory=True)

    done = as_run(ending)

    assert done.fault is not None
    assert (done.ended, done.fault.kind) == (Ended.MEMORY, "memory")
