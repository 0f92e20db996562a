"""One thread's way to the fork server: it spawns children there, and hears what became of them."""

import os
import selectors
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from grader.sandbox.forkserver import ForkServer, ServerDied, receive, send
from grader.sandbox.jobs import Job
from grader.sandbox.running import Ending, Running


class Channel:
    """Runs jobs, with a child that waits for the next one; one thread's own."""

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
        send(self._socket, {"op": "warm", "preload": sorted(wanted)})
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
            send(self._socket, command, theirs)
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
                message, fds = receive(self._socket)
            except BlockingIOError:
                return
            self._note(message, fds)

    def _note(self, message: dict[str, Any], fds: list[int]) -> None:  # Any: JSON
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
