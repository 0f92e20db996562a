"""Jobs → what came of them, a few at a time, through one warm fork server.

The parent keeps the clock and the caps: it kills by pidfd at the deadline, reads at most so many
bytes, and parses only when a message is complete.
"""

import os
import selectors
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

from grader.errors import GraderError
from grader.model import Isolation
from grader.sandbox import scratch
from grader.sandbox.box.isolation.modes import MODES
from grader.sandbox.forkserver import (
    ForkServer,
    ServerDied,
    died,
    never_ahead,
    senseless,
    started,
    tell,
    told,
)
from grader.sandbox.jobs import SLOW_FIRST_TIME, Job
from grader.sandbox.running import Ending, Running
from grader.sandbox.turns import Turns

_GRACE_SECONDS = 2  # for the server to end what its children started
_TRIES = 2  # of a run that the machine starved, alone
_WORN_OUT = 2000  # runs; each is another user, and there are 4096 of them


class Sandbox:
    """A fork server and its children.  Use as a context manager; threads may share it."""

    def __init__(self, *, slots: int | None = None, mode: str | None = None) -> None:
        self.slots = slots or len(os.sched_getaffinity(0))
        self._modes = [mode] if mode else list(MODES)  # those still to be tried, best first
        self.refused: dict[str, str] = {}  # mode → why it is not the one
        self._lock = threading.Lock()
        self._turns = Turns()
        self._server: ForkServer | None = None
        self._settled = False
        self._idle: list[_Channel] = []

    @property
    def isolation(self) -> Isolation:
        """How student code is confined, as attacks from inside have shown."""
        with self._lock:
            server = self._settle()
        level, missing = server.mode.worth(in_group=server.in_group)
        return Isolation(server.mode.name, level, missing)

    def __enter__(self) -> Self:
        scratch.sweep()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the fork server and all that it has started."""
        with self._lock:
            self._retire()

    def start(self) -> None:
        """Start the fork server, if none is alive; returns at once."""
        with self._lock:
            self._start()

    def warm(self) -> None:
        """Have all loaded that any run could need; returns at once, the server does it later."""
        channel = self._borrow(alone=False)
        with suppress(ServerDied):  # the next run will meet it, too
            channel.warm(SLOW_FIRST_TIME)
        self._give_back(channel, clean=True, alone=False)

    def run(self, jobs: Sequence[Job]) -> list[Ending]:
        """Run all jobs, at most `slots` at a time, and give their endings in the same order."""
        endings = dict(self.as_they_end(jobs))
        return [endings[index] for index in range(len(jobs))]

    def as_they_end(self, jobs: Sequence[Job]) -> Iterator[tuple[int, Ending]]:
        """Run all jobs and give (index, ending) in the order in which they end.

        What ends through no fault of its own code is run once more, by another server.  What the
        machine starved is run again when all else is through, and alone.
        Raises GraderError if that server dies as well.
        """
        starved = []
        for index, ending in self._by_some_server(dict(enumerate(jobs)), alone=False):
            if ending.starved:
                starved.append(index)
            else:
                yield index, ending
        for index in starved:
            yield index, self._run_alone(jobs[index])

    def _run_alone(self, job: Job) -> Ending:
        for _ in range(_TRIES):
            ((_, ending),) = self._by_some_server({0: job}, alone=True)
            if not ending.starved:
                break
        return ending

    def _by_some_server(
        self, jobs: Mapping[int, Job], *, alone: bool
    ) -> Iterator[tuple[int, Ending]]:
        left = dict(jobs)
        for last in (False, True):
            channel = self._borrow(alone=alone)
            try:
                for index, ending in channel.as_they_end(left, self.slots):
                    if ending.ready or last:
                        del left[index]
                        yield index, ending
            except ServerDied as error:
                if last:
                    raise died() from error
            finally:
                self._give_back(channel, clean=not left, alone=alone)
            if not left:
                return

    # --- the server ----------------------------------------------------------------------------

    def _borrow(self, *, alone: bool) -> "_Channel":
        with self._lock:
            crowded = self._settle().crowded
        alone = alone or crowded
        self._turns.begin(alone=alone)
        try:
            with self._lock:
                server = self._settle()
                channel = self._idle.pop() if self._idle else _Channel(server)
                server.lent += 1
                return channel
        except BaseException:
            self._turns.end(alone=alone)
            raise

    def _give_back(self, channel: "_Channel", *, clean: bool, alone: bool) -> None:
        """Take a channel back; a server of which something is wrong is not used again."""
        server = channel.server
        self._turns.end(alone=alone or server.crowded)
        with self._lock:
            server.lent -= 1
            if clean and server is self._server and server.runs < _WORN_OUT:
                self._idle.append(channel)
                return
            channel.close()
            if server is self._server:
                self._leave()
            unused = not server.lent
        if not clean:
            server.close(grace_seconds=_GRACE_SECONDS)
        elif unused:
            server.close()

    def _start(self) -> ForkServer:
        if self._server is not None and not self._server.alive:
            self._retire()
        if self._server is None:
            while wrong := senseless(self._modes[0]):
                self._refuse(wrong)
            self._server = started(self._modes[0])
        return self._server

    def _settle(self) -> ForkServer:
        """Find the best mode that can be entered here, and that holds against attacks.

        A mode that does not is tried twice: what it lacked may have been lacking for a moment.
        """
        tries = 2
        while not self._settled:
            wrong = self._start().faults()
            if wrong:
                tries -= 1
                self._retire()
                if not tries:
                    self._refuse(wrong)
                    tries = 2
            self._settled = not wrong
        return self._start()

    def _refuse(self, wrong: str) -> None:
        mode = self._modes[0]
        self.refused[mode] = wrong
        if len(self._modes) == 1:
            raise GraderError(f"mode {mode} does not work here: {wrong}")
        self._modes.remove(mode)

    def _retire(self) -> None:
        server = self._server
        self._leave()
        if server is not None:
            server.close()

    def close_channels(self) -> None:
        """Those that nobody uses; the fork server goes on."""
        with self._lock:
            self._close_idle()

    def forget_channels(self) -> None:
        """They belong to the process that this one was forked from."""
        self._idle.clear()

    def _leave(self) -> None:
        """The next run gets another server; runs that go on keep this one."""
        self._close_idle()
        self._server, self._settled = None, False

    def _close_idle(self) -> None:
        for channel in self._idle:
            channel.close()
        self._idle.clear()


_shared: list[Sandbox] = []  # of the process that this one was forked from; one at most


def share(sandbox: Sandbox) -> None:
    """After a fork: use the parent's fork server, and leave it running."""
    sandbox.forget_channels()
    never_ahead()
    _shared.append(sandbox)


@contextmanager
def opened(slots: int | None = None) -> Iterator[Sandbox]:
    """The shared sandbox if there is one, else a new one that ends with the context."""
    if not _shared:
        with Sandbox(slots=slots) as sandbox:
            yield sandbox
        return
    try:
        yield _shared[0]
    finally:
        _shared[0].close_channels()


class _Channel:
    """One thread's way to the fork server, with a child that waits for its next job."""

    def __init__(self, server: ForkServer) -> None:
        self.server = server
        self._socket = server.open()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)
        self._preloaded: set[str] | None = None
        self._children: dict[int, Running] = {}
        self._spare: Running | None = None
        self._next = 0

    def close(self) -> None:
        """The server ends the children."""
        for child in self._children.values():
            child.kill("interrupted")
            child.let_go()
        self._selector.close()
        self._socket.close()

    def as_they_end(self, jobs: Mapping[int, Job], slots: int) -> Iterator[tuple[int, Ending]]:
        if any(job.kind != "parse" for job in jobs.values()):
            self.warm(name for job in jobs.values() for name in job.preload)
        waiting = list(jobs.items())[::-1]
        running = 0
        if self.server.crowded:
            slots = 1
        while waiting or running:
            while waiting and running < slots:
                self._begin(*waiting.pop())
                running += 1
            for index, ending in self._turn():
                running -= 1
                yield index, ending

    def warm(self, preload: Iterable[str]) -> None:
        """Ask for torch (and "optim", "func"); returns at once, the server does it in its turn."""
        wanted = set(preload)
        if self._preloaded is not None and wanted <= self._preloaded:
            return
        tell(self._socket, {"op": "warm", "preload": sorted(wanted)})
        self._preloaded = wanted | (self._preloaded or set())
        self._drop_spare()  # it has not got that

    def _begin(self, index: int, job: Job) -> None:
        """Give a job to the child that waits, and have another one forked meanwhile."""
        self._hear()
        spare = self._spare
        if spare is None or spare.done or spare.bounds != _bounds(job):
            self._drop_spare()
            spare = self._spawn(job)
        self._spare = None
        spare.begin(index, job)
        if self._preloaded is not None and not self.server.crowded:
            self._spare = self._spawn(job)

    def _drop_spare(self) -> None:
        if self._spare is not None:
            self._spare.kill("not needed")
            self._spare = None

    def _spawn(self, job: Job) -> Running:
        self._next += 1
        self.server.runs += 1
        bounds = _bounds(job)
        limits: dict[str, float | str] = {**bounds}
        # With namespaces a run has a file system of its own.
        folder = None if self.server.mode.namespaces else self.server.scratch.fresh()
        if folder is not None:
            limits["folder"] = str(folder)
        (job_out, job_in), (result_out, result_in), (output_out, output_in) = (
            os.pipe() for _ in range(3)
        )
        ours, theirs = (job_in, result_out, output_out), (job_out, result_in, output_in)
        command = {"op": "spawn", "id": self._next, "limits": limits}
        try:
            tell(self._socket, command, theirs)
        except ServerDied:
            _close(ours)
            raise
        finally:
            _close(theirs)
        child = Running(ours, bounds, self._selector, folder)
        self._children[self._next] = child
        return child

    def _turn(self) -> Iterator[tuple[int, Ending]]:
        """Wait for one event, then give what is through with everything."""
        now = time.monotonic()
        wait = min(child.wakes(now) for child in self._children.values()) - now
        for key, _ in self._selector.select(max(wait, 0)):
            if key.data is not None:
                key.data()
        self._hear()  # or a parent that was held up would call late what was in time
        now = time.monotonic()
        for id_, child in list(self._children.items()):
            child.check(now)
            if child.done:
                del self._children[id_]
                if child is self._spare:
                    self._spare = None
                elif child.index is not None:
                    yield child.index, child.ending

    def _hear(self) -> None:
        """Take all that the server has said by now."""
        while True:
            try:
                message, fds = told(self._socket)
            except BlockingIOError:
                return
            self._told(message, fds)

    def _told(self, message: dict[str, Any], fds: list[int]) -> None:  # Any: JSON
        child = self._children.get(message["id"])
        if child is None:
            _close(fds)
        elif "pid" in message:
            child.started(fds[0])
        else:
            child.ended(message)


def _bounds(job: Job) -> dict[str, float]:
    """What the kernel holds a run to; its limit on CPU time is there if all else fails."""
    return {"cpu_seconds": job.budget.cpu_seconds, "memory_bytes": job.budget.memory_bytes}


def _close(fds: Iterable[int]) -> None:
    for fd in fds:
        os.close(fd)
