"""The fork server: imports torch once, then forks a fresh child for each run.

It holds nothing secret and never runs student code itself.  Jobs and results go by pipes between
the parent and the child; the server only passes them on, so nothing of one run is left in its
memory for the next.  What a child leaves running becomes the server's own child, and is ended.

Messages on a channel (one datagram each, JSON, file descriptors attached):
  server → {"entered": mode, "in_group"} or {"cannot": why, "lack"}: first, on the first channel
  parent → {"op": "open"} + [another channel]
  parent → {"op": "warm", "preload": […]}
  parent → {"op": "spawn", "id", "limits"} + [job, result, output]
  server → {"id", "pid"} + [pidfd]
  server → {"id", "status", "of_memory", "cpu_seconds", "memory_bytes"}
When a channel closes, its children end; when the first one does, the server.
"""

import array
import ctypes
import gc
import importlib
import json
import os
import random
import selectors
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import child, huge_pages, rehearsal, stand_ins
from .isolation import modes, namespaces
from .isolation.lacks import Refusal

_PR_SET_CHILD_SUBREAPER = 36
_BIGGEST = 1 << 16
_MANY = 40  # children; who starts as many will start more
_SEED = 0
_PRELOAD = {
    "optim": "import torch.optim; p = torch.ones(1, requires_grad=True); p.sum().backward(); "
    "torch.optim.SGD([p], lr=0.1).step()",
    "deterministic": "import torch._inductor.config",  # where the switch itself is kept
    "func": "import torch.func; torch.func.grad(lambda x: x * x)(torch.ones(()))",
    "function": "class F(torch.autograd.Function):\n"
    "    forward = staticmethod(lambda ctx, x: x * 1)\n"
    "    backward = staticmethod(lambda ctx, g: g)\n"
    "F.apply(torch.ones(1, requires_grad=True)).backward()",
    "vjp": "x = torch.ones(2, requires_grad=True); (x * x).backward(torch.ones(2))",
    "checkpoint": "from torch.utils.checkpoint import checkpoint\n"
    "checkpoint(torch.sin, torch.ones(1, requires_grad=True), use_reentrant=False).backward()",
}


def main(control_fd: int, mode: str) -> None:
    """Go into a mode of isolation, then serve until the parent closes its end."""
    control = socket.socket(fileno=control_fd)
    try:
        state = modes.enter(mode)
    except OSError as error:
        why = Refusal.of(error)
        _say(control, {"cannot": why.words, "lack": why.lack})
        os._exit(0)
    _say(control, {"entered": mode, "in_group": state.groups is not None})
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    server = _Server(control, wake_read, state)
    server.loop()
    server.end()
    os._exit(0)


class _Server:
    def __init__(self, control: socket.socket, wake: int, state: modes.State) -> None:
        self._first = control
        self._state = state
        self._wake = wake
        self._children: dict[int, tuple[socket.socket, int, modes.State]] = {}  # pid → whose, id
        self._preloaded: set[str] | None = None  # None: not even torch
        self._spawned = 0  # since something was loaded
        self._selector = selectors.DefaultSelector()

    def loop(self) -> None:
        self._selector.register(self._first, selectors.EVENT_READ)
        self._selector.register(self._wake, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if not isinstance(key.fileobj, socket.socket):
                    self._drain()
                elif not self._command(key.fileobj):
                    if key.fileobj is self._first:
                        return
                    self._forget(key.fileobj)
            self._reap()

    def _command(self, channel: socket.socket) -> bool:
        """Do what is asked for; False if nothing will be asked for any more."""
        try:
            data, fds, _, _ = socket.recv_fds(channel, _BIGGEST, 3)
        except ConnectionResetError:
            return False
        if not data:
            return False
        command = json.loads(data)
        match command["op"]:
            case "open":
                self._selector.register(socket.socket(fileno=fds[0]), selectors.EVENT_READ)
            case "warm":
                self._warm(set(command["preload"]))
            case "spawn":
                self._spawn(channel, command, fds)
        return True

    def _forget(self, channel: socket.socket) -> None:
        self._selector.unregister(channel)
        channel.close()
        for pid, (whose, _, _) in self._children.items():
            if whose is channel:
                os.kill(pid, signal.SIGKILL)

    def _warm(self, preload: set[str]) -> None:
        if self._preloaded is None:
            import_torch(self._state)
            self._preloaded = set()
            self._spawned = 0
        if new := preload - self._preloaded:
            load(new)
            self._preloaded |= new
            self._spawned = 0

    def _spawn(self, channel: socket.socket, command: dict[str, Any], fds: list[int]) -> None:
        self._spawned += 1
        if self._spawned == _MANY:
            huge_pages.collapse(self._state.maps)
        self._state = modes.before_fork(self._state)
        try:
            pid = os.fork()
        except OSError:
            modes.after_fork(self._state)
            raise
        if pid == 0:
            _become_child(self._state, command, fds)
        modes.after_fork(self._state)
        self._children[pid] = channel, command["id"], self._state
        for fd in fds:
            os.close(fd)
        pidfd = os.pidfd_open(pid)
        _say(channel, {"id": command["id"], "pid": pid}, pidfd)
        os.close(pidfd)

    def _drain(self) -> None:
        while True:
            try:
                os.read(self._wake, 512)
            except BlockingIOError:
                return

    def _reap(self) -> None:
        ended = []
        with suppress(ChildProcessError):  # there is none
            while True:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
                if pid == 0:
                    break
                ended.append((self._children.pop(pid, None), status, usage))
        if ended:
            self._kill_strays()
        for whose, status, usage in ended:
            if whose is not None:
                channel, id_, state = whose
                message = {
                    "id": id_,
                    "status": os.waitstatus_to_exitcode(status),
                    "of_memory": modes.after_reap(state),
                    "cpu_seconds": usage.ru_utime + usage.ru_stime,
                    "memory_bytes": usage.ru_maxrss * 1024,
                }
                _say(channel, message)

    def _kill_strays(self) -> None:
        """End what a dead child had started.  What that had started comes up when it is reaped."""
        with suppress(OSError):  # a kernel without this list
            pids = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
            for pid in set(map(int, pids)) - self._children.keys():
                os.kill(pid, signal.SIGKILL)

    def end(self) -> None:
        """End every child, and what those had started."""
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            while True:
                self._children.pop(os.wait()[0], None)
                self._kill_strays()
        modes.leave(self._state)


def _say(channel: socket.socket, message: dict[str, Any], *fds: int) -> None:  # Any: JSON
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
    with suppress(OSError):  # the other end is gone: see `_Server.loop`
        channel.sendmsg([json.dumps(message).encode()], rights)


def import_torch(state: modes.State) -> None:
    """Import what every run needs.  One thread: a fork after OpenMP hangs.

    What would cost each child milliseconds is done here: stand-ins, and the seeds, for a fork
    copies the state of every generator.
    """
    gc.disable()
    import torch

    torch.set_num_threads(1)
    importlib.import_module(".observe.steps", __package__)
    importlib.import_module(".observe.autograd", __package__)
    numpy_random = importlib.import_module("numpy.random")
    if state.mode.namespaces:
        tempfile.tempdir = namespaces.WORK  # parts of torch make a folder there
    stand_ins.install()
    rehearsal.rehearse()
    torch.manual_seed(_SEED)
    numpy_random.seed(_SEED)
    random.seed(_SEED)
    gc.enable()
    gc.freeze()


def load(preload: set[str]) -> None:
    """Do what is slow the first time."""
    import torch

    gc.disable()
    for name in sorted(preload):
        exec(_PRELOAD[name], {"torch": torch})
    gc.enable()
    gc.freeze()


def _become_child(state: modes.State, command: dict[str, Any], fds: list[int]) -> None:  # Any: JSON
    """Never returns: student code is on the far side of this."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        job, result, output = fds
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.dup2(job, 3)
        os.dup2(result, 4)
        modes.confine(state, command["limits"])
        tempfile.tempdir = None  # the work folder from now on
        random.seed(_SEED)  # each fork would draw otherwise
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        child.main(3, 4)
    finally:
        os._exit(70)
