"""The fork server: imports torch once, then forks a fresh child for each run.

It holds nothing secret and never runs student code itself.  Jobs and results go by pipes between
the parent and the child; the server only passes them on, so nothing of one run is left in its
memory for the next.

Messages on the control socket (one datagram each, JSON, file descriptors attached):
  parent → {"op": "spawn", "id", "isolation", "limits"} + [job, result, output]
  parent → {"op": "warm", "preload": […]}
  server → {"id", "pid"} + [pidfd] · {"id", "status", "cpu_seconds", "memory_bytes"} · {"warm": true}
"""

import array
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
from typing import Any

from . import child

_BIGGEST = 1 << 16
_PRELOAD = {
    "optim": "import torch.optim; p = torch.ones(1, requires_grad=True); p.sum().backward(); "
    "torch.optim.SGD([p], lr=0.1).step()",
    "func": "import torch.func; torch.func.grad(lambda x: x * x)(torch.ones(()))",
}


def main(control_fd: int) -> None:
    """Serve until the parent closes its end."""
    control = socket.socket(fileno=control_fd)
    signal.set_wakeup_fd(-1)
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    _Server(control, wake_read).loop()


class _Server:
    def __init__(self, control: socket.socket, wake: int) -> None:
        self._control = control
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
        data, fds, _, _ = socket.recv_fds(self._control, _BIGGEST, 3)
        if not data:
            return False
        command = json.loads(data)
        if command["op"] == "warm":
            warm(command["preload"])
            self._say({"warm": True})
        else:
            self._spawn(command, fds)
        return True

    def _spawn(self, command: dict[str, Any], fds: list[int]) -> None:  # Any: JSON
        pid = os.fork()
        if pid == 0:
            _become_child(command, fds)
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
        while self._children:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            self._say(
                {
                    "id": self._children.pop(pid),
                    "status": os.waitstatus_to_exitcode(status),
                    "cpu_seconds": usage.ru_utime + usage.ru_stime,
                    "memory_bytes": usage.ru_maxrss * 1024,
                }
            )

    def _say(self, message: dict[str, Any], *fds: int) -> None:  # Any: JSON
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        self._control.sendmsg([json.dumps(message).encode()], rights)


def warm(preload: list[str]) -> None:
    """Import torch and run what is slow the first time.  One thread: a fork after OpenMP hangs."""
    gc.disable()
    import torch  # noqa: PLC0415  (a parse box needs none, and starts before this)

    torch.set_num_threads(1)
    x = torch.ones(2, requires_grad=True)
    (x * x).sum().backward()
    importlib.import_module("numpy.random")
    for name in preload:
        exec(_PRELOAD[name], {"torch": torch})
    gc.enable()
    gc.freeze()


def _become_child(command: dict[str, Any], fds: list[int]) -> None:  # Any: JSON
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
        os.closerange(5, 4096)
        isolation = importlib.import_module(f".isolation.{command['isolation']}", __package__)
        isolation.confine(command["limits"])
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        child.main(3, 4)
    finally:
        os._exit(70)
