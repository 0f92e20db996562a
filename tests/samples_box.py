"""Small jobs for a box: a function `f` of one number, called once."""

import time
from dataclasses import replace
from pathlib import Path

from grader.model import Cell, Inputs, Run
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Code, Harness, Job, run_job
from grader.sandbox.limits import Limits
from grader.sandbox.runs import run_all

HARNESS = Harness(("f",), "import torch", "def drive(x):\n    return {'y': f(x)}\n")
INPUTS: Inputs = {"x": 2.5}
SHORT = Limits(cpu_seconds=0.3, load_seconds=0.5, wall_seconds=20)  # a loop ends soon
FINE = "def f(x):\n    return 2 * x\n"
ENDLESS = "def f(x):\n    while True:\n        pass\n"


def job(
    source: str,
    *,
    limits: Limits | None = None,
    harness: Harness = HARNESS,
    inputs: Inputs = INPUTS,
) -> Job:
    """What runs `source` as a submission."""
    bounds = limits or Limits(wall_seconds=20)  # the machine may be busy
    return run_job(Code((Cell("ex.py", source),)), replace(harness, limits=bounds), inputs)


def run(
    sandbox: Sandbox, source: str, *, limits: Limits | None = None, harness: Harness = HARNESS
) -> Run:
    """Run `source` in a box."""
    (done,) = run_all(sandbox, [job(source, limits=limits, harness=harness)])
    return done


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def gone(pid: int) -> bool:
    """Whether a process ends, on a machine that may be busy."""
    for _ in range(1200):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.05)
    return False
