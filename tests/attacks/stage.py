"""One arena, seen from outside: what it answers, and what an attack leaves around it."""

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ways import ENVIRONMENT, NO_MOUNTS, Way, as_user, hand_over, sure

ARENA = Path(__file__).with_name("arena.py")
MARKED = "grader-attack-*"  # what files of the corpus call what they try to leave behind
_COURSE = Path(__file__).with_name("course")
_SOLUTION = _COURSE / "solutions/ex01_cube.py"
_SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108  (these are looked at)
_CGROUPS = Path("/sys/fs/cgroup")
_ANSWER_SECONDS = 100
_SETTLES_SECONDS = 20  # a deep tree takes long to remove

Answer = dict[str, Any]  # Any: JSON


class Stage:
    """Starts an arena for a way, and again if one should ever die."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.folder = Path(tempfile.mkdtemp(prefix="arena-"))
        self.folder.chmod(0o755)
        self.temporary = self.folder / "tmp"  # the arena's, and so the grader's
        (self.folder / "cache").mkdir()
        hand_over(way, self.folder / "cache")
        self._plant()
        self.cgroups = _own_cgroups()
        self._arena: subprocess.Popen[bytes] | None = None
        self.clean: Answer = {}  # the honest submission, before any attack
        self.processes = 0

    def _plant(self) -> None:
        """Put there what attacks look for, three folders above where some of them run.

        Whether they find it must not rest on what else this machine holds.
        """
        (self.folder / "solutions").mkdir()
        for name in ("another.py", "solutions/ex01_cube.py"):
            planted = self.folder / name
            planted.write_bytes(_SOLUTION.read_bytes())
            planted.chmod(0o644)

    def open(self, honest: Path) -> None:
        """Enter the mode, or skip the test if the machine cannot."""
        if self._arena is not None and self._arena.poll() is None:
            return
        _remove(self.temporary)
        self.temporary.mkdir()
        hand_over(self.way, self.temporary)
        self._arena = subprocess.Popen(
            [*as_user(self.way, self.folder), *self._command()],
            env={**ENVIRONMENT, "TMPDIR": str(self.temporary), "GRADE_SECRET": "5ec2e7" * 10},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        said = self._answer()
        if self._arena.poll() == NO_MOUNTS:
            pytest.skip("kernel: no mounts, so no plain user can reach this Python")
        if "cannot" in said:
            assert not sure(self.way, self.folder), said["cannot"]
            pytest.skip(f"kernel: mode {self.way}: {said['cannot']}")
        self.grade(honest)  # the reference runs and is kept
        self.clean = self.grade(honest)
        self.processes = len(self.below())
        self.untouched = self.left()

    def _command(self) -> list[str]:
        mode, cache = self.way.mode, str(self.folder / "cache")
        return [sys.executable, "-I", "-B", str(ARENA), mode, cache]

    def grade(self, path: Path) -> Answer:
        assert self._arena is not None
        assert self._arena.stdin is not None
        self._arena.stdin.write(f"{path}\n".encode())
        self._arena.stdin.flush()
        answer = self._answer()
        assert answer, "the arena died"
        return answer

    def _answer(self) -> Answer:
        """One line; {} if the arena ended without a word."""
        assert self._arena is not None
        assert self._arena.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._arena.stdout, selectors.EVENT_READ)
            assert selector.select(_ANSWER_SECONDS), "the arena hangs"
        line = self._arena.stdout.readline()
        if not line:
            self._arena.wait()
        answer: Answer = json.loads(line or b"{}")
        return answer

    def close(self) -> None:
        """End the arena; what is left afterwards is a fault."""
        if self._arena is not None:
            self._arena.communicate(timeout=_ANSWER_SECONDS)
        left = [path.name for path in self.temporary.iterdir()]
        _remove(self.folder)
        assert not left
        assert soon(lambda: _own_cgroups() <= self.cgroups), _own_cgroups() - self.cgroups

    # --- what an attack may have left --------------------------------------------------------

    def below(self) -> list[str]:
        """The processes that the arena has started, or that have become its own."""
        assert self._arena is not None
        return _descendants(self._arena.pid)

    def quiet(self) -> bool:
        """Whether all processes go that are not the fork server's own."""
        return soon(lambda: len(self.below()) <= self.processes)

    def left(self) -> dict[str, object]:
        """What would change if an attack left something behind."""
        assert self._arena is not None
        find = ["find", str(self.temporary), "!", "-type", "d"]  # a tree may be too deep for Python
        mine = subprocess.run(find, capture_output=True, check=False).stdout  # some go meanwhile
        marked = (str(path) for top in _SHARED_FOLDERS for path in Path(top).glob(MARKED))
        system = ("shm", "sem", "msg")
        return {
            "files": [os.fsdecode(mine), *sorted(marked)],
            "mounts": Path(f"/proc/{self._arena.pid}/mountinfo").read_text(),
            **{kind: _segments(kind) for kind in system},
        }


def _segments(kind: str) -> list[str]:
    """Without the one of 56 bytes that each PostgreSQL has: the gradebook's tests run beside."""
    _, *rows = Path(f"/proc/sysvipc/{kind}").read_text().splitlines()
    return [row for row in rows if row.split()[3] != "56"]


def _remove(folder: Path) -> None:
    """What an attack has left there may be too deep for Python."""
    subprocess.run(["rm", "-rf", folder], check=True)  # noqa: S607


def soon(good: Callable[[], bool]) -> bool:
    """Whether it comes true within a few seconds."""
    until = time.monotonic() + _SETTLES_SECONDS
    while not good():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _descendants(pid: int) -> list[str]:
    try:
        lists = [task / "children" for task in Path(f"/proc/{pid}/task").iterdir()]
        children = [int(child) for path in lists for child in path.read_text().split()]
    except OSError:  # it has just ended
        return []
    alive = [child for child in children if not _ended(child)]
    return [one for child in alive for one in (_named(child), *_descendants(child))]


def _ended(pid: int) -> bool:
    """Only its number is left: a worn-out fork server was replaced, and nobody waits for it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def _named(pid: int) -> str:
    try:
        return f"{pid} {Path(f'/proc/{pid}/comm').read_text().strip()}"
    except OSError:
        return str(pid)


def _own_cgroups() -> set[str]:
    """Groups of fork servers that are no more; `grade-<its pid>-<n>` is what they are called.

    Only where ours are: somebody else may be killing graders of his own.
    """
    lines = Path("/proc/self/cgroup").read_text().splitlines()
    places = {line.split(":", 2)[2].strip("/") for line in lines}
    groups = (path for path in _CGROUPS.rglob("grade-*") if path.is_dir())
    found = [path for path in groups if "/".join(path.parts[5:-1]) in places]
    return {str(path) for path in found if not Path("/proc", path.name.split("-")[1]).exists()}
