"""A control group for each run: bounds what the limits of one process do not see.

Files in memory, caches and shared mappings count there, and so do the threads of this run alone.
A server makes its groups before it enters any namespace, and keeps file descriptors of them: a
child moves itself in, while it is still ours.  Groups are used again, as making one costs more
than all the rest; they are removed at the end by the server, by its parent, or by the next server
here, whichever lives to do it.
"""

import fcntl
import os
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from .lacks import Lack, Unfit

_NAME = "grade-"
_RUN = "run-"
_SELF = Path("/proc/self")
_LEAF = "others-than-grade"  # where v2 wants processes to be: a group with children may hold none
_CONTROLLERS = ("memory", "pids")
_MOST_TASKS = "64"
_FIRST_FD = 32  # lower ones are replaced in a child before it has moved
_PROBE_BYTES = 1 << 20
_ROUNDS = 10  # before we give up on what others change meanwhile
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW

Fds = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One version of the kernel's interface; v1 has a tree of groups for each controller."""

    version: str
    limit: str
    events: str
    settings: Mapping[str, Mapping[str, str]]  # controller → file → what is written once


_V1 = Kind(
    "v1",
    "memory.limit_in_bytes",
    "memory.oom_control",
    {"memory": {"memory.swappiness": "0"}, "pids": {"pids.max": _MOST_TASKS}},
)
_V2 = Kind(
    "v2",
    "memory.max",
    "memory.events",
    {"": {"memory.swap.max": "0", "memory.oom.group": "1", "pids.max": _MOST_TASKS}},
)


@dataclass(slots=True)
class Group:
    """One run's.  File descriptors, as no path leads there from behind the fences."""

    procs: Fds
    limit: int
    events: int
    tasks: int
    kills: int = 0

    def enter(self, memory_bytes: int) -> None:
        """Move this process in, and bound what it takes from now on."""
        os.write(self.limit, str(memory_bytes).encode())
        for fd in self.procs:
            os.write(fd, b"0")  # itself, whatever its number is here

    def killed(self) -> bool:
        """Whether the kernel has ended a process of it for its memory, since the last time."""
        words = os.pread(self.events, 4096, 0).split()
        kills = int(words[words.index(b"oom_kill") + 1])
        before, self.kills = self.kills, kills
        return kills > before

    def empty(self) -> bool:
        return int(os.pread(self.tasks, 64, 0)) == 0


@dataclass(frozen=True, slots=True)
class _Top:
    """The folder of all groups of a server.  It is locked as long as the server lives."""

    above: int
    name: str
    fd: int

    def remove(self) -> None:
        """A group that holds a process still stays, and so does what is above it."""
        for name in _names(self.fd, _RUN):
            with suppress(OSError):
                os.rmdir(name, dir_fd=self.fd)
        with suppress(OSError):
            os.rmdir(self.name, dir_fd=self.above)


@dataclass(slots=True)
class Groups:
    """All groups of one server."""

    kind: Kind
    tops: Mapping[str, _Top]  # by controller
    made: int = 0
    free: list[Group] = field(default_factory=list)

    @property
    def version(self) -> str:
        return self.kind.version

    def take(self) -> Group:
        """An empty one.  Raises OSError if none can be made."""
        return self.free.pop() if self.free else self._made()

    def give_back(self, group: Group) -> bool:
        """When its process has been reaped.  Says whether memory was what ended it."""
        if group.empty():
            self.free.append(group)
        return group.killed()

    def remove(self) -> None:
        """All that can be; what is not empty yet is left to `sweep`."""
        for top in self.tops.values():
            top.remove()

    def _made(self) -> Group:
        name = f"{_RUN}{self.made}"
        self.made += 1
        procs, files = [], {}
        for controller, top in self.tops.items():
            os.mkdir(name, dir_fd=top.fd)
            folder = os.open(name, _FOLDER, dir_fd=top.fd)
            for file, value in self.kind.settings[controller].items():
                with suppress(FileNotFoundError):  # no swap, or an older kernel
                    _write(folder, file, value)
            procs.append(_opened(folder, "cgroup.procs", os.O_WRONLY))
            wanted = {self.kind.limit: os.O_WRONLY, self.kind.events: os.O_RDONLY}
            for file, flags in {**wanted, "pids.current": os.O_RDONLY}.items():
                with suppress(FileNotFoundError):  # it is the other controller's
                    files[file] = _opened(folder, file, flags)
            os.close(folder)
        tasks = files["pids.current"]
        return Group(tuple(procs), files[self.kind.limit], files[self.kind.events], tasks)


def made() -> Groups:
    """Groups below the one that this process is in, once one of them has been seen to bind.

    Raises OSError, in words, where there can be none.
    """
    kind, places = _own()
    try:
        _sweep(places.values())
        groups = Groups(kind, {name: _locked(place) for name, place in places.items()})
        if kind is _V2:
            _write(groups.tops[""].fd, "cgroup.subtree_control", "+memory +pids")
        fault = _fault(groups)
    except OSError as error:
        words = f"{kind.version} groups cannot be made below our own: {error.strerror or error}"
        raise Unfit(Lack.GROUPS_OF_V1 if kind is _V1 else Lack.OTHER, words) from error
    if fault:
        groups.remove()
        raise OSError(f"the limits of {kind.version} groups do not bind: {fault}")
    return groups


def sweep(server: int = 0) -> bool:
    """Remove what servers that have ended left behind; those still alive hold a lock.

    Says whether all of one server's groups are gone: none goes before the last child has.
    """
    with suppress(OSError):
        places = list(_own()[1].values())
        _sweep(places)
        return not any(list(place.glob(f"{_NAME}{server}-*")) for place in places)
    return True


# --- where ---------------------------------------------------------------------------------------


def _own() -> tuple[Kind, dict[str, Path]]:
    """The group that this process is in: controller → folder; v2 has one folder for all, ""."""
    paths = dict(_memberships((_SELF / "cgroup").read_text()))
    mounts = list(_mounts((_SELF / "mountinfo").read_text()))
    v1 = {name: _place(mounts, "cgroup", name, paths.get(name, "")) for name in _CONTROLLERS}
    found = {name: place for name, place in v1.items() if place}
    if len(found) == len(v1):
        return _V1, found
    place = _place(mounts, "cgroup2", "", paths.get("", ""))
    if place is None:
        raise OSError("no control groups are mounted here")
    return _V2, {"": _delegated(place)}


def _memberships(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        yield from ((name, path) for name in controllers.split(","))


def _mounts(text: str) -> Iterator[tuple[str, str, str, set[str]]]:
    """(file system, what of it is mounted, where, options)."""
    for line in text.splitlines():
        words = line.split()
        kind, _, options = words[words.index("-") + 1 :][:3]
        yield kind, words[3], words[4], set(options.split(","))


def _place(
    mounts: list[tuple[str, str, str, set[str]]], kind: str, controller: str, path: str
) -> Path | None:
    for file_system, root, point, options in mounts:
        if file_system == kind and (not controller or controller in options):
            below = path.removeprefix(root.rstrip("/"))
            place = Path(point + below)
            if path and not path.startswith("/..") and place.is_dir():
                return place
    return None


def _delegated(place: Path) -> Path:
    """The group of v2 below which ours go, made ready for that.

    A group with children may hold no processes itself, so those in it are moved to a leaf: only
    where it was given to us, for else it is another's to arrange.
    """
    own = place.parent if place.name == _LEAF else place
    if not _controllers(own / "cgroup.controllers").issuperset(_CONTROLLERS):
        raise Unfit(Lack.CONTROLLERS, "our control group has not been given memory and pids")
    if _controllers(own / "cgroup.subtree_control").issuperset(_CONTROLLERS):
        return own
    if (own / "cgroup.type").exists():  # else it is the root, for which the rule does not hold
        if not _is_given(own):
            raise OSError("our control group is not delegated to us")
        (own / _LEAF).mkdir(exist_ok=True)
        _move_all(own, own / _LEAF)
    (own / "cgroup.subtree_control").write_text("+memory +pids")
    return own


def _controllers(path: Path) -> set[str]:
    return set(path.read_text().split())


def _is_given(own: Path) -> bool:
    """By systemd, or as all that a container has."""
    for name in ("user.delegate", "trusted.delegate"):
        with suppress(OSError):
            return os.getxattr(own, name) == b"1"
    return "0::/\n" in (_SELF / "cgroup").read_text() and os.access(own, os.W_OK)


def _move_all(group: Path, leaf: Path) -> None:
    for _ in range(_ROUNDS):
        pids = (group / "cgroup.procs").read_text().split()
        for pid in pids:
            with suppress(ProcessLookupError):
                (leaf / "cgroup.procs").write_text(pid)
        if not pids:
            return


# --- folders -------------------------------------------------------------------------------------


def _locked(place: Path) -> _Top:
    """A new one."""
    above = _high(os.open(place, _FOLDER))
    for turn in range(_ROUNDS):
        name = f"{_NAME}{os.getpid()}-{turn}"
        # Somebody may lock or sweep it before we have locked it.
        with suppress(FileExistsError, FileNotFoundError, BlockingIOError):
            os.mkdir(name, dir_fd=above)
            fd = _high(os.open(name, _FOLDER, dir_fd=above))
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.stat(name, dir_fd=above)
            return _Top(above, name, fd)
    raise OSError("others remove them")


def _sweep(places: Iterable[Path]) -> None:
    for place in places:
        above = os.open(place, _FOLDER)
        for name in _names(above, _NAME):
            with suppress(OSError):
                _remove_if_dead(above, name)
        os.close(above)


def _names(folder: int, start: str) -> list[str]:
    return [name for name in os.listdir(folder) if name.startswith(start)]


def _remove_if_dead(above: int, name: str) -> None:
    fd = os.open(name, _FOLDER, dir_fd=above)
    with suppress(BlockingIOError):
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _Top(above, name, fd).remove()
    os.close(fd)


def _opened(folder: int, name: str, flags: int) -> int:
    return _high(os.open(name, flags | os.O_CLOEXEC, dir_fd=folder))


def _high(fd: int) -> int:
    higher = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _FIRST_FD)
    os.close(fd)
    return higher


def _write(folder: int, name: str, text: str) -> None:
    fd = os.open(name, os.O_WRONLY | os.O_CLOEXEC, dir_fd=folder)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


# --- does it bind? -------------------------------------------------------------------------------


def _fault(groups: Groups) -> str:
    """What is wrong with a group: a process in it must be ended for its memory, at its limit."""
    group = groups.take()
    pid = os.fork()
    if pid == 0:
        try:
            group.enter(_PROBE_BYTES)
            bytearray(os.urandom(1) * (4 * _PROBE_BYTES))
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    killed = groups.give_back(group)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        return "a process took four times as much memory"
    return "" if killed else "the kernel does not say why it ended a process"
