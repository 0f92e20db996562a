"""Asking a grader that stays in the background, so that torch need not be imported again.

A request is the command line, the folder, the environment and the three standard streams; see
`answering` for what becomes of it.  The socket's name changes with the grader's files, so that
after an upgrade nobody asks the old one.  Imports little: whoever asks wants an answer at once.
"""

import hashlib
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.errors import Exit

COMMANDS = ("submit", "hint")
LENGTH = struct.Struct("<I")
STREAMS = (0, 1, 2)
TAKEN = b"!"
ORDER = {"arguments", "folder", "environment", "umask"}
_PATIENCE_SECONDS = 3
_ENVIRONMENT = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_RUNTIME_DIR", "PYTHONPATH")
# What decides how well runs can be confined: a process that has stayed must not answer by the past.
_CIRCUMSTANCES = ("/proc/self/cgroup", "/proc/sys/user/max_user_namespaces")
_NAMESPACES = ("user", "mnt", "pid", "net")


def wanted(environ: Mapping[str, str]) -> bool:
    """Whether there should be one: GRADE_BACKGROUND says so, or a person is at the terminal."""
    said = environ.get("GRADE_BACKGROUND", "")
    return said == "1" or (said != "0" and not environ.get("CI") and sys.stdout.isatty())


def may_ask(arguments: Sequence[str], environ: Mapping[str, str]) -> bool:
    return bool(set(arguments[:1]) & set(COMMANDS)) and environ.get("GRADE_BACKGROUND") != "0"


def start() -> None:
    """Start one, unless there is one or cannot be; returns at once.

    It gets little of our environment: each request brings its own, secrets too.
    """
    try:
        socket_path()
    except OSError:
        return
    subprocess.Popen(
        [sys.executable, "-m", "grader.cli.answering"],
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )


def asked(arguments: Sequence[str]) -> int | None:
    """Have a command done; its exit code, or None if there is nobody to do it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.settimeout(_PATIENCE_SECONDS)  # it may have been stopped
            connection.connect(str(socket_path()))
            if user_of(connection) != os.geteuid():
                return None
            order = {
                "arguments": list(arguments),
                "folder": os.getcwd(),  # noqa: PTH109  (its text is all that is sent)
                "environment": dict(os.environ),
                "umask": _umask(),
            }
            text = json.dumps(order).encode()
            socket.send_fds(connection, [LENGTH.pack(len(text))], list(STREAMS))
            connection.sendall(text)
            if not connection.recv(len(TAKEN)):
                return None  # it was about to end
            connection.settimeout(None)
        except OSError:
            return None
        answer = connection.recv(LENGTH.size)  # Ctrl-C closes the connection, and that ends it
    if len(answer) < LENGTH.size:
        print("grade: the background grader has died; please try again", file=sys.stderr)  # noqa: T201
        return Exit.OURS
    return int(LENGTH.unpack(answer)[0])


def _umask() -> int:
    now = os.umask(0o077)
    os.umask(now)
    return now


def _own_folder() -> Path:
    """A folder that is ours alone.  Raises OSError if it is not."""
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    folder = Path(base, f"grader-{os.geteuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if status.st_uid != os.geteuid() or status.st_mode & 0o170077 != 0o040000:
        raise PermissionError(f"{folder} is not ours alone")
    return folder


def socket_path() -> Path:
    """Changes with every file of the grader, with what is installed, and with Python.

    Raises OSError if there is no folder that is ours alone.
    """
    package = Path(__file__).parents[1]
    installed = [Path(path) for path in sys.path if path.endswith("-packages")]  # torch, too
    parts = [Path(path).read_text() for path in _CIRCUMSTANCES if Path(path).exists()]
    parts += [str(Path(f"/proc/self/ns/{name}").readlink()) for name in _NAMESPACES]
    parts += [sys.executable, *(f"{path} {path.stat().st_mtime_ns}" for path in installed)]
    for place, _, names in os.walk(package):
        for name in sorted(names):
            if not name.endswith(".pyc"):
                status = os.stat(os.path.join(place, name))  # noqa: PTH116, PTH118  (hundreds)
                parts.append(f"{place} {name} {status.st_size} {status.st_mtime_ns}")
    return _own_folder() / hashlib.sha256("\0".join(sorted(parts)).encode()).hexdigest()[:16]


def user_of(connection: socket.socket) -> int:
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return int(struct.unpack("3i", credentials)[1])
