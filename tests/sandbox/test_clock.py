"""Time is CPU time: what a run used, what it may use, and whether the machine let it."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from grader.model import Ended, Number
from grader.sandbox.budget import Budget
from grader.sandbox.client import Sandbox
from grader.sandbox.clock import Meter
from grader.sandbox.limits import Limits
from grader.sandbox.turns import Turns
from tests.samples_box import ENDLESS, FINE, SHORT, children, run

SPIN = [sys.executable, "-c", "while True: pass"]
NAP = Limits(cpu_seconds=20, wall_seconds=0.3)
SPINS = """
import threading, torch
def spin():
    a = torch.ones(256, 256)
    while True:
        a @ a
def f(x):
    for _ in range(64):
        threading.Thread(target=spin, daemon=True).start()
    threading.Event().wait()
"""


# --- what is measured ----------------------------------------------------------------------------


def test_the_cpu_time_of_all_threads_counts_and_their_number_buys_nothing(
    sandbox: Sandbox,
) -> None:
    done = run(sandbox, SPINS, limits=SHORT)

    assert done.ended is Ended.TIMEOUT
    assert done.usage.cpu_seconds < 2


def test_another_process_is_measured_without_rights_to_it() -> None:
    pidfd = os.pidfd_open(1)  # root's
    try:
        reading = Meter(pidfd).read()
    finally:
        os.close(pidfd)

    assert reading is not None
    assert reading.cpu_seconds > 0


def test_what_is_gone_cannot_be_measured() -> None:
    with subprocess.Popen(["/bin/true"]) as process:
        pidfd = os.pidfd_open(process.pid)
        meter = Meter(pidfd)
        process.wait()

    assert (meter.read(), Meter(pidfd).read()) == (None, None)
    os.close(pidfd)


# --- what a run may use --------------------------------------------------------------------------


def test_a_quick_reference_leaves_a_floor_and_a_slow_one_ten_times_its_time() -> None:
    quick, slow = (Budget.beside(Limits(), seconds).drive for seconds in (0.01, 1.0))

    assert quick.cpu_seconds >= 50 * 0.01
    assert 10 <= slow.cpu_seconds <= 20
    assert quick.wall_seconds > 3 * quick.cpu_seconds


def test_machines_that_differ_a_little_have_the_same_limit() -> None:
    limits = {Budget.beside(Limits(), seconds) for seconds in (0.001, 0.02, 0.06)}

    assert len(limits) == 1


def test_an_author_may_say_how_long_it_may_take() -> None:
    said = Limits(cpu_seconds=5, load_seconds=7, wall_seconds=60)

    budget = Budget.beside(said, 0.01)

    assert (budget.drive.cpu_seconds, budget.drive.wall_seconds) == (5, 60)
    assert budget.load.cpu_seconds == 7


def test_a_limit_on_the_time_by_the_clock_alone_holds_for_both() -> None:
    """As files say that were written when there was no other one."""
    assert Budget.beside(Limits(wall_seconds=0.5), 0.01).drive.cpu_seconds == 0.5
    assert Budget.trusted(Limits(wall_seconds=10)).drive.cpu_seconds == 10


def test_after_a_loop_without_end_what_works_still_has_enough() -> None:
    budget = Budget.beside(Limits(), 0.07)

    less = budget.less(0.07, loaded=True)

    assert 3 * 0.07 <= less.drive.cpu_seconds < budget.drive.cpu_seconds / 3
    assert less.load == budget.load


# --- stretches -----------------------------------------------------------------------------------


def test_loading_has_a_budget_of_its_own(sandbox: Sandbox) -> None:
    """Half a second there is more than the graded code may take."""
    burn = "import time\nwhile time.process_time() < 0.6: pass\n"
    limits = Limits(cpu_seconds=0.1, load_seconds=20)

    assert run(sandbox, burn + FINE, limits=limits).ended is Ended.FINISHED
    late = run(sandbox, ENDLESS, limits=limits)
    assert late.ended is Ended.TIMEOUT
    assert late.usage.cpu_seconds < 0.6


@pytest.mark.parametrize("when", ["", "    "], ids=["while it loads", "while it is driven"])
@pytest.mark.parametrize("words", ["d0:\\n", "l1:ex.py\\n", "r1:ex.py\\nd0:\\n", "r1:x\\n"])
def test_marks_buy_no_time(sandbox: Sandbox, words: str, when: str) -> None:
    """A child that says again and again where it is has each stretch's time once."""
    lies = f"import os, threading\n{when}while True:\n{when}    os.write(4, b'{words}')\n"
    source = lies + FINE if not when else "def f(x):\n    " + lies
    limits = Limits(cpu_seconds=0.2, load_seconds=0.3)

    done = run(sandbox, source, limits=limits)

    assert done.ended in {Ended.TIMEOUT, Ended.REFUSED}
    assert done.usage.cpu_seconds < Budget.trusted(limits).cpu_seconds + 0.5


@pytest.mark.parametrize("words", ["d0:\\n", "GRD1" + "\\0" * 12], ids=["marks", "frames"])
def test_who_says_too_much_is_not_listened_to(sandbox: Sandbox, words: str) -> None:
    """To read 60 MB of it took the parent ten seconds."""
    source = f"import os\ndef f(x):\n    while True:\n        os.write(4, b'{words}' * 10000)\n"
    begun = time.process_time()

    done = run(sandbox, source, limits=Limits(cpu_seconds=3))

    assert done.ended in {Ended.REFUSED, Ended.TIMEOUT}
    assert time.process_time() - begun < 1


# --- where it was --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "    while True:\n        pass\n",
        "    while True:\n        try:\n            g()\n        except BaseException: pass\n",
        "    import time\n    while True:\n        time.sleep(0)\n",
        "    class A:\n        def __del__(self):\n            while True: pass\n    A()\n",
        "    import re\n    re.match('(a+)+$', 'a' * 40 + 'b')\n",
        "    max(range(10**12))\n",
        "    10**10**8\n",
    ],
    ids=["loop", "swallows", "yields", "del", "regex", "max", "power"],
)
def test_a_run_that_is_late_tells_its_line(sandbox: Sandbox, body: str) -> None:
    fault = run(sandbox, f"def g(): pass\ndef f(x):\n{body}", limits=SHORT).fault

    assert fault is not None
    assert fault.kind == "timeout"
    assert fault.line is not None
    assert 1 <= fault.line <= 7


def test_what_sleeps_is_told_so(sandbox: Sandbox) -> None:
    fault = run(sandbox, "import time\ndef f(x):\n    time.sleep(99)\n", limits=NAP).fault

    assert fault is not None
    assert (fault.kind, fault.line) == ("slept", 3)


@pytest.mark.parametrize(
    "waits",
    [
        "threading.Event().wait()",
        "threading.Lock().acquire() and lock.acquire() and lock.acquire()",
        "[time.sleep(0.0001) for _ in range(10**9)]",
        "os.read(os.pipe()[0], 1)",
        "signal.pause()",
        "os.kill(os.getpid(), signal.SIGSTOP)",
    ],
)
def test_what_waits_for_itself_is_late_and_never_our_fault(sandbox: Sandbox, waits: str) -> None:
    source = (
        f"import os, signal, threading, time\nlock = threading.Lock()\ndef f(x):\n    {waits}\n"
    )

    assert run(sandbox, source, limits=NAP).ended is Ended.TIMEOUT


# --- a machine that lets nobody run --------------------------------------------------------------


@contextmanager
def starving(sandbox: Sandbox) -> Iterator[None]:
    """Only what nobody else wants of one processor is left to what the sandbox starts."""
    run(sandbox, FINE)
    assert sandbox._server is not None
    server = sandbox._server.process.pid
    processors = os.sched_getaffinity(0)
    others = [subprocess.Popen(SPIN) for _ in range(2)]
    for pid in (server, *children(server), *(other.pid for other in others)):
        os.sched_setaffinity(pid, {min(processors)})
    for pid in (server, *children(server)):  # one child waits for the next job
        os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def test_what_the_machine_starved_is_ours() -> None:
    limits = Limits(cpu_seconds=20, load_seconds=20, wall_seconds=0.1)
    with Sandbox(slots=2, mode="plain") as box, starving(box):
        done = run(box, ENDLESS, limits=limits)

    assert done.ended is Ended.BROKEN
    assert done.fault is not None
    assert done.fault.kind == "starved"


def test_what_sleeps_on_a_starving_machine_is_late_all_the_same() -> None:
    with Sandbox(slots=2, mode="plain") as box, starving(box):
        done = run(box, "import time\ndef f(x):\n    time.sleep(99)\n", limits=NAP)

    assert done.ended is Ended.TIMEOUT


def test_who_wants_to_be_alone_is_waited_for() -> None:
    turns, order = Turns(), list[str]()

    def alone() -> None:
        turns.begin(alone=True)
        order.append("alone")
        turns.end(alone=True)

    turns.begin(alone=False)
    other = threading.Thread(target=alone)
    other.start()
    while not turns._waiting:
        pass
    order.append("together")
    turns.end(alone=False)
    turns.begin(alone=False)
    order.append("after")
    turns.end(alone=False)
    other.join()

    assert order == ["together", "alone", "after"]


def test_a_number_of_the_drive_comes_through(sandbox: Sandbox) -> None:
    assert run(sandbox, FINE, limits=SHORT).observations == {"y": Number(5.0)}
