"""The sandbox as the commands use it: behind the best fences that hold here."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.model import Ended, Number
from grader.reporting import explain
from grader.sandbox.box.isolation.modes import MODES
from grader.sandbox.client import Sandbox
from tests.samples_box import run


@pytest.fixture(scope="module")
def fenced() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        if sandbox.isolation.level == "none":
            pytest.skip(f"kernel: no fences hold here: {sandbox.refused}")
        yield sandbox


SOLUTION = Path(__file__).parents[2] / "solutions" / "ex04_training_loop.py"
HONEST = {
    "a temporary file": "import tempfile\ndef f(x):\n    with tempfile.TemporaryFile() as t:\n"
    "        t.write(b'text')\n    return 1.0",
    "a thousand lines": "def f(x):\n    for n in range(1000): print(n)\n    return 1.0",
    "two threads": "import torch\ndef f(x):\n    torch.set_num_threads(2)\n"
    "    return float(torch.ones(1 << 18).sum()) / (1 << 18)",
    "numpy": "import numpy as np\ndef f(x):\n    return float(np.linalg.norm([0.6, 0.8]))",
    "torch.func": "import torch\ndef f(x):\n"
    "    return float(torch.func.grad(torch.sin)(torch.zeros(())))",
    "checkpoint": "import torch\nfrom torch.utils.checkpoint import checkpoint\ndef f(x):\n"
    "    return float(checkpoint(torch.cos, torch.zeros(()), use_reentrant=False))",
    "a data loader": "import torch\nfrom torch.utils.data import DataLoader\ndef f(x):\n"
    "    return float(next(iter(DataLoader(torch.ones(4), batch_size=2))).mean())",
    "an optimizer": "import torch\ndef f(x):\n    w = torch.zeros((), requires_grad=True)\n"
    "    (-w).backward()\n    torch.optim.SGD([w], lr=1.0).step()\n    return w.item()",
}
HOSTILE = {
    "reads a file of the machine": "def f(x):\n    return open('/etc/passwd').read()",
    "reads the course": "def f(x):\n    return open({solution!r}).read()",
    "opens a socket": "import socket\ndef f(x):\n    return str(socket.socket())",
    "forks": "import os\ndef f(x):\n    return os.fork()",
    "runs a program": "import subprocess\ndef f(x):\n    return str(subprocess.run(['/bin/true']))",
    "kills its parent": "import os\ndef f(x):\n    os.kill(os.getppid(), 9)\n    return 1.0",
    "writes outside": "def f(x):\n    open('/tmp/left-behind', 'w').write('x')\n    return 1.0",
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_code_runs(fenced: Sandbox, name: str) -> None:
    done = run(fenced, HONEST[name])

    assert (done.ended, done.observations.get("y")) == (Ended.FINISHED, Number(1.0)), done.fault


POOLS = {
    "a pool": "from multiprocessing import Pool\ndef f(x):\n    return Pool(2).map(abs, [x])",
    "a queue": "from multiprocessing import Queue\ndef f(x):\n    return Queue()",
    "an executor": "from concurrent.futures import ProcessPoolExecutor\ndef f(x):\n"
    "    return ProcessPoolExecutor(2).submit(abs, x).result()",
    "torch's own": "import torch.multiprocessing as mp\ndef f(x):\n    mp.spawn(print, nprocs=2)",
    "a data loader": "import torch\nfrom torch.utils.data import DataLoader\ndef f(x):\n"
    "    return next(iter(DataLoader(torch.ones(4), num_workers=2)))",
    "a program": "import subprocess\ndef f(x):\n    subprocess.run(['ls'], check=True)",
}


@pytest.mark.parametrize("name", POOLS)
def test_who_needs_processes_reads_that_there_are_none(fenced: Sandbox, name: str) -> None:
    done = run(fenced, POOLS[name])

    assert done.fault is not None
    assert done.fault.line is not None
    assert "start a process (multiprocessing, a DataLoader with num_workers)" in explain.fault(
        done.fault
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_code_is_stopped(fenced: Sandbox, name: str) -> None:
    solution = str(SOLUTION)

    done = run(fenced, HOSTILE[name].replace("{solution!r}", repr(solution)))

    assert done.ended is Ended.ERROR
    assert run(fenced, "def f(x):\n    return 1.0").observations["y"] == Number(1.0)


def test_the_report_can_name_the_mode(fenced: Sandbox) -> None:
    found = fenced.isolation

    mode = MODES[found.mode]
    assert (found.level, found.missing) in [mode.worth(in_group=one) for one in (True, False)]


def test_a_mode_that_does_not_work_is_told_in_words() -> None:
    wrong = "b" if os.geteuid() == 0 else "a"

    words = f"mode {wrong} is for"

    with Sandbox(mode=wrong) as sandbox, pytest.raises(GraderError, match=words):
        sandbox.run([])
