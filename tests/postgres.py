"""A throw-away PostgreSQL server: one for the session, whatever the number of workers.

A guard process of its own keeps it, and ends it when pytest has ended, however that came about; if
the guard is killed, too, the kernel ends the server (`--pdeathsig`).
"""

import fcntl
import json
import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

PASSWORD = "correct-horse-7431"
_MISSING = "PostgreSQL's server is not installed here; on Debian: apt-get install postgresql"
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_MEMORY = Path("/dev/shm")  # noqa: S108  (mkdtemp chooses the name)
_ROOM = 1 << 30
_START_SECONDS = 60  # of a machine that is busy


def fresh(factory: pytest.TempPathFactory) -> str:
    """The URL of an empty schema of the session's server."""
    url, schema = _shared(factory), f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return f"{url}?options=-csearch_path%3D{schema}"


def _new_folder() -> Path:
    """In memory where there is enough: a process that is killed loses nothing there either."""
    roomy = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    return Path(tempfile.mkdtemp(prefix="grade-postgres-", dir=_MEMORY if roomy else None))


@dataclass
class Cluster:
    """A server with a folder of its own; `settings` as on its command line."""

    settings: Sequence[str] = ()
    folder: Path = field(default_factory=_new_folder)
    port: int = 0
    server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://grade:{PASSWORD}@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """`initdb`, which root may not run, as a plain user."""
        given = self.folder / "password"
        given.write_text(PASSWORD)
        if os.geteuid() == 0:
            for path in (self.folder, given):
                os.chown(path, _owner().pw_uid, _owner().pw_gid)
        options = ["--username=grade", "--auth=scram-sha-256", "--no-sync", "--locale=C"]
        command = [*_become(), str(_programs() / "initdb"), *options, "--encoding=UTF8"]
        command += [f"--pwfile={given}", "--pgdata", str(self.folder / "data")]
        done = subprocess.run(command, capture_output=True, check=False, cwd="/")
        assert done.returncode == 0, done.stderr.decode()

    def start(self) -> None:
        """Return when it answers; a port that was taken meanwhile is given up for another."""
        until = time.monotonic() + _START_SECONDS
        while not self._started():
            assert time.monotonic() < until, (self.folder / "log").read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut would, though the kernel keeps what was written."""
        assert self.server is not None
        self.server.kill()
        self.server.wait()

    def end(self) -> None:
        """Stop at once, and leave nothing."""
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _started(self) -> bool:
        if self.server is None or self.server.poll() is not None:
            self.port = self.port or _free_port()
            self.server = self._run()
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self) -> subprocess.Popen[bytes]:
        told = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories="]
        command = [*_become(), str(_programs() / "postgres"), "-D", str(self.folder / "data")]
        for setting in (*told, *self.settings):
            command += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, cwd="/")


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    assert found or on_path, _MISSING
    return (found[-1] if found else Path(str(on_path))).parent


def _become() -> list[str]:
    ends = ["setpriv", "--pdeathsig=QUIT"]
    if os.geteuid() != 0:
        return ends
    owner = _owner()
    return [*ends, f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]


def _owner() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _shared(factory: pytest.TempPathFactory) -> str:
    """The session's server; the first worker that asks has a guard start it."""
    worker = "PYTEST_XDIST_WORKER" in os.environ
    base = factory.getbasetemp().parent if worker else factory.getbasetemp()
    said = base / "postgres.json"
    with (base / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            said.write_text(_guarded(os.getppid() if worker else os.getpid()))
    url: str = json.loads(said.read_text())
    return url


def _guarded(pid: int) -> str:
    """Start the guard; it says where the server is, and lives until `pid` has ended."""
    _programs()
    guard = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres", str(pid)],
        stdout=subprocess.PIPE,
        start_new_session=True,
        cwd=Path(__file__).parent.parent,
    )
    assert guard.stdout is not None
    with guard.stdout as stdout:
        said = stdout.readline().decode()
    assert said, "the guard of PostgreSQL ended"
    guard.returncode = 0  # it outlives this process on purpose
    return said


def _guard(pid: int) -> None:
    watched = os.pidfd_open(pid)
    cluster = Cluster(_FAST)
    try:
        cluster.make()
        cluster.start()
        os.write(sys.stdout.fileno(), json.dumps(cluster.url).encode() + b"\n")
        select.select([watched], [], [])
    finally:
        cluster.end()


if __name__ == "__main__":
    _guard(int(sys.argv[1]))
