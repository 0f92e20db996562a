"""Control groups: this machine's, as root has them, and the other kind on a make-believe one."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.box.isolation import cgroups
from grader.sandbox.box.isolation.cgroups import Groups
from tests.sandbox.test_isolation_layers import Confined
from tests.ways import ENVIRONMENT, ROOT

NO_LIMITS = {"without": ["modes._limit"]}
BOMB = "held = []\nwhile True: held.append(bytearray(1 << 24))"
THREADS = """
import threading
over, made = threading.Event(), 0
try:
    for _ in range(500): threading.Thread(target=over.wait).start(); made += 1
except RuntimeError: pass
over.set()
say(made)
"""
FILE = "open('file', 'wb').write(bytes(60 << 20)); say('wrote')"
BYTES = "held = bytearray(60 << 20); say('held')"


@pytest.fixture
def groups() -> Iterator[Groups]:
    try:
        made = cgroups.made()
    except OSError as error:
        pytest.skip(f"kernel: {error}")
    yield made
    made.remove()


@pytest.fixture
def confined(groups: Groups) -> Iterator[Confined]:
    """Mode a, where the server can have groups."""
    del groups
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Confined(ROOT[0], Path(name))


def places() -> list[Path]:
    return list(cgroups._own()[1].values())


def left_by(server: int) -> bool:
    """Whether there is a group of this server's."""
    return any(path for place in places() for path in place.glob(f"grade-{server}-*"))


def gone(server: int, seconds: float = 60) -> bool:
    """Whether a sweep removes them in time: a process closes its files before it leaves a group."""
    deadline = time.monotonic() + seconds
    while not cgroups.sweep(server):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return not left_by(server)


def waiting() -> int:
    pid = os.fork()
    if pid == 0:
        signal.pause()
        os._exit(0)
    return pid


# --- what it bounds ------------------------------------------------------------------------------


def test_memory_that_no_other_limit_bounds_ends_the_run_and_is_told(confined: Confined) -> None:
    (ended,) = confined.run(BOMB, **NO_LIMITS)

    assert (ended["status"], ended.get("of memory")) == (-signal.SIGKILL, True)


def test_a_run_that_is_killed_for_something_else_was_not_out_of_memory(confined: Confined) -> None:
    (ended,) = confined.run("import os, signal; os.kill(os.getpid(), signal.SIGXCPU); 1 / 0")

    assert "of memory" not in ended


def test_files_in_memory_count(confined: Confined) -> None:
    """Each of them is less than what is allowed, both together are more."""
    limits = {"cpu_seconds": 20, "memory_bytes": 0, "folder": ""}

    file, held, both = confined.run(FILE, BYTES, f"{FILE}\n{BYTES}", limits=limits, **NO_LIMITS)

    assert (file["status"], held["status"]) == (0, 0)
    assert (both["said"], both["status"]) == ("wrote", -signal.SIGKILL)


def test_threads_are_counted_for_one_run(confined: Confined) -> None:
    """Without a limit for the user, that is."""
    (ended,) = confined.run(THREADS, **NO_LIMITS)

    assert ended["said"] == 63


# --- used again, and gone ------------------------------------------------------------------------


def test_a_group_is_used_again_once_it_is_empty(groups: Groups) -> None:
    group = groups.take()
    pid = waiting()
    for fd in group.procs:
        os.write(fd, str(pid).encode())

    groups.give_back(group)
    other = groups.take()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    groups.give_back(group)

    assert other is not group
    assert groups.take() is group
    groups.give_back(other)


def test_what_a_killed_server_leaves_is_swept_by_the_next(confined: Confined) -> None:
    command = confined.command(["say('waits'); import time; time.sleep(99)"], {"linger": True})
    read, write = os.pipe()
    server = subprocess.Popen(command, env=ENVIRONMENT, stdout=write, stderr=subprocess.DEVNULL)
    os.close(write)
    assert os.read(read, 100) == b"\n"

    cgroups.sweep()
    assert left_by(server.pid), "it lives"
    server.kill()
    server.wait()
    assert os.read(read, 100) == b""  # nobody is left
    os.close(read)

    assert gone(server.pid)


def test_nothing_is_left_by_a_server_that_ends(confined: Confined) -> None:
    who = "say(server)"

    first, second = (ended["said"] for ended in confined.run(who, who))

    assert first == second
    assert not left_by(first)


def test_no_low_file_descriptor_is_a_groups(groups: Groups) -> None:
    """A child puts its pipes at 0 to 4 before it has moved."""
    group = groups.take()

    assert min(*group.procs, group.limit, group.events, group.tasks) > 4

    groups.give_back(group)


# --- the other version ---------------------------------------------------------------------------


class Machine:
    """A make-believe /sys/fs/cgroup of v2, with this process in one group of it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.own = folder / "sys" / "user.slice" / "run.scope"
        self.proc = folder / "proc"
        self.proc.mkdir()
        self._patch = patch
        self.real_mkdir = os.mkdir
        patch.setattr(cgroups, "_SELF", self.proc)
        patch.setattr(os, "mkdir", self.mkdir)
        self.own.parent.mkdir(parents=True)
        self.mkdir(self.own)
        (self.own / "cgroup.procs").write_text("11\n12\n")
        (self.proc / "cgroup").write_text("0::/user.slice/run.scope\n")
        (self.proc / "mountinfo").write_text(
            f"31 23 0:28 / {folder / 'sys'} rw,relatime shared:9 - cgroup2 cgroup2 rw\n"
        )

    def mkdir(self, path: str | Path, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        """What the kernel puts into a new group; its swap is not accounted."""
        self.real_mkdir(path, mode, dir_fd=dir_fd)
        folder = os.open(path, os.O_RDONLY, dir_fd=dir_fd)
        files = {"cgroup.procs": "", "cgroup.type": "domain", "cgroup.subtree_control": ""}
        files |= {"cgroup.controllers": "cpu memory pids", "memory.max": "max"}
        files |= {"memory.events": "oom 0\noom_kill 0\n", "pids.current": "0", "pids.max": ""}
        for name, text in {**files, "memory.oom.group": "0"}.items():
            fd = os.open(name, os.O_WRONLY | os.O_CREAT, dir_fd=folder)
            os.write(fd, text.encode())
            os.close(fd)
        os.close(folder)

    def delegate(self) -> None:
        self._patch.setattr(os, "getxattr", lambda *_: b"1")

    def text(self, *path: str) -> str:
        return self.own.joinpath(*path).read_text()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_a_group_that_is_not_ours_is_left_as_it_is(machine: Machine) -> None:
    with pytest.raises(OSError, match="not delegated to us"):
        cgroups.made()

    assert machine.text("cgroup.subtree_control") == ""


def test_without_controllers_there_is_none(machine: Machine) -> None:
    (machine.own / "cgroup.controllers").write_text("cpu io\n")

    with pytest.raises(OSError, match="not been given memory and pids"):
        cgroups.made()


def test_a_kernel_that_only_pretends_is_noticed(machine: Machine) -> None:
    """Some take the limit and do nothing with it."""
    machine.delegate()

    with pytest.raises(OSError, match="do not bind: a process took four times as much"):
        cgroups.made()


def test_a_delegated_group_is_made_ready(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was in it goes to a leaf, as a group with children may hold no process."""
    machine.delegate()
    monkeypatch.setattr(cgroups, "_fault", lambda _: "")

    made = cgroups.made()
    group = made.take()
    group.enter(12345)

    assert made.version == "v2"
    assert machine.text("others-than-grade", "cgroup.procs") in {"11", "12"}
    assert machine.text("cgroup.subtree_control") == "+memory +pids"
    (top,) = machine.own.glob("grade-*")
    assert (top / "cgroup.subtree_control").read_text() == "+memory +pids"
    written = {name: (top / "run-0" / name).read_text()[:5] for name in WRITTEN}
    assert written == WRITTEN


WRITTEN = {
    "memory.max": "12345",
    "cgroup.procs": "0",
    "pids.max": "64",
    "memory.oom.group": "1",
}


def test_the_kernels_count_of_kills_says_what_ended_a_run(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.delegate()
    monkeypatch.setattr(cgroups, "_fault", lambda _: "")
    made = cgroups.made()
    group = made.take()
    (events,) = machine.own.glob("grade-*/run-0/memory.events")

    told = [made.give_back(group)]
    events.write_text("low 0\noom 3\noom_kill 2\n")
    told += [made.give_back(group), made.give_back(group)]

    assert told == [False, True, False]


MOUNTS: list[tuple[str, str, Any]] = [
    ("/", "/a/b", "a/b"),
    ("/docker/id", "/docker/id", ""),  # a container without a namespace of its own
    ("/docker/id", "/docker/id/a", "a"),
    ("/", "/../other", None),  # not in this namespace
    ("/", "/gone", None),
]


@pytest.mark.parametrize(("root", "path", "where"), MOUNTS)
def test_where_our_group_is(tmp_path: Path, root: str, path: str, where: str | None) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    text = f"31 23 0:28 {root} {tmp_path} rw shared:2 master:1 - cgroup cgroup rw,memory\n"
    mounts = list(cgroups._mounts(text))

    place = cgroups._place(mounts, "cgroup", "memory", path)

    assert place == (None if where is None else tmp_path / where)
