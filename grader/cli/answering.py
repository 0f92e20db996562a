"""The grader in the background: answers `grade submit` with torch already imported.

Each request is done by a fork of this process, so none finds anything of another's; students' code
runs behind the fork server's fences as ever.  Only the same user is answered.  It ends when it has
been idle for a while.
"""

import fcntl
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from grader.cli.background import COMMANDS, LENGTH, ORDER, STREAMS, TAKEN, socket_path, user_of
from grader.cli.commands import main
from grader.errors import Exit, GraderError
from grader.sandbox.client import Sandbox

_IDLE_SECONDS = 900
_MOST_REQUESTS = 500  # a little is lost with each: then it makes room for another
_MOST_BYTES = 4 << 20
_ORDER_SECONDS = 1
_MOST_UMASK = 0o777
_MOST_AT_ONCE = 64  # `select` knows no file descriptor beyond 1023


def serve() -> None:
    """Answer until nobody has asked for a while."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # noqa: TID251  (removes the socket)
    path = socket_path()
    with path.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # there is one
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(path))
            listener.listen()
            try:
                _Server(listener).loop()
            finally:
                path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Order:
    """The request of a client, which may be anything: see `_checked`."""

    arguments: list[str]
    folder: str
    environment: dict[str, str]
    umask: int


@dataclass
class _Request:
    pid: int
    pidfd: int
    connection: socket.socket
    waited_for: bool = True


class _Server:
    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._sandbox = Sandbox()
        self._requests: list[_Request] = []
        self._answered = 0

    def loop(self) -> None:
        for command in COMMANDS:
            importlib.import_module(f"grader.cli.{command}")  # not by each fork
        with self._sandbox:
            self._sandbox.warm()
            last = time.monotonic()
            while self._requests or self._goes_on(last):
                watched: list[Any] = [self._listener]  # Any: sockets and numbers
                watched += [each.connection for each in self._requests if each.waited_for]
                watched += [each.pidfd for each in self._requests]
                ready, _, _ = select.select(watched, [], [], 1)
                if ready:
                    last = time.monotonic()
                self._look_after([each for each in self._requests if each.pidfd in ready], ready)
                if self._listener in ready:
                    self._accept()

    def _goes_on(self, last: float) -> bool:
        return self._answered < _MOST_REQUESTS and time.monotonic() - last < _IDLE_SECONDS

    def _look_after(self, ended: list[_Request], ready: Sequence[object]) -> None:
        for each in ended:
            self._requests.remove(each)
            _answer(each)
        for each in self._requests:
            if each.waited_for and each.connection in ready:  # who asked has left
                each.waited_for = False
                signal.pidfd_send_signal(each.pidfd, signal.SIGINT)

    def _accept(self) -> None:
        """Begin what is asked for; whoever sends something else is left alone, and asks nobody."""
        try:
            connection, _ = self._listener.accept()
        except OSError:  # it has left, or there are no file descriptors for now
            return
        fds: list[int] = []
        try:
            if user_of(connection) != os.geteuid() or len(self._requests) >= _MOST_AT_ONCE:
                raise PermissionError
            order = _order(connection, fds)
            self._sandbox.warm()  # there is a new fork server if the old one is worn out
            connection.sendall(TAKEN)
            self._begin(order, fds, connection)
        except (OSError, ValueError, RecursionError, MemoryError, struct.error, GraderError):
            connection.close()
        finally:
            for fd in fds:
                os.close(fd)

    def _begin(self, order: _Order, fds: list[int], connection: socket.socket) -> None:
        self._answered += 1
        pid = os.fork()
        if pid == 0:
            self._do(order, fds)
        self._requests.append(_Request(pid, os.pidfd_open(pid), connection))

    def _do(self, order: _Order, fds: Sequence[int]) -> None:
        """Never returns."""
        status: int = Exit.OURS
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored here
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            self._listener.close()
            for other in self._requests:
                other.connection.close()
            for fd, stream in zip(fds, STREAMS, strict=True):
                os.dup2(fd, stream)
                os.close(fd)
            sys.stdin, sys.stdout, sys.stderr = (
                open(fd, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
                for fd, mode in zip(STREAMS, "rww", strict=True)
            )
            sys.argv[1:] = order.arguments
            os.environ.clear()
            os.environ.update(order.environment, GRADE_BACKGROUND="0")  # here it is
            os.umask(order.umask)
            os.chdir(order.folder)  # noqa: TID251  (a process of its own)
            status = _done(order.arguments, self._sandbox)
        finally:
            os._exit(status)


def _answer(request: _Request) -> None:
    status = os.waitstatus_to_exitcode(os.waitpid(request.pid, 0)[1])
    os.close(request.pidfd)
    with suppress(OSError):
        request.connection.sendall(LENGTH.pack(status if status >= 0 else Exit.OURS))
    request.connection.close()


def _done(arguments: Sequence[str], sandbox: Sandbox) -> int:
    try:
        main(list(arguments), prog_name="grade", obj=sandbox)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Exit.OURS
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _order(connection: socket.socket, fds: list[int]) -> _Order:
    """The order; the streams that come with it are added to `fds`.

    Raises OSError, ValueError, RecursionError or struct.error if it is none, or takes too long.
    """
    until = time.monotonic() + _ORDER_SECONDS
    connection.settimeout(_ORDER_SECONDS)
    head, received, _, _ = socket.recv_fds(connection, LENGTH.size, len(STREAMS))
    fds += received
    (size,) = LENGTH.unpack(head)
    text = b""
    while len(text) < min(size, _MOST_BYTES):
        more = connection.recv(size - len(text))
        if not more or time.monotonic() > until:
            raise ValueError("the order is cut short")
        text += more
    connection.settimeout(None)
    if len(fds) != len(STREAMS):
        raise ValueError("not the three streams")
    return _checked(json.loads(text))


def _checked(told: object) -> _Order:
    if not isinstance(told, dict) or told.keys() != ORDER:
        raise ValueError("not an order")
    match told:
        case {
            "arguments": [str(command), *_] as arguments,
            "folder": str(folder),
            "environment": dict(environment),
            "umask": int(umask),
        } if command in COMMANDS and 0 <= umask <= _MOST_UMASK:
            for text in (*arguments, folder, *environment, *environment.values()):
                if not isinstance(text, str) or b"\0" in os.fsencode(text):
                    raise ValueError("not what a command line is made of")
            return _Order(arguments, folder, environment, umask)
    raise ValueError("not an order for the background")


if __name__ == "__main__":
    serve()
