"""Jobs → what came of them, a few at a time, through one warm fork server.

The parent keeps the clock and the caps: it kills by pidfd at the deadline, reads at most so many
bytes, and parses only when a message is complete.
"""

import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.errors import GraderError
from grader.model import Isolation
from grader.sandbox import decode
from grader.sandbox.box.isolation.modes import MODES
from grader.sandbox.box.isolation.probes import faults
from grader.sandbox.jobs import Job, probe_job
from grader.sandbox.running import Ending, Running

_BOX = Path(__file__).parent / "box"
_BOOT = (
    "import sys; sys.path.insert(0, {folder!r}); from box import server; "
    "sys.path.remove({folder!r}); server.main({fd}, {mode!r})"
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
_GRACE_SECONDS = 2  # for the server to end what its children started


class Sandbox:
    """A fork server and its children.  Use as a context manager; `warm` may be called early."""

    def __init__(self, *, slots: int | None = None, mode: str | None = None) -> None:
        self._slots = slots or len(os.sched_getaffinity(0))
        self._modes = [mode] if mode else list(MODES)  # those still to be tried, best first
        self._settled = False
        self.refused: dict[str, str] = {}  # mode → why it is not the one
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._preloaded: set[str] = set()
        self._warm = False
        self._next = 0

    @property
    def isolation(self) -> Isolation:
        """How student code is confined, as attacks from inside have shown."""
        self._settle()
        mode = MODES[self._modes[0]]
        return Isolation(mode.name, mode.level, mode.missing)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self, *, grace_seconds: float = 0) -> None:
        """End the fork server; its children die with it, theirs only if it is given time."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(grace_seconds)
            self._process.kill()
            self._process.wait()
        self._control = self._process = None
        self._warm = self._settled = False
        self._preloaded.clear()

    def warm(self, preload: Iterable[str] = ()) -> None:
        """Ask for torch (and "optim", "func"); returns at once, the server does it in its turn."""
        self._settle()
        new = set(preload) - self._preloaded
        if self._warm and not new:
            return
        self._tell({"op": "warm", "preload": sorted(new)}, ())
        self._warm = True
        self._preloaded |= new

    def run(self, jobs: Sequence[Job]) -> list[Ending]:
        """Run all jobs, at most `slots` at a time, and give their endings in the same order."""
        endings = dict(self.as_they_end(jobs))
        return [endings[index] for index in range(len(jobs))]

    def as_they_end(self, jobs: Sequence[Job]) -> Iterator[tuple[int, Ending]]:
        """Run all jobs and give (index, ending) in the order in which they end.

        Raises GraderError if the fork server dies.
        """
        self._settle()
        if any(job.kind != "parse" for job in jobs):
            self.warm(name for job in jobs for name in job.preload)
        yield from self._as_they_end(jobs)

    def _as_they_end(self, jobs: Sequence[Job]) -> Iterator[tuple[int, Ending]]:
        # A student may leave folders behind that only root can remove.
        folder = tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True)
        with folder, selectors.DefaultSelector() as selector:
            if os.geteuid() == 0:
                Path(folder.name).chmod(0o711)  # runs belong to other users
            selector.register(self.start(), selectors.EVENT_READ)
            children: dict[int, Running] = {}
            waiting = list(enumerate(jobs))[::-1]
            try:
                while waiting or children:
                    while waiting and len(children) < self._slots:
                        index, job = waiting.pop()
                        pipes = self._spawn(job, Path(folder.name))
                        children[self._next] = Running(index, job, pipes, selector)
                    yield from self._turn(selector, children)
            finally:
                if children:  # interrupted
                    for child in children.values():
                        child.kill("interrupted")
                        child.let_go()
                    self.close(grace_seconds=_GRACE_SECONDS)

    # --- the server ----------------------------------------------------------------------------

    def start(self) -> socket.socket:
        """Start the fork server, if none is alive; returns at once."""
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._control is not None:
            return self._control
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            fd, mode = theirs.fileno(), self._modes[0]
            boot = _BOOT.format(folder=str(_BOX.parent), fd=fd, mode=mode)
            self._process = subprocess.Popen(  # noqa: S603  (our own words)
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

    def _settle(self) -> None:
        """Find the best mode that can be entered here, and that holds against attacks."""
        self.start()
        while not self._settled:
            wrong = self._tried()
            if not wrong:
                self._settled = True
                return
            self.refused[self._modes[0]] = wrong
            self.close()
            if len(self._modes) == 1:
                raise GraderError(f"mode {self._modes[0]} does not work here: {wrong}")
            del self._modes[0]
            self.start()

    def _tried(self) -> str:
        """What is wrong with the mode that is being entered, or ""."""
        assert self._control is not None
        assert self._process is not None
        mode = MODES[self._modes[0]]
        said = b""
        with suppress(ConnectionResetError):
            said = self._control.recv(1 << 16)
        answer = json.loads(said or b'{"cannot": "its process died"}')
        if "cannot" in answer:
            return str(answer["cannot"])
        if not mode.filtered:
            return ""
        with tempfile.NamedTemporaryFile(prefix="grade-") as canary:
            job = probe_job(canary.name, self._process.pid)
            ((_, ending),) = self._as_they_end([job])
        found = _found(ending)
        wrong = faults(found, mode.lets_through) if found else {"probes": "they did not finish"}
        return "; ".join(f"{name}: {outcome}" for name, outcome in wrong.items())

    def _tell(self, command: dict[str, Any], fds: Sequence[int]) -> None:  # Any: JSON
        assert self._control is not None
        try:
            socket.send_fds(self._control, [json.dumps(command).encode()], list(fds))
        except OSError as error:
            self.close()
            raise _died() from error

    def _spawn(self, job: Job, folder: Path) -> tuple[int, int, int]:
        """Have a child forked; return our ends of its pipes."""
        self._next += 1
        work = folder / str(self._next)
        work.mkdir()
        limits = {
            "folder": str(work),
            "wall_seconds": job.limits.wall_seconds,
            "memory_bytes": job.limits.memory_mb << 20,
        }
        command = {"op": "spawn", "id": self._next, "limits": limits}
        (job_out, job_in), (result_out, result_in), (output_out, output_in) = (
            os.pipe() for _ in range(3)
        )
        ours, theirs = (job_in, result_out, output_out), (job_out, result_in, output_in)
        try:
            self._tell(command, theirs)
        except GraderError:
            _close(ours)
            raise
        finally:
            _close(theirs)
        return ours

    def _turn(
        self, selector: selectors.BaseSelector, children: dict[int, Running]
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
        for id_, child in list(children.items()):
            child.check_deadline(now)
            if child.done:
                del children[id_]
                yield child.index, child.ending

    def _hear(self, children: dict[int, Running]) -> None:
        assert self._control is not None
        try:
            data, fds, _, _ = socket.recv_fds(self._control, 1 << 16, 1)
        except ConnectionResetError as error:
            raise _died() from error
        if not data:
            raise _died()
        message = json.loads(data)
        child = children.get(message.get("id", -1))
        if child is None:
            _close(fds)
        elif "pid" in message:
            child.started(fds[0])
        else:
            child.ended(message)


def _close(fds: Iterable[int]) -> None:
    for fd in fds:
        os.close(fd)


def _found(ending: Ending) -> dict[str, str]:
    """What the probes found; nothing if they did not get through."""
    try:
        message, _ = decode.message(ending.message)
    except decode.BadMessage:
        return {}
    return {str(name): str(outcome) for name, outcome in dict(message["found"]).items()}


def _died() -> GraderError:
    return GraderError(
        "the process that runs student code has died",
        hint="try again; if it dies each time, look for code that ends its parent process",
    )
