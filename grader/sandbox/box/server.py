"""The fork server: imports torch once, then forks a fresh child for each run.

It holds nothing secret and never runs student code itself.  Jobs and results go by pipes between
the parent and the child; the server only passes them on, so nothing of one run is left in its
memory for the next.  What a child leaves running becomes the server's own child, and is ended.

Messages on the control socket (one datagram each, JSON, file descriptors attached):
  server → {"entered": mode} or {"cannot": why}, first of all
  parent → {"op": "spawn", "id", "limits"} + [job, result, output]
  parent → {"op": "warm", "preload": […]}
  server → {"id", "pid"} + [pidfd]
  server → {"id", "status", "cpu_seconds", "memory_bytes"}
  server → {"warm": true}
"""

import array
import ctypes
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import child
from .isolation import modes, namespaces

_PR_SET_CHILD_SUBREAPER = 36
_BIGGEST = 1 << 16
_PRELOAD = {
    "optim": "import torch.optim; p = torch.ones(1, requires_grad=True); p.sum().backward(); "
    "torch.optim.SGD([p], lr=0.1).step()",
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
        control.send(json.dumps({"cannot": str(error)}).encode())
        os._exit(0)
    control.send(json.dumps({"entered": mode}).encode())
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
        self._control = control
        self._state = state
        self._wake = wake
        self._children: dict[int, int] = {}  # pid → id

    def loop(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._wake, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is self._control:
                        if not self._command():
                            return
                    else:
                        self._drain()
                self._reap()

    def _command(self) -> bool:
        try:
            data, fds, _, _ = socket.recv_fds(self._control, _BIGGEST, 3)
        except ConnectionResetError:
            return False
        if not data:
            return False
        command = json.loads(data)
        if command["op"] == "warm":
            warm(command["preload"], self._state)
            self._say({"warm": True})
        else:
            self._spawn(command, fds)
        return True

    def _spawn(self, command: dict[str, Any], fds: list[int]) -> None:  # Any: JSON
        self._state = modes.before_fork(self._state)
        try:
            pid = os.fork()
        except OSError:
            modes.after_fork(self._state)
            raise
        if pid == 0:
            _become_child(self._state, command, fds)
        modes.after_fork(self._state)
        self._children[pid] = command["id"]
        for fd in fds:
            os.close(fd)
        pidfd = os.pidfd_open(pid)
        self._say({"id": command["id"], "pid": pid}, pidfd)
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
        for id_, status, usage in ended:
            if id_ is not None:
                self._say(
                    {
                        "id": id_,
                        "status": os.waitstatus_to_exitcode(status),
                        "cpu_seconds": usage.ru_utime + usage.ru_stime,
                        "memory_bytes": usage.ru_maxrss * 1024,
                    }
                )

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

    def _say(self, message: dict[str, Any], *fds: int) -> None:  # Any: JSON
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        with suppress(BrokenPipeError, ConnectionResetError):  # the parent is gone: see `loop`
            self._control.sendmsg([json.dumps(message).encode()], rights)


def warm(preload: list[str], state: modes.State) -> None:
    """Import torch and run what is slow the first time.  One thread: a fork after OpenMP hangs."""
    gc.disable()
    import torch  # a parse box needs none, and starts before this

    torch.set_num_threads(1)
    x = torch.ones(2, requires_grad=True)
    (x * x).sum().backward()
    importlib.import_module(".observe.steps", __package__)
    importlib.import_module("numpy.random")
    if state.mode.namespaces:
        tempfile.tempdir = namespaces.WORK  # parts of torch make a folder there
    for name in preload:
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
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        child.main(3, 4)
    finally:
        os._exit(70)
