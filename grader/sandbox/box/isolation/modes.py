"""The ways to confine a child, best first, and what each does in which order.

A server calls `enter` once, while it has one thread: best before it imports torch.  Then for each
run `before_fork`, `os.fork`, in the server `after_fork` and in the child `confine`; when the child
has been reaped `after_reap`, and `leave` at the end.  Whether a mode holds what it promises on this
machine is found out by `probes`, not here.
"""

import math
import os
import resource
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from . import cgroups, landlock, linux, namespaces, readable, rlimits, seccomp
from .lacks import Lack, Unfit

_PROC = ("/proc/self/statm", "/proc/self/maps", "/proc/self/ns/pid", "/proc/sys")
_READ = os.O_RDONLY | os.O_CLOEXEC
_FIRST_FREE_FD = 5  # after stdin, stdout, stderr, job and result
_OUT_OF_REACH = 1 << 16
_THREADS = 64
_MORE_OF_USER = 512  # threads, where those of everything else the user runs count too
_OTHER_USERS = 200_000_000  # ids that no system hands out
_USERS_A_SERVER = 4096
_SERVERS = 400_000
_MORE_OF_KERNEL = 16 << 20  # page tables, pipes and the like, which a control group counts

Level = Literal["full", "strong", "basic", "none"]

_SHARED = (
    "the network, processes and shared memory of the machine are closed to it, not absent",
    "names, sizes and dates of all files can be asked for, and so who else is running",
    "what is in the work folder is looked at now and then, not limited by the kernel",
)
_UNGROUPED = ("there is no control group: files in memory and threads are not bounded for one run",)


@dataclass(frozen=True, slots=True)
class Mode:
    """`level` is what it is worth if all its layers hold; `missing` is for reports.

    A control group makes it worth `grouped`, and what is `missing_ungrouped` is not missing.
    """

    name: str
    title: str
    _: KW_ONLY
    level: Level
    missing: tuple[str, ...] = ()
    grouped: Level
    missing_ungrouped: tuple[str, ...] = ()
    namespaces: Literal["root", "user", ""] = ""
    landlock: tuple[int, int] = (0, 0)  # oldest interface it needs (0: or none), newest it uses
    filtered: bool = True  # are system calls?
    lets_through: tuple[str, ...] = ()  # attacks, as `probes` calls them

    def worth(self, *, in_group: bool) -> tuple[Level, tuple[str, ...]]:
        """Its level and what is missing, with a control group for each run or without."""
        if in_group:
            return self.grouped, self.missing
        return self.level, (*self.missing, *self.missing_ungrouped)


_ALL = (
    # Nothing is missing without a group: a file system and a user of its own bound the rest.
    Mode(
        "a",
        "namespaces, made by root",
        level="full",
        grouped="full",
        namespaces="root",
        landlock=(0, 99),
    ),
    Mode(
        "b",
        "namespaces, made by a plain user",
        level="strong",
        missing=("student code runs as the same user as the grader",),
        grouped="full",
        missing_ungrouped=("there is no control group",),
        namespaces="user",
        landlock=(0, 99),
    ),
    Mode(
        "c",
        "Landlock, no namespaces",
        level="strong",
        missing=_SHARED,
        grouped="strong",
        missing_ungrouped=_UNGROUPED,
        landlock=(landlock.ABI_OF_SCOPES, 99),
    ),
    Mode(
        "c_old",
        "an older Landlock, no namespaces",
        level="basic",
        missing=(
            *_SHARED,
            "signals and local sockets are closed to it by the system call filter alone",
        ),
        grouped="basic",
        missing_ungrouped=_UNGROUPED,
        landlock=(1, landlock.ABI_OF_SCOPES - 1),
    ),
    Mode(
        "d",
        "another user, no Landlock, no namespaces",
        level="basic",
        missing=(
            *_SHARED,
            "files can be read that all users may read, and made where all users may",
        ),
        grouped="basic",
        missing_ungrouped=_UNGROUPED,
        lets_through=("read /etc/passwd", "read /proc", "write outside", "open a device"),
    ),
    Mode(
        "plain",
        "limits on time and memory only",
        level="none",
        missing=("file system", "network", "system calls", "processes of the same user"),
        grouped="none",
        filtered=False,
    ),
)
MODES: Mapping[str, Mode] = MappingProxyType({mode.name: mode for mode in _ALL})


@dataclass(frozen=True, slots=True)
class State:
    """What a server that has entered a mode keeps for its children."""

    mode: Mode
    _: KW_ONLY
    server: int  # its pid, as a child sees it
    statm: int  # file descriptors: how much memory the server has mapped,
    maps: int  # and where,
    pid_namespace: int  # the server's own,
    proc_sys: int
    uid: int
    gid: int
    abi: int = 0
    rules: tuple[tuple[str, int], ...] = ()
    first_uid: int = 0  # of a range for the children, if root; else 0
    turn: int = 0
    mapped_bytes: int = 0
    data_bytes: int = 0  # of that, what is not shared
    resident_bytes: int = 0  # of the server, which a child may come to copy
    threads: int = 0  # the limit, as the kernel counts
    groups: cgroups.Groups | None = None
    group: cgroups.Group | None = None  # the next child's


# --- the server ----------------------------------------------------------------------------------


def enter(name: str) -> State:
    """Go into a mode for good.

    Raises OSError, in words, where that cannot be.  It may then be half done: the process must
    end, and another one try the next mode.
    """
    mode = MODES[name]
    first_uid = check(mode)
    abi = _landlock_abi(mode)
    if mode.filtered:
        seccomp.program(os.uname().machine, own_pid=0)  # is there a table for it? kept for later
    groups = _groups(mode)  # before their folders are out of sight
    if mode.namespaces:
        _enter_namespaces(mode)
    statm, maps, pid_namespace, proc_sys = (os.open(path, _READ) for path in _PROC)
    state = State(
        mode,
        server=0 if mode.namespaces else os.getpid(),
        statm=statm,
        maps=maps,
        pid_namespace=pid_namespace,
        proc_sys=proc_sys,
        uid=os.getuid(),
        gid=os.getgid(),
        abi=abi,
        first_uid=first_uid,
        threads=_thread_limit(mode, alone=bool(mode.namespaces or first_uid)),
        groups=groups,
    )
    if mode.namespaces:
        namespaces.change_root()  # there is no /proc from here on
    if mode.filtered:
        linux.prctl(linux.PR_SET_DUMPABLE, 0)
    return replace(state, rules=landlock.rules(hole=None if mode.namespaces else readable.GRADER))


def _landlock_abi(mode: Mode) -> int:
    oldest, newest = mode.landlock
    if not newest:
        return 0
    try:
        abi = landlock.abi()
    except OSError:
        if oldest:
            raise
        return 0
    if abi < oldest:
        words = f"Landlock's interface here is {abi}, mode {mode.name} needs {oldest}"
        raise Unfit(Lack.LANDLOCK, words)
    return min(abi, newest)


def _groups(mode: Mode) -> cgroups.Groups | None:
    """Control groups for the runs, where there can be: no mode depends on them."""
    if mode.filtered:
        with suppress(OSError):
            return cgroups.made()
    return None


def _enter_namespaces(mode: Mode) -> None:
    try:
        namespaces.lead_processes(own_user=mode.namespaces == "user")
        namespaces.leave_the_rest()
    except OSError as error:
        words = f"{error.filename or 'it'}: {error.strerror}"
        words = f"this system makes no namespaces for us: {words}"
        raise Unfit(Lack.NAMESPACES, words) from error


def check(mode: Mode) -> int:
    """Raise OSError unless it makes sense for this user; the first id for children, or 0."""
    root = os.geteuid() == 0
    if mode.name in {"a", "d"} and not root:
        words = f"mode {mode.name} is for root: it runs students' code as another user"
        raise Unfit(Lack.ROOT, words)
    if mode.name == "b" and root:
        raise Unfit(Lack.PLAIN_USER, "mode b is for plain users: limits do not bind root")
    if not root or mode.name == "plain":
        return 0
    if not mode.namespaces:
        for path in readable.places().values():
            if folder := readable.closed_to_others(path):
                words = f"another user than root cannot read Python: {folder} is closed"
                raise Unfit(Lack.READABLE_PYTHON, words)
    return _other_users()


def _thread_limit(mode: Mode, *, alone: bool) -> int:
    """Without users of their own, children count together with all that the user runs."""
    if not mode.filtered:
        return 0
    return _THREADS if alone else rlimits.tasks_of_user() + _MORE_OF_USER


def _other_users() -> int:
    """Where a range of ids begins that are nobody's, not even another server's."""
    spans = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
    end = max(int(inside) + int(count) for inside, _, count in spans)
    if end < 1 << 16:
        raise Unfit(Lack.OTHER_USERS, f"root has no other users here: it knows {end} of them")
    # In a container there may be 65536; the last of them have a meaning.
    wanted = _OTHER_USERS + os.getpid() % _SERVERS * _USERS_A_SERVER
    return min(wanted, end - _USERS_A_SERVER - 2)


def before_fork(state: State) -> State:
    """To be called right before the fork; the state it returns is the child's and the next."""
    group = state.groups.take() if state.groups else None
    if state.mode.namespaces:
        namespaces.before_fork()
    sizes = [int(n) * resource.getpagesize() for n in os.pread(state.statm, 128, 0).split()]
    return replace(
        state,
        turn=(state.turn + 1) % _USERS_A_SERVER,
        mapped_bytes=sizes[0],
        resident_bytes=sizes[1],
        data_bytes=sizes[5],
        group=group,
    )


def after_fork(state: State) -> None:
    """To be called in the server right after the fork, also if that failed."""
    if state.mode.namespaces:
        namespaces.after_fork(state.pid_namespace)


def after_reap(state: State) -> bool:
    """To be called in the server for a child, with the state that it was forked with.

    Says whether the kernel ended it for the memory of its control group.
    """
    if state.groups is None or state.group is None:
        return False
    return state.groups.give_back(state.group)


def leave(state: State) -> None:
    """To be called in the server when all children are reaped."""
    if state.groups is not None:
        state.groups.remove()


# --- the child -----------------------------------------------------------------------------------


def confine(state: State, limits: Mapping[str, float | str]) -> None:
    """All that holds a child, in the one order that works; for good.

    File descriptors 0 to 4 stay open, the others are closed.  It ends where student code may begin.
    """
    mode = state.mode
    os.setsid()
    if state.group is not None:
        state.group.enter(_group_bytes(state, limits))
    work = _work_folder(state, limits)
    _change_user(state)
    os.chdir(work)
    os.environ.update(HOME=work, TMPDIR=work, LOGNAME="student")
    _limit(state, limits)
    if mode.filtered:
        linux.drop_capabilities()
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        linux.prctl(linux.PR_SET_DUMPABLE, 0)
    # A change of user would take this back.
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != state.server:
        os._exit(1)  # it was too late
    os.closerange(_FIRST_FREE_FD, _OUT_OF_REACH)
    if state.abi:
        landlock.restrict(state.abi, state.rules, work)
    if mode.filtered:
        linux.seccomp(seccomp.program(os.uname().machine, os.getpid()))


def _group_bytes(state: State, limits: Mapping[str, float | str]) -> int:
    """No honest run meets this bound before the others: its memory, its files, what it copies."""
    own = int(limits["memory_bytes"]) + rlimits.FOLDER_BYTES
    return own + state.resident_bytes + _MORE_OF_KERNEL


def _work_folder(state: State, limits: Mapping[str, float | str]) -> str:
    """With namespaces one of its own, else the one that the parent made for this run."""
    uid, gid = _ids(state)
    if state.mode.namespaces:
        namespaces.own_mounts(uid, gid, rlimits.FOLDER_BYTES)
        return namespaces.WORK
    folder = str(limits["folder"])
    if state.first_uid:
        os.chown(folder, uid, gid)
    return folder


def _ids(state: State) -> tuple[int, int]:
    """For each run another user, if there can be: nothing of an earlier run is its own."""
    own = state.first_uid + state.turn
    return (own, own) if state.first_uid else (state.uid, state.gid)


def _change_user(state: State) -> None:
    if state.mode.namespaces == "user":
        namespaces.own_user(state.proc_sys)
    if state.mode.filtered:
        linux.drop_bounding_set()
    if state.first_uid:
        uid, gid = _ids(state)
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)


def _limit(state: State, limits: Mapping[str, float | str]) -> None:
    cpu_seconds = math.ceil(float(limits["cpu_seconds"])) + 1  # the parent is there before
    own = int(limits["memory_bytes"])
    rlimits.apply(cpu_seconds, state.mapped_bytes + own, state.data_bytes + own, state.threads)
