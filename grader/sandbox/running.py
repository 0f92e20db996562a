"""One run, seen from the parent: three pipes, a clock, and in the end an exit status."""

import math
import os
import selectors
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from grader.errors import GraderError
from grader.model import Usage
from grader.sandbox import folders, frames, marks
from grader.sandbox.budget import LOAD, Budget
from grader.sandbox.clock import Clock, Meter
from grader.sandbox.jobs import Job
from grader.sandbox.marks import Mark

_OUTPUT_KEPT = 64 << 10
_START_SECONDS = 120  # torch from a cold disk
_CHUNK = 1 << 18
READY = b"R"  # box/child.py: sent before anything of a submission is touched
_LOOK_SECONDS = 0.1  # how often the work folder is looked at
_LAST_READS = 16  # more than a pipe holds; what is written beyond is not the child's

Pipes = tuple[int, int, int]  # job (to write), result and output (to read)


@dataclass(slots=True)
class Ending:
    """What the parent itself knows of a run: nothing here is the child's word."""

    frame: bytes = b""
    output: str = ""
    status: int | None = None  # exit code, negative signal; None: not reaped yet
    killed: str = ""  # why the parent killed it
    asked: Literal["", "cpu", "wall"] = ""  # to stop, as its time was up: of which clock
    stretch: str = LOAD  # of the budget, that it came to
    mark: Mark | None = None  # the last one; a claim
    of_memory: bool = False  # whether the kernel did, for the memory of its control group
    usage: Usage = field(default_factory=Usage)

    @property
    def ready(self) -> bool:
        """Whether the child got as far as touching what it was sent."""
        return self.frame.startswith(READY)

    @property
    def message(self) -> bytes:
        """What the child sent after that."""
        return self.frame[len(READY) :]

    @property
    def starved(self) -> bool:
        """Whether it was ended for what the machine did: it says nothing about the code."""
        return self.killed == "starved" and self.status != 0


class Running:
    """Feeds a child, reads it under caps, kills it by pidfd."""

    def __init__(
        self,
        pipes: Pipes,
        bounds: Mapping[str, float],
        selector: selectors.BaseSelector,
        folder: Path | None,
    ) -> None:
        self.index: int | None = None  # of the job; None: it waits for one
        self.bounds, self.ending = bounds, Ending()
        self._deadline = math.inf  # by the wall's clock, for what the run's own does not see
        self._begun: float | None = None
        self._pidfd: int | None = None
        self._budget = Budget.trusted()
        self._clock: Clock | None = None  # None: the child has not touched its job yet
        self._marked = len(READY)  # up to where marks were looked for
        self._marks = 0
        self._selector = selector
        self._folder = folder  # None: in a file system of its own, which is bounded
        self._look = math.inf
        self._job, self._result, self._output = pipes
        self._open = {self._result, self._output}
        self._left = memoryview(b"")
        self._frame, self._text = bytearray(), bytearray()
        for fd in pipes:
            os.set_blocking(fd, False)
        self._watch(self._result, selectors.EVENT_READ, self._read_result)
        self._watch(self._output, selectors.EVENT_READ, self._read_output)

    def begin(self, index: int, job: Job) -> None:
        """Hand over the job; the clock starts when the child says that it has it."""
        self.index, self._budget = index, job.budget
        self._left = memoryview(job.body.encode())
        self._watch(self._job, selectors.EVENT_WRITE, self._feed)
        self._expect()

    def wakes(self, now: float) -> float:
        """When `check` may have something to do."""
        if self.ending.killed:
            return now + _LOOK_SECONDS
        clock = math.inf if self._clock is None else self._clock.wakes(now)
        return min(self._deadline, self._look, clock)

    @property
    def done(self) -> bool:
        return self.ending.status is not None

    def started(self, pidfd: int) -> None:
        self._pidfd = pidfd
        if self.ending.killed:
            self.kill(self.ending.killed)
        self._expect()
        self._listen()  # it may have been faster than the server's word

    def _expect(self) -> None:
        """The job is handed over, or the child runs: with both it has to begin."""
        if self.index is None:
            return
        now = time.monotonic()
        if self._pidfd is None:  # the server may be importing torch
            self._deadline = now + _START_SECONDS
        else:
            self._begun = now
            self._deadline = now + self._budget.load.wall_seconds
            if self._folder is not None:
                self._look = now + _LOOK_SECONDS

    def ended(self, message: dict[str, Any]) -> None:  # Any: JSON, from our own server
        """Take what is left in the pipes, and let go of it all."""
        wall = time.monotonic() - (self._begun or time.monotonic())
        self.ending.status = int(message["status"])
        self.ending.of_memory = bool(message["of_memory"])
        self.ending.usage = Usage(wall, message["cpu_seconds"], message["memory_bytes"])
        # The pipes may never end: another process may hold them open.
        for read in (self._read_result, self._read_output):
            for _ in range(_LAST_READS):
                if not read():
                    break
        self.let_go()
        self.ending.frame = bytes(self._frame)
        self.ending.output = self._text.decode("utf-8", "replace")

    def check(self, now: float) -> None:
        """Stop the child when its time is up, or its work folder too full.

        Raises GraderError if it never began.
        """
        if self.done or self.ending.killed:
            return
        if self._folder is not None and now >= self._look:
            if folders.too_full(self._folder):
                self.kill("disk")
            self._look = now + _LOOK_SECONDS
        if self._clock is not None:
            self._keep_time(self._clock, now)
        elif now >= self._deadline:
            if self._begun is None:
                raise GraderError(
                    f"no code could be run within {_START_SECONDS} seconds",
                    hint="is this machine very busy, or out of memory? try again",
                )
            self.kill("deadline")

    def _keep_time(self, clock: Clock, now: float) -> None:
        order = clock.check(now)
        self.ending.asked = clock.asked
        if order == "stop":
            self._signal(signal.SIGXCPU)
        elif order:
            self.kill("starved" if order == "starved" else "deadline")

    def _listen(self) -> None:
        """Follow the child on its way: by what it sends on the pipe of its result."""
        if not self._frame.startswith(READY) or self._pidfd is None:
            return
        now = time.monotonic()
        if self._clock is None:
            self._clock = Clock(self._budget, Meter(self._pidfd), now)
            self._deadline = math.inf
        found, self._marked = marks.read(self._frame, self._marked)
        self._marks += len(found)
        if self._marks > marks.MOST:
            self.kill("result")
            self._shut(self._result)
            return
        for mark in found:
            self._clock.reach(mark.stretch, now)
            self.ending.mark = mark
        self.ending.stretch = self._clock.stretch

    def kill(self, why: str) -> None:
        self.ending.killed = self.ending.killed or why
        self._signal(signal.SIGKILL)

    def _signal(self, which: signal.Signals) -> None:
        if self._pidfd is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, which)

    def let_go(self) -> None:
        """Close every file descriptor of this run, and remove what it has written."""
        for fd in list(self._open):
            self._shut(fd)
        self._stop_feeding()
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
        if self._folder is not None:
            folders.tidy(self._folder)

    def _watch(self, fd: int, event: int, act: Callable[[], object]) -> None:
        self._selector.register(fd, event, act)

    def _shut(self, fd: int) -> None:
        if fd in self._open:
            self._open.discard(fd)
            self._selector.unregister(fd)
            os.close(fd)

    def _feed(self) -> None:
        if self._job < 0:
            return
        try:
            self._left = self._left[os.write(self._job, self._left[:_CHUNK]) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._left = self._left[:0]
        if not self._left:
            self._stop_feeding()

    def _stop_feeding(self) -> None:
        if self._job >= 0:
            if self.index is not None:
                self._selector.unregister(self._job)
            os.close(self._job)
            self._job = -1

    def _read_result(self) -> bool:
        data = self._read(self._result)
        self._frame += data
        if len(self._frame) > frames.MOST_BYTES:
            self.kill("result")
            self._shut(self._result)
            return False
        if data:
            self._listen()
        return bool(data)

    def _read_output(self) -> bool:
        data = self._read(self._output)
        self._text += data[: _OUTPUT_KEPT - len(self._text)]
        return bool(data)

    def _read(self, fd: int) -> bytes:
        """What is there now; at the end of the pipe, or when nothing is there, b""."""
        if fd not in self._open:  # closed since the selector looked
            return b""
        try:
            data = os.read(fd, _CHUNK)
        except BlockingIOError:
            return b""
        if not data:
            self._shut(fd)
        return data
