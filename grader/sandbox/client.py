"""Jobs → what came of them, a few at a time, through one warm fork server.

The parent keeps the clock and the caps: it kills by pidfd at the deadline, reads at most so many
bytes, and parses only when a message is complete.
"""

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.errors import GraderError
from grader.model import Isolation, Usage
from grader.sandbox import decode
from grader.sandbox.box.isolation import plain
from grader.sandbox.jobs import Job

_BOX = Path(__file__).parent / "box"
_BOOT = (
    "import sys; sys.path.insert(0, {folder!r}); from box import server; "
    "sys.path.remove({folder!r}); server.main({fd})"
)
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
    # Huge pages make page tables small, and a fork copies page tables.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
_OUTPUT_KEPT = 64 << 10
_START_SECONDS = 120  # torch from a cold disk
_CHUNK = 1 << 18


@dataclass(slots=True)
class Ending:
    """What the parent itself knows of a run: nothing here is the child's word."""

    frame: bytes = b""
    output: str = ""
    status: int | None = None  # exit code, negative signal; None: not reaped yet
    killed: str = ""  # why the parent killed it
    usage: Usage = field(default_factory=Usage)


class Sandbox:
    """A fork server and its children.  Use as a context manager; `warm` may be called early."""

    def __init__(self, *, slots: int | None = None) -> None:
        self._slots = slots or len(os.sched_getaffinity(0))
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._preloaded: set[str] = set()
        self._warm = False
        self._next = 0

    @property
    def isolation(self) -> Isolation:
        return Isolation(plain.MODE, plain.LEVEL, plain.MISSING)

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the fork server; its children die with it."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._control = self._process = None
        self._warm = False
        self._preloaded.clear()

    def warm(self, preload: Iterable[str] = ()) -> None:
        """Ask for torch (and "optim", "func"); returns at once, the server does it in its turn."""
        new = set(preload) - self._preloaded
        if self._warm and not new:
            return
        self._tell({"op": "warm", "preload": sorted(new)}, ())
        self._warm = True
        self._preloaded |= new

    def run(self, jobs: Sequence[Job]) -> list[Ending]:
        """Run all jobs, at most `slots` at a time, and give their endings in the same order."""
        endings: list[Ending | None] = [None] * len(jobs)
        for index, ending in self.as_they_end(jobs):
            endings[index] = ending
        return [ending for ending in endings if ending is not None]

    def as_they_end(self, jobs: Sequence[Job]) -> Iterator[tuple[int, Ending]]:
        """Run all jobs and give (index, ending) in the order in which they end."""
        if any(job.kind != "parse" for job in jobs):
            self.warm(name for job in jobs for name in job.preload)
        with selectors.DefaultSelector() as selector, _folder() as folder:
            control = self.start()
            selector.register(control, selectors.EVENT_READ)
            children: dict[int, _Child] = {}
            waiting = list(enumerate(jobs))[::-1]
            try:
                while waiting or children:
                    while waiting and len(children) < self._slots:
                        index, job = waiting.pop()
                        child = self._spawn(index, job, folder, selector)
                        children[child.id] = child
                    yield from self._turn(selector, children)
            finally:
                if children:  # interrupted: end them, and the server with them
                    self.close()
                    for child in children.values():
                        child.lost()

    # --- the server ----------------------------------------------------------------------------

    def start(self) -> socket.socket:
        """Start the fork server, if it is not there; returns at once."""
        if self._control is not None:
            return self._control
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            boot = _BOOT.format(folder=str(_BOX.parent), fd=theirs.fileno())
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-X", "utf8", "-c", boot],
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                cwd="/",
                start_new_session=True,
            )
        self._control = ours
        return ours

    def _tell(self, command: dict[str, Any], fds: Sequence[int]) -> None:  # Any: JSON
        control = self.start()
        try:
            socket.send_fds(control, [json.dumps(command).encode()], list(fds))
        except OSError as error:
            self.close()
            raise GraderError(
                "the process that runs student code has died", hint="try again"
            ) from error

    def _spawn(
        self, index: int, job: Job, folder: str, selector: selectors.BaseSelector
    ) -> "_Child":
        self._next += 1
        work = Path(folder) / str(self._next)
        work.mkdir()
        pipes = [os.pipe() for _ in range(3)]  # job, result, output
        command = {
            "op": "spawn",
            "id": self._next,
            "isolation": plain.MODE,
            "limits": {
                "folder": str(work),
                "wall_seconds": job.limits.wall_seconds,
                "memory_bytes": job.limits.memory_mb << 20,
            },
        }
        (job_out, job_in), (result_out, result_in), (output_out, output_in) = pipes
        self._tell(command, (job_out, result_in, output_in))
        for fd in (job_out, result_in, output_in):
            os.close(fd)
        return _Child(self._next, index, job, (job_in, result_out, output_out), selector)

    def _turn(
        self, selector: selectors.BaseSelector, children: dict[int, "_Child"]
    ) -> Iterator[tuple[int, Ending]]:
        """Wait for one event, then give the children that are through with everything."""
        now = time.monotonic()
        wait = min(child.deadline for child in children.values()) - now
        for key, _ in selector.select(max(wait, 0)):
            if key.data is None:
                self._hear(children)
            else:
                key.data()
        now = time.monotonic()
        for child in list(children.values()):
            child.check_deadline(now)
            if child.done:
                del children[child.id]
                yield child.index, child.ending

    def _hear(self, children: dict[int, "_Child"]) -> None:
        assert self._control is not None
        data, fds, _, _ = socket.recv_fds(self._control, 1 << 16, 1)
        if not data:
            raise GraderError("the process that runs student code has died", hint="try again")
        message = json.loads(data)
        child_or_none = children.get(message.get("id", -1))
        if child_or_none is None:
            for fd in fds:
                os.close(fd)
        elif "pid" in message:
            child_or_none.started(fds[0])
        else:
            child_or_none.ended(message)


def _folder() -> "tempfile.TemporaryDirectory[str]":
    # A student may leave folders behind that only root can remove.
    return tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True)


class _Child:
    """One run, seen from the parent: three pipes, a deadline, and in the end an exit status."""

    def __init__(
        self,
        id_: int,
        index: int,
        job: Job,
        fds: tuple[int, int, int],
        selector: selectors.BaseSelector,
    ) -> None:
        self.id, self.index, self.ending = id_, index, Ending()
        self._limit = float(job.limits.wall_seconds)
        # Until the server says that the child runs, the clock is the server's start-up.
        self.deadline = time.monotonic() + _START_SECONDS
        self._started: float | None = None
        self._pidfd: int | None = None
        self._selector = selector
        self._job, self._result, self._output = fds
        self._open = {self._result, self._output}
        self._left = memoryview(job.body.encode())
        self._frame, self._text = bytearray(), bytearray()
        for fd in fds:
            os.set_blocking(fd, False)
        self._watch(self._job, selectors.EVENT_WRITE, self._feed)
        self._watch(self._result, selectors.EVENT_READ, self._read_result)
        self._watch(self._output, selectors.EVENT_READ, self._read_output)

    @property
    def done(self) -> bool:
        return self.ending.status is not None and not self._open

    def started(self, pidfd: int) -> None:
        self._pidfd = pidfd
        self._started = time.monotonic()
        self.deadline = self._started + self._limit

    def ended(self, message: dict[str, Any]) -> None:  # Any: JSON, from our own server
        wall = time.monotonic() - (self._started or time.monotonic())
        self.ending.status = int(message["status"])
        self.ending.usage = Usage(wall, message["cpu_seconds"], message["memory_bytes"])
        # A grandchild may hold the pipes open; what the child itself wrote is in them by now.
        for fd, read in ((self._result, self._read_result), (self._output, self._read_output)):
            while fd in self._open and read():
                pass
            self._shut(fd)
        self._stop_feeding()
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
        self.ending.frame = bytes(self._frame)
        self.ending.output = self._text.decode("utf-8", "replace")

    def check_deadline(self, now: float) -> None:
        if now >= self.deadline and self.ending.status is None:
            self._kill("deadline" if self._started else "start")
            self.deadline = now + 1

    def lost(self) -> None:
        """The server is gone; so is the child."""
        for fd in list(self._open):
            self._shut(fd)
        self._stop_feeding()

    def _kill(self, why: str) -> None:
        self.ending.killed = self.ending.killed or why
        if self._pidfd is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

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
            self._selector.unregister(self._job)
            os.close(self._job)
            self._job = -1

    def _read_result(self) -> bool:
        data = self._read(self._result)
        self._frame += data
        if len(self._frame) > decode.MOST_BYTES:
            self._kill("result")
            self._shut(self._result)
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
