"""Many trusted jobs in one box: each gives what it would give in a box of its own."""

from collections.abc import Iterator

import pytest

from grader.model import Cell, Ended, Run
from grader.sandbox import together
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Code, Job, Outline, parse_job
from grader.sandbox.runs import as_parsed, as_run, run_all
from tests.samples_box import FINE, SHORT, job

# What each looks at is what another one leaves behind.
LOOKS = """
import os, random, threading
import numpy as np
import torch

def f(x):
    return str({
        "grad": (torch.ones(1, requires_grad=True) * 2).requires_grad,
        "dtype": str(torch.get_default_dtype()),
        "drawn": [random.random(), float(torch.rand(())), float(np.random.rand())],
        "two": float(torch.add(torch.ones(()), torch.ones(()))),
        "length": len([1, 2, 3]),
        "files": len(os.listdir()),
        "threads": threading.active_count(),
        "said": os.environ.get("SAID", ""),
    })
"""
LEAVES = {
    "nothing": "def f(x):\n    return x",
    "grad mode off": "import torch\ndef f(x):\n    torch.set_grad_enabled(False)\n    return x",
    "another dtype": "import torch\ndef f(x):\n    torch.set_default_dtype(torch.float64)\n"
    "    return x",
    "other seeds": "import torch, random\nimport numpy as np\ndef f(x):\n    torch.manual_seed(3)\n"
    "    random.seed(3)\n    np.random.seed(3)\n    return x",
    "another add": "import torch\ndef f(x):\n    torch.add = torch.sub\n    return x",
    "another len": "import builtins\ndef f(x):\n    builtins.len = lambda _: 7\n    return x",
    "a file": "def f(x):\n    open('left', 'w').write('x')\n    return x",
    "a thread": "import threading, time\ndef f(x):\n"
    "    threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n    return x",
    "a word": "import os\ndef f(x):\n    os.environ['SAID'] = 'hello'\n    return x",
    "an error": "def f(x):\n    return 1 / 0",
}
ENDS = {
    "leaves": ("import os\ndef f(x):\n    os._exit(3)", Ended.CRASHED),
    "crashes": ("import ctypes\ndef f(x):\n    ctypes.string_at(0)", Ended.CRASHED),
    "never ends": ("def f(x):\n    while True:\n        pass", Ended.TIMEOUT),
    "takes all memory": ("def f(x):\n    return len(bytearray(1 << 40))", Ended.MEMORY),
}


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """With one slot, so that all jobs come into the same box."""
    with Sandbox(slots=1, mode="plain") as sandbox:
        yield sandbox


def in_one_box(box: Sandbox, *jobs: Job) -> list[Run]:
    found = dict(together.endings(box, jobs))
    return [as_run(found[number]) for number in range(len(jobs))]


def told(run: Run) -> tuple[object, ...]:
    """All of a run but what it used up."""
    return run.ended, dict(run.observations), run.fault, run.warnings


@pytest.mark.parametrize("left", LEAVES)
def test_what_one_leaves_behind_no_other_one_sees(box: Sandbox, left: str) -> None:
    looks, leaves = job(LOOKS), job(LEAVES[left])
    (expected,) = run_all(box, [looks])

    first, _, last = in_one_box(box, looks, leaves, looks)

    assert expected.ended is Ended.FINISHED
    assert told(first) == told(last) == told(expected)


@pytest.mark.parametrize("source", LEAVES.values(), ids=LEAVES)
def test_each_gives_what_it_gives_alone(box: Sandbox, source: str) -> None:
    (expected,) = run_all(box, [job(source)])

    found = in_one_box(box, job(FINE), job(source), job(source), job(FINE))

    assert [told(run) for run in found[1:3]] == [told(expected)] * 2


@pytest.mark.parametrize(("source", "ended"), ENDS.values(), ids=ENDS)
def test_one_that_ends_badly_costs_the_others_nothing(
    box: Sandbox, source: str, ended: Ended
) -> None:
    fine, bad = job(FINE), job(source, limits=SHORT)

    found = in_one_box(box, fine, bad, fine, fine)

    assert [run.ended for run in found] == [Ended.FINISHED, ended, Ended.FINISHED, Ended.FINISHED]


def test_what_each_took_is_told(box: Sandbox) -> None:
    works = job("def f(x):\n    return sum(n * n for n in range(3_000_000))")

    quick, slow, _ = in_one_box(box, job(FINE), works, job(FINE))

    assert quick.usage.cpu_seconds < slow.usage.cpu_seconds
    assert slow.usage.cpu_seconds > 0.01


def test_a_parse_may_be_among_them(box: Sandbox) -> None:
    parses = parse_job(Code((Cell("ex.py", FINE),)), Outline("", {}))

    found = dict(together.endings(box, [job(FINE), parses, job(FINE)]))

    assert as_parsed(found[1]).fault is None
    assert {as_run(found[n]).ended for n in (0, 2)} == {Ended.FINISHED}
