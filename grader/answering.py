"""The grader in the background: answers `grade submit` with torch already imported.

Each request is done by a fork of this process, so none finds anything of another's; students' code
runs behind the fork server's fences as ever.  Only the same user is answered.  It ends when it has
been idle for a while.
"""

import importlib
import json
import os
import selectors
import signal
import socket
import struct
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from grader.background import COMMANDS, LENGTH, OURS, STREAMS, TAKEN, socket_path, user_of
from grader.cli import main
from grader.sandbox.client import Sandbox, share

_IDLE_SECONDS = 900
_MOST_REQUESTS = 500  # a little is lost with each: then it makes room for another
_MOST_BYTES = 4 << 20


def serve() -> None:
    """Answer until nobody has asked for a while."""
    path = socket_path()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        if not _bound(listener, path):
            return
        try:
            _Server(listener).loop()
        finally:
            path.unlink(missing_ok=True)


def _bound(listener: socket.socket, path: Path) -> bool:
    """Whether nobody else listens there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other, suppress(OSError):
        other.connect(str(path))
        return False
    path.unlink(missing_ok=True)
    try:
        listener.bind(str(path))
    except OSError:  # another one was quicker
        return False
    listener.listen()
    return True


class _Server:
    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._sandbox = Sandbox()
        self._children: dict[int, tuple[int, socket.socket]] = {}  # pidfd → pid, who waits
        self._requests = 0
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)

    def loop(self) -> None:
        for command in COMMANDS:
            importlib.import_module(f"grader.cli.{command}")  # not by each fork
        with self._sandbox:
            self._sandbox.warm()
            last = time.monotonic()
            while self._children or self._goes_on(last):
                for key, _ in self._selector.select(1):
                    last = time.monotonic()
                    if key.fileobj is self._listener:
                        self._accept()
                    elif isinstance(key.fileobj, socket.socket):
                        os.kill(key.data, signal.SIGINT)  # who asked has left
                        self._selector.unregister(key.fileobj)
                    else:
                        self._ended(key.fd)

    def _goes_on(self, last: float) -> bool:
        return self._requests < _MOST_REQUESTS and time.monotonic() - last < _IDLE_SECONDS

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        try:
            if user_of(connection) != os.geteuid():
                raise PermissionError
            order, fds = _order(connection)
        except (OSError, ValueError, struct.error):
            connection.close()
            return
        self._requests += 1
        self._sandbox.warm()  # there is a new fork server if the old one is worn out
        pid = os.fork()
        if pid == 0:
            self._do(order, fds)
        for fd in fds:
            os.close(fd)
        with suppress(OSError):
            connection.sendall(TAKEN)
        pidfd = os.pidfd_open(pid)
        self._children[pidfd] = pid, connection
        self._selector.register(pidfd, selectors.EVENT_READ)
        self._selector.register(connection, selectors.EVENT_READ, pid)

    def _ended(self, pidfd: int) -> None:
        pid, connection = self._children.pop(pidfd)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        self._selector.unregister(pidfd)
        with suppress(KeyError):
            self._selector.unregister(connection)
        os.close(pidfd)
        with suppress(OSError):
            connection.sendall(LENGTH.pack(status if status >= 0 else OURS))
        connection.close()

    def _do(self, order: Mapping[str, Any], fds: Sequence[int]) -> None:  # Any: JSON
        """Never returns."""
        status = OURS
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored here
            self._listener.close()
            for _, connection in self._children.values():
                connection.close()
            for fd, stream in zip(fds, STREAMS, strict=True):
                os.dup2(fd, stream)
                os.close(fd)
            sys.stdin, sys.stdout, sys.stderr = (
                open(fd, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
                for fd, mode in zip(STREAMS, "rww", strict=True)
            )
            os.environ.clear()
            os.environ.update(order["environment"], GRADE_BACKGROUND="0")  # here it is
            os.umask(order["umask"])
            os.chdir(order["folder"])  # noqa: TID251  (a process of its own)
            share(self._sandbox)
            status = _done(order["arguments"])
        finally:
            os._exit(status)


def _done(arguments: Sequence[str]) -> int:
    try:
        main(list(arguments), prog_name="grade")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else OURS
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _order(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:  # Any: JSON
    """Raises OSError, ValueError or struct.error if it is none."""
    connection.settimeout(1)
    head, fds, _, _ = socket.recv_fds(connection, LENGTH.size, len(STREAMS))
    (size,) = LENGTH.unpack(head)
    text = b""
    while len(text) < min(size, _MOST_BYTES):
        text += connection.recv(size - len(text))
    connection.settimeout(None)
    return dict(json.loads(text)), list(fds)


if __name__ == "__main__":
    serve()
