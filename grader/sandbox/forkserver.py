"""The fork server as its parent sees it: a process, channels to it, and whether its fences hold.

Imports little, so that it can be started before anything else is loaded.
"""

import array
import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from grader.sandbox import folders
from grader.sandbox.box.isolation import cgroups, modes
from grader.sandbox.box.isolation.lacks import Lack, Refusal
from grader.sandbox.box.isolation.modes import MODES
from grader.sandbox.scratch import Scratch

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
    "PYTHONHASHSEED": "0",  # a set has the same order in every run
    # Huge pages make page tables small, and a fork copies page tables.  Each thread's own arena
    # would take 64 MB of the limit on memory.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=2",
}
_PROBE_LIMITS = {"cpu_seconds": 20, "memory_bytes": 1 << 30}
_PROBE_SECONDS = 120  # the machine may be busy, and torch be imported first
_SWEEP_SECONDS = 1
_CHUNK = 1 << 16


class ServerDied(Exception):
    """The fork server ended by itself, or was killed."""


class ForkServer:
    """One server process, in one mode."""

    def __init__(self, mode: str) -> None:
        self.mode = MODES[mode]
        self.runs = 0
        self.lent = 0  # channels that are in use
        self._closing, self._closed = threading.Lock(), False
        self.in_group = False  # has each run a control group? known once it has been settled
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            fd = theirs.fileno()
            boot = _BOOT.format(folder=str(_BOX.parent), fd=fd, mode=mode)
            # Not -I: it would ignore the hash seed.  The environment is our own anyway.
            self.process = subprocess.Popen(  # noqa: S603  (our own words)
                [sys.executable, "-s", "-P", "-B", "-X", "utf8", "-c", boot],
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(fd,),
                cwd="/",
                start_new_session=True,
            )
        self._pidfd = os.pidfd_open(self.process.pid)
        self.scratch = Scratch()
        self._probe = _Probe(self) if self.mode.filtered else None

    @property
    def crowded(self) -> bool:
        """Whether one run can take another's threads: then there must be one at a time."""
        shared = self.mode.filtered and not self.mode.namespaces and os.geteuid() != 0
        return shared and not self.in_group

    @property
    def alive(self) -> bool:
        """Also in a process that was forked from the one that started it."""
        return not select.select([self._pidfd], [], [], 0)[0]

    def refusal(self) -> Refusal | None:
        """Why the mode is not the one here.  Waits for the probes."""
        said = b""
        for _ in range(2):  # that it did not read what we sent is told before what it said
            with suppress(ConnectionResetError):
                said = self._control.recv(_CHUNK)
                break
        if not said:
            return Refusal("its process died")
        answer = json.loads(said)
        if "cannot" in answer:
            return Refusal(str(answer["cannot"]), Lack(answer["lack"]))
        self.in_group = bool(answer["in_group"])
        faults = self._probe.faults() if self._probe else ""
        return Refusal(faults) if faults else None

    def warm(self) -> None:
        """Have torch imported; returns at once."""
        send(self._control, {"op": "warm", "preload": []})

    def open(self) -> socket.socket:
        """A new channel: see `box/server.py`.  Raises ServerDied."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                send(self._control, {"op": "open"}, (theirs.fileno(),))
        except ServerDied:
            ours.close()
            raise
        return ours

    def close(self, *, grace_seconds: float = 0) -> None:
        """End it; its children die with it, what those started only if it is given time.

        Whoever comes second, as threads may that share it, has nothing to do.
        """
        with self._closing:
            if self._closed:
                return
            self._closed = True
        self._control.close()
        if grace_seconds:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(grace_seconds)
        self.process.kill()
        self.process.wait()
        os.close(self._pidfd)
        if self.in_group:
            self._leave_groups()
        if self._probe:
            self._probe.close()
        self.scratch.remove()

    def _leave_groups(self) -> None:
        """Children die a moment later; if they take long, the next server sweeps."""
        until = time.monotonic() + _SWEEP_SECONDS
        while not cgroups.sweep(self.process.pid) and time.monotonic() < until:
            time.sleep(0.005)

    def spawn_probe(self, limits: dict[str, Any], fds: Sequence[int]) -> None:  # Any: JSON
        with suppress(ServerDied):  # `refusal` will tell why
            send(self._control, {"op": "spawn", "id": 0, "limits": limits}, fds)


class Ahead:
    """A server that is started before anybody asks, in the best mode there may be.

    For a command that will need torch: the rest of the grader is loaded while it is imported.
    """

    def __init__(self) -> None:
        mode = next(mode for mode in MODES if not senseless(mode))
        self._server: ForkServer | None = ForkServer(mode)
        with suppress(ServerDied):  # whoever takes it will find out why
            self._server.warm()

    def take(self, mode: str) -> ForkServer | None:
        """The server, for whoever comes first and wants one in this mode."""
        server = self._server
        if server is None or server.mode.name != mode:
            return None
        self._server = None
        return server

    def close(self) -> None:
        """End what nobody has taken."""
        if self._server is not None:
            self._server.close()
            self._server = None


def senseless(mode: str) -> Refusal | None:
    """Why this user need not even try a mode."""
    try:
        modes.check(MODES[mode])
    except OSError as error:
        return Refusal.of(error)
    return None


class _Probe:
    """The attacks that a server's first child tries; read when somebody wants to know."""

    def __init__(self, server: ForkServer) -> None:
        self._server = server
        self._place = place = server.scratch.fresh()
        work, canary = place / "work", place / "canary"
        work.mkdir()
        canary.touch(mode=0o600)
        if os.geteuid() == 0:
            place.chmod(0o711)  # it runs as another user
        targets = {"canary": str(canary), "server": server.process.pid}
        (job_out, job_in), (self._result, result_in) = os.pipe(), os.pipe()
        null = os.open(os.devnull, os.O_WRONLY)
        os.write(job_in, json.dumps({"kind": "probe", "targets": targets}).encode())
        theirs = (job_out, result_in, null)
        server.spawn_probe({"folder": str(work), **_PROBE_LIMITS}, theirs)
        for fd in (job_in, *theirs):
            os.close(fd)

    def faults(self) -> str:
        # Slow, and not needed to start a server early.
        from grader.sandbox import decode, frames  # noqa: PLC0415
        from grader.sandbox.box.isolation.probes import faults  # noqa: PLC0415

        try:
            found = decode.probed(self._read()[1:])  # after the mark that it began
        except frames.BadMessage:
            return "the probes did not finish"
        wrong = faults(found, self._server.mode.lets_through)
        return "; ".join(f"{name}: {outcome}" for name, outcome in wrong.items())

    def _read(self) -> bytes:
        found, deadline = bytearray(), time.monotonic() + _PROBE_SECONDS
        while select.select([self._result], [], [], max(deadline - time.monotonic(), 0))[0]:
            data = os.read(self._result, _CHUNK)
            found += data
            if not data or len(found) > _CHUNK:
                break
        self.close()
        return bytes(found)

    def close(self) -> None:
        if self._result >= 0:
            os.close(self._result)
            self._result = -1
            folders.remove(self._place)


def send(channel: socket.socket, command: dict[str, Any], fds: Sequence[int] = ()) -> None:
    """Send a command.  Raises ServerDied."""
    try:
        socket.send_fds(channel, [json.dumps(command).encode()], list(fds))
    except OSError as error:
        raise ServerDied from error


def receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]]:  # Any: JSON
    """Take what the server has said, and the file descriptors that came with it.

    Raises BlockingIOError if it has said nothing, ServerDied if it never will.
    """
    fds = array.array("i")  # `socket.recv_fds` knows no flags
    try:
        data, rights, _, _ = channel.recvmsg(
            _CHUNK, socket.CMSG_LEN(fds.itemsize), socket.MSG_DONTWAIT
        )
    except ConnectionResetError as error:
        raise ServerDied from error
    if not data:
        raise ServerDied
    for _, _, content in rights:
        fds.frombytes(content)
    return json.loads(data), list(fds)
