"""The time of one run, measured by the parent: what it used, and whether the machine let it.

The limit is on CPU time, so that the machine's load is not the student's.  The kernel says from
outside how much a process has used, of all its threads; inside, nothing is asked.  Wall time only
ends what sleeps.  Where the kernel cannot be asked (another /proc than our own), its own limit on
CPU time is left, in whole seconds, and nothing counts as starved.
"""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.sandbox.budget import LOAD, REST, STRETCHES, Budget, Span

_SOONEST = 0.005  # seconds between two looks
_LOOK = 0.05
_GRACE = 0.1  # of the CPU time, to say which line it was,
_GRACE_CPU_SECONDS = 0.05  # and so much more
_GRACE_WALL_SECONDS = 0.5
_PATIENCE = 10  # times the wall time, then the machine has starved it

Order = Literal["", "stop", "kill", "starved"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the kernel has counted for a process so far."""

    cpu_seconds: float = 0.0  # of all its threads
    waited_seconds: float = 0.0  # its first thread, able to run, while others than its own ran
    turns: int = 0  # how often that one was given a processor,
    naps: int = 0  # and left it by itself
    ready: bool = False  # it could run now: how long it has been waiting is not yet counted


class Meter:
    """Reads the kernel's counts of the process behind a pidfd; needs no rights to it."""

    def __init__(self, pidfd: int) -> None:
        self._pid = _pid(pidfd)
        self._clock = (
            ~self._pid << 3 | 2
        )  # CPUCLOCK_SCHED of a process: `man 3 clock_getcpuclockid`

    def cpu_seconds(self) -> float | None:
        """None if it cannot be told, or the process is gone."""
        if self._pid:
            with suppress(OSError):
                return time.clock_gettime(self._clock)
        return None

    def read(self) -> Reading | None:
        cpu = self.cpu_seconds()
        if cpu is None:
            return None
        try:
            own, waited, turns = Path(f"/proc/{self._pid}/schedstat").read_text().split()
            status = Path(f"/proc/{self._pid}/status").read_text()
            naps = int(status.split("\nvoluntary_ctxt_switches:", 1)[1].split("\n", 1)[0])
            ready = "\nState:\tR" in status
        except (OSError, ValueError, IndexError):  # not everybody may look, or no kernel counts it
            return Reading(cpu)
        others = cpu - int(own) / 1e9
        return Reading(cpu, int(waited) / 1e9 - others, int(turns), naps, ready)


def _pid(pidfd: int) -> int:
    """Its number as this process sees it, or 0."""
    with suppress(OSError, ValueError, StopIteration):
        if Path("/proc/self").readlink().name != str(os.getpid()):
            return 0  # a /proc of other process ids than ours
        lines = Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines()
        return max(int(next(line[4:] for line in lines if line.startswith("Pid:"))), 0)
    return 0


class Clock:
    """Stretch by stretch: when to ask a run to stop, and when to end it."""

    def __init__(self, budget: Budget, meter: Meter, now: float) -> None:
        self.stretch = LOAD
        self.asked: Literal["", "cpu", "wall"] = ""  # why it was asked to stop
        self._budget, self._meter = budget, meter
        self._begin(now)

    def _begin(self, now: float, allowed: Span | None = None) -> None:
        self._since, self._from = now, self._meter.read() or Reading()
        self._allowed = allowed or self._budget.span(self.stretch)
        self._until = now + self._allowed.wall_seconds

    def reach(self, stretch: str, now: float) -> None:
        """The run says that it got there; a stretch that is over does not begin again."""
        if STRETCHES.index(stretch) > STRETCHES.index(self.stretch) and not self.asked:
            self.stretch = stretch
            self._begin(now)

    def wakes(self, now: float) -> float:
        """When there may be something to do: no sooner can its time be up."""
        cpu = self._meter.cpu_seconds()
        if cpu is None:
            return self._until
        left = self._from.cpu_seconds + self._allowed.cpu_seconds - cpu
        processors = len(os.sched_getaffinity(0))
        return min(self._until, now + max(left / processors, _SOONEST))

    def check(self, now: float) -> Order:
        """What is to be done with the run."""
        cpu = self._meter.cpu_seconds()
        spent = cpu is not None and cpu - self._from.cpu_seconds >= self._allowed.cpu_seconds
        if not spent:
            if now >= self._until:  # what the machine kept from it, it gets
                self._until = self._due(now)
            if now < self._until:
                if now - self._since <= _PATIENCE * self._allowed.wall_seconds:
                    return ""
                return "kill" if self.asked else "starved"
        if self.asked:
            return "kill"
        self.asked = "cpu" if spent else "wall"
        if self.stretch == REST:  # a mark says where it is
            return "kill"
        grace = _GRACE_CPU_SECONDS + _GRACE * self._allowed.cpu_seconds
        self._begin(now, Span(grace, _GRACE_WALL_SECONDS))
        return "stop"

    def _due(self, now: float) -> float:
        """When the wall time is up, without what the machine kept it waiting.

        What naps all the time waits for itself.
        """
        last = self._meter.read() or self._from
        if last.ready:
            return now + _LOOK
        turns, naps = last.turns - self._from.turns, last.naps - self._from.naps
        waited = last.waited_seconds - self._from.waited_seconds
        held_up = max(waited, 0) if naps < turns / 2 else 0
        return self._since + self._allowed.wall_seconds + held_up
