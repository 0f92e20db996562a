"""Each mode that this machine can enter, as root and as a plain user, against real attacks."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.box.isolation import channels, linux, modes, probes, readable
from grader.sandbox.box.isolation.lacks import Lack, Unfit
from tests.ways import (
    ENVIRONMENT,
    NO_MOUNTS,
    PLAIN_USER,
    ROOT,
    WAYS,
    Way,
    as_user,
    hand_over,
    sure,
)

DRIVER = Path(__file__).with_name("confined.py")
PROBE = "import box.isolation.probes as p; say(p.run({'canary': %r, 'server': server}))"
BOMB = """
import threading, time
try:
    while True: threading.Thread(target=time.sleep, args=(99,)).start()
except RuntimeError:
    say("waits")
threading.Event().wait()
"""

SEPARATE = [way for way in WAYS if way.mode in {"a", "b"}]
LANDLOCKED = [way for way in WAYS if way.mode == "c"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where both users can get to; pytest's own folders are closed to others."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


class Confined:
    """Runs the driver as one user in one mode."""

    def __init__(self, way: Way, folder: Path) -> None:
        self.way, self.folder = way, folder
        self.canary = self._owned(folder / "canary")
        self.canary.write_text("secret")
        self.canary.chmod(0o600)
        (folder / "work").mkdir()
        self._owned(folder / "work")

    def _owned(self, path: Path) -> Path:
        if not path.exists():
            path.touch()
        hand_over(self.way, path)
        return path

    def run(self, *children: str, **more: object) -> list[dict[str, Any]]:  # Any: JSON
        """What each child said and how it ended."""
        done = subprocess.run(
            self.command(children, more),
            env=ENVIRONMENT,
            capture_output=True,
            timeout=100,
            check=False,
        )
        if done.returncode == NO_MOUNTS:
            pytest.skip("kernel: no mounts, so no plain user can reach this Python")
        assert done.stdout, done.stderr.decode()
        said = json.loads(done.stdout.split(b"\n")[-1])
        if "cannot" in said:
            assert not sure(self.way, self.folder), said["cannot"]
            pytest.skip(f"kernel: mode {self.way}: {said['cannot']}")
        ended: list[dict[str, Any]] = said["ended"]
        return ended

    def command(self, children: Sequence[str], more: Mapping[str, object]) -> list[str]:
        limits = {"cpu_seconds": 20, "memory_bytes": 1 << 30, "folder": str(self.folder / "work")}
        order = {"mode": self.way.mode, "children": children, "limits": limits, **more}
        return [
            *as_user(self.way, self.folder),
            sys.executable,
            "-I",
            "-B",
            str(DRIVER),
            json.dumps(order),
        ]


@pytest.fixture
def confined(way: Way, folder: Path) -> Confined:
    if way.root and os.geteuid():
        pytest.skip(f"kernel: mode {way} is for root")
    return Confined(way, folder)


def found_by_probes(confined: Confined, **more: object) -> dict[str, str]:
    found: dict[str, str] = confined.run(PROBE % str(confined.canary), **more)[0]["said"]
    assert isinstance(found, dict), found
    return found


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_fence_holds_and_honest_code_works(confined: Confined) -> None:
    found = found_by_probes(confined)

    assert not probes.faults(found, modes.MODES[confined.way.mode].lets_through)
    assert len(found) > 25


@pytest.mark.parametrize("way", [*SEPARATE, *LANDLOCKED], ids=str)
def test_torch_works_behind_the_fences(confined: Confined) -> None:
    found = found_by_probes(confined, torch=True)

    assert found["backward"] == found["two threads in torch"] == probes.WORKS
    assert not probes.faults(found)


@pytest.mark.parametrize("way", [Way("plain", root=False)], ids=str)
def test_the_attacks_are_real(confined: Confined) -> None:
    """With no fence they get through, but for those that limits or the user's rights stop."""
    found = found_by_probes(confined)

    held = {name for name, outcome in found.items() if outcome == probes.STOPPED}
    limits = {"memory", "many threads", "file descriptors", "make a huge file", "raise its limits"}
    assert held <= limits | {"change a shared file", "become root", "mount", "user namespace"}


@pytest.mark.parametrize(
    ("layer", "tell_tales"),
    [
        ("landlock.restrict", {"read /etc/passwd", "read /proc", "write outside"}),
        ("linux.seccomp", {"open a socket", "start a process", "lock by fcntl", "hidden memory"}),
        ("linux.seccomp", set(channels.CHANNELS)),
        ("modes._limit", {"memory"}),
    ],
)
@pytest.mark.parametrize("way", LANDLOCKED, ids=str)
def test_a_dead_layer_is_noticed(confined: Confined, layer: str, tell_tales: set[str]) -> None:
    found = found_by_probes(confined, without=[layer])

    assert tell_tales <= probes.faults(found).keys()


@pytest.mark.parametrize("way", SEPARATE, ids=str)
def test_a_bomb_of_threads_leaves_the_next_child_its_own(confined: Confined) -> None:
    """Limits on threads count by user: two children must not be the same one."""
    bomb, other = confined.run(BOMB, PROBE % str(confined.canary))

    assert bomb["said"] == "waits"
    assert other["said"]["two threads"] == probes.WORKS


@pytest.mark.parametrize("way", [*SEPARATE, *LANDLOCKED], ids=str)
def test_all_die_with_the_server(confined: Confined) -> None:
    """Also if what is killed is the process in front of it, which only waits."""
    waits = "import time; say('waits'); time.sleep(99)"
    read, write = os.pipe()
    command = confined.command([waits], {"linger": True})
    server = subprocess.Popen(
        command, env=ENVIRONMENT, stdout=write, stderr=subprocess.DEVNULL, start_new_session=True
    )
    os.close(write)
    if os.read(read, 100) != b"\n":
        pytest.skip(f"kernel: mode {confined.way} cannot be entered")

    server.kill()
    server.wait()

    assert os.read(read, 100) == b""  # the other end is closed: nobody is left who holds it
    os.close(read)


@pytest.mark.parametrize("way", SEPARATE, ids=str)
def test_the_work_folder_is_bounded_and_gone_with_the_child(confined: Confined) -> None:
    fill = """
from pathlib import Path
made = 0
try:
    for n in range(5000): Path(f"empty{n}").touch(); made += 1
except OSError: pass
wrote = 0
try:
    with open("empty0", "wb") as file:
        while True: wrote += file.write(bytes(1 << 20))
except OSError: pass
say([made, wrote >> 20])
"""
    look = "import os; say(os.listdir())"

    filled, after = confined.run(fill, look)

    made, megabytes = filled["said"]
    assert made < 1024
    assert megabytes <= 64
    assert after["said"] == []


@pytest.mark.parametrize("way", SEPARATE, ids=str)
def test_there_is_nothing_but_python(confined: Confined) -> None:
    look = """
import os
told = [path for path in ("/proc/cpuinfo", "/sys/devices/system/cpu/online")
        if os.path.exists(path) and open(path).read()]
say([sorted(os.listdir("/dev")), os.path.exists("/proc/self"), os.getpid(), told])
"""

    devices, proc, pid, told = confined.run(look, without=["landlock.restrict"])[0]["said"]

    assert devices == ["null", "urandom", "zero"]
    assert not proc
    assert pid == 1
    assert not told


@pytest.mark.parametrize("way", [*SEPARATE, *LANDLOCKED], ids=str)
def test_the_grader_is_hidden_where_it_is_installed(confined: Confined) -> None:
    """In the folder of Python's packages, that is, next to what must be readable."""
    site = confined.folder / "site"
    grader = site / "grader"
    shutil.copytree(readable.BOX, grader / "sandbox/box", ignore=shutil.ignore_patterns("__pyc*"))
    (grader / "secret.py").write_text("secret = 1")
    (site / "package.py").write_text("public = 1")
    names = [str(site / "package.py"), str(grader / "secret.py"), str(grader / "sandbox/box")]
    look = f"""
import os
def readable(path):
    try: return bool(os.listdir(path) if os.path.isdir(path) else open(path).read())
    except OSError: return False
say([readable(path) for path in {names}])
"""

    said = confined.run(look, site=str(site), box=str(grader / "sandbox"))[0]["said"]

    assert said[:2] == [True, False]


FOREIGN = pytest.mark.skipif(os.uname().machine != "x86_64", reason="kernel: no x32 there")


@pytest.mark.parametrize("way", WAYS, ids=str)
@FOREIGN
def test_calls_by_another_door_end_the_process(confined: Confined) -> None:
    x32 = "import ctypes; say('tries'); ctypes.CDLL(None).syscall(0x40000000 | 39)"

    ended = confined.run(x32)[0]

    assert ended == {"said": "tries", "status": -signal.SIGSYS}


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_child_may_signal_itself_and_no_one_else(confined: Confined) -> None:
    code = """
import os, signal
got = []
signal.signal(signal.SIGUSR1, lambda *_: got.append(1))
signal.raise_signal(signal.SIGUSR1)
os.kill(os.getpid(), signal.SIGUSR1)
for pid in (0, -1, 1 if os.getpid() != 1 else 2):
    try: os.kill(pid, 0); got.append(pid)
    except PermissionError: pass
say(got)
"""

    assert confined.run(code)[0]["said"] == [1, 1]


@pytest.mark.parametrize("way", ROOT, ids=str)
def test_each_run_is_another_user(confined: Confined) -> None:
    who = "import os; say([os.getuid(), os.getgid(), os.getgroups()])"
    (confined.folder / "work").chmod(stat.S_IRWXU)

    first, second = (ended["said"] for ended in confined.run(who, who))

    assert first != second
    assert first[2] == second[2] == []
    assert min(*first[:2], *second[:2]) > PLAIN_USER


def test_modes_that_make_no_sense_are_refused_in_words() -> None:
    wrong, lack = ("b", Lack.PLAIN_USER) if os.geteuid() == 0 else ("a", Lack.ROOT)

    with pytest.raises(Unfit, match=f"mode {wrong} is for") as caught:
        modes.enter(wrong)

    assert caught.value.lack is lack


def test_errors_of_the_kernel_are_raised() -> None:
    with pytest.raises(OSError, match="umount /nowhere"):
        linux.umount2("/nowhere", 0)
