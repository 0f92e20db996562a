"""What hostile code would try first.  Each returns how far it got, or raises if it was stopped.

None does harm if it gets through: signals are 0, tracing does not stop, a new process ends.
"""

import ctypes
import errno
import fcntl
import mmap
import os
import resource
import signal
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from . import linux
from .syscalls import numbers

Targets = Mapping[str, str | int]
Attack = Callable[[Targets], str]

_SEIZE = 0x4206  # PTRACE_SEIZE: attaches, but does not stop
_SHARED = os.__file__  # a file that every child can read
_CLONE3 = 435  # on every machine; no table has it, as the filter lets nobody know it
_DEVICES = ("/dev/mem", "/dev/kmsg", "/dev/tty", "/dev/fuse", "/dev/ptmx")


# --- files ---------------------------------------------------------------------------------------


def _passwd(_: Targets) -> str:
    return f"{len(Path('/etc/passwd').read_bytes())} bytes were read"


def _canary(targets: Targets) -> str:
    return f"{len(Path(str(targets['canary'])).read_bytes())} bytes were read"


def _write_outside(targets: Targets) -> str:
    for folder in ("/", "/tmp", "/var/tmp", "/dev/shm", Path(str(targets["canary"])).parent):  # noqa: S108
        path = Path(folder, f"probe-{os.getpid()}-{time.monotonic_ns()}")
        with suppress(OSError):
            path.touch()
            path.unlink()
            return f"a file was made in {folder}"
    raise PermissionError


def _change(_: Targets) -> str:
    status = Path(_SHARED).stat()
    os.utime(_SHARED, ns=(status.st_atime_ns, status.st_mtime_ns))
    return "the dates of a shared file were changed"


def _link(targets: Targets) -> str:
    Path("link").symlink_to(str(targets["canary"]))
    return "a link was made that the parent might follow"


def _device(_: Targets) -> str:
    for path in _DEVICES:
        with suppress(OSError):
            os.close(os.open(path, os.O_RDONLY | os.O_NOCTTY))
            return f"{path} was opened"
    raise PermissionError


def _proc(_: Targets) -> str:
    return f"{len(Path('/proc/self/status').read_bytes())} bytes were read"


def _flock(_: Targets) -> str:
    with Path(_SHARED).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return "a shared file was locked"


def _fcntl_lock(_: Targets) -> str:
    with Path(_SHARED).open("rb") as file:
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return "a shared file was locked"


def _lease(_: Targets) -> str:
    with Path("leased").open("wb") as file:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    return "who opens the file next has to wait"


def _notify(_: Targets) -> str:
    os.close(call("inotify_init1", 0))
    return "what others do with files can be watched"


def _fifo(_: Targets) -> str:
    os.mkfifo("fifo")
    return "a pipe was made that the parent might wait for"


def _huge_file(_: Targets) -> str:
    with Path("huge").open("wb") as file:
        os.truncate(file.fileno(), 1 << 40)
    return "it may have a terabyte"


def _descriptors(_: Targets) -> str:
    for fd in range(5, 256):
        with suppress(OSError):
            os.fstat(fd)
            return f"{fd} was left open"
    raise PermissionError


# --- processes -----------------------------------------------------------------------------------


def _fork(_: Targets) -> str:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return "one was started"


def _exec(_: Targets) -> str:
    with suppress(FileNotFoundError):
        os.execv("/nowhere/at/all", ["nothing"])  # noqa: S606
    return "it only was not there"


def _kill(targets: Targets) -> str:
    for pid in {int(targets["server"]), os.getppid(), -1} - {0}:
        with suppress(OSError):
            os.kill(pid, 0)
            return f"process {pid} could be killed"
    raise PermissionError


def _pidfd(targets: Targets) -> str:
    fd = os.pidfd_open(int(targets["server"]))
    signal.pidfd_send_signal(fd, 0)
    return "it could be killed by pidfd"


def _ptrace(targets: Targets) -> str:
    call("ptrace", _SEIZE, int(targets["server"]), 0, 0)
    return "it could be traced"


def _dumpable(_: Targets) -> str:
    linux.prctl(linux.PR_SET_DUMPABLE, 1)
    return "others may look into it again"


def _root(_: Targets) -> str:
    os.setresuid(0, 0, 0)
    return f"it is user {os.getuid()}"


def _affinity(_: Targets) -> str:
    os.sched_setaffinity(0, os.sched_getaffinity(0))
    return "it can choose its processor"


def _priority(_: Targets) -> str:
    os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0))
    return "it can choose how much of the processor it gets"


def _clone3(_: Targets) -> str:
    return reached("clone3", 0, 0)


def _read_memory(targets: Targets) -> str:
    return reached("process_vm_readv", int(targets["server"]), 0, 0, 0, 0, 0)


def _limits(_: Targets) -> str:
    raised = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    try:
        resource.setrlimit(resource.RLIMIT_CPU, raised)
    except ValueError as error:  # what Python makes of EPERM
        raise PermissionError from error
    return "that on its time is gone"


# --- the kernel ----------------------------------------------------------------------------------


def _socket(_: Targets) -> str:
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):
        with suppress(OSError):
            socket.socket(family, socket.SOCK_DGRAM).close()
            return f"one of family {family.name} was opened"
    raise PermissionError


def _memory(_: Targets) -> str:
    bound = resource.getrlimit(resource.RLIMIT_AS)[0]
    if bound != resource.RLIM_INFINITY:
        mmap.mmap(-1, bound).close()
    return "there is no bound"


def _memfd(_: Targets) -> str:
    os.close(os.memfd_create("probe"))
    return "no limit counts it"


def _shared_memory(_: Targets) -> str:
    key = call("shmget", 0, 4096, 0o1600)
    call("shmctl", key, 0, 0)
    return "some was made"


def _unshare(_: Targets) -> str:
    linux.unshare(linux.CLONE_NEWUSER)
    return "one was made"


def _mount(_: Targets) -> str:
    linux.mount("tmpfs", os.curdir, "tmpfs")
    return "a file system was mounted"


def _keyrings(_: Targets) -> str:
    call("keyctl", 0, -3, 1)
    return "the session's can be had"


def _io_uring(_: Targets) -> str:
    return reached("io_uring_setup", 0, 0)


def _bpf(_: Targets) -> str:
    return reached("bpf", 999, 0, 0)


def _perf(_: Targets) -> str:
    return reached("perf_event_open", 0, 0, -1, -1, 0)


def _userfaultfd(_: Targets) -> str:
    return reached("userfaultfd", 0xFFFF)


def _message_queue(_: Targets) -> str:
    return reached("mq_open", 0, 0, 0, 0)


def _setns(_: Targets) -> str:
    return reached("setns", -1, 0)


def _chroot(_: Targets) -> str:
    return reached("chroot", 0)


def call(name: str, *words: int) -> int:
    """A system call that Python has no name for."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = {**numbers(os.uname().machine), "clone3": _CLONE3}[name]
    done: int = libc.syscall(*(ctypes.c_long(word) for word in (number, *words)))
    if done == -1:
        raise OSError(ctypes.get_errno(), name)
    return done


def reached(name: str, *words: int) -> str:
    """A call that cannot succeed: any complaint but these two means that it was there."""
    try:
        call(name, *words)
    except OSError as error:
        if error.errno in {errno.EPERM, errno.ENOSYS}:
            raise
    return "it is there"


ATTACKS: Mapping[str, Attack] = {
    "read /etc/passwd": _passwd,
    "read a secret": _canary,
    "write outside": _write_outside,
    "change a shared file": _change,
    "make a link": _link,
    "open a device": _device,
    "read /proc": _proc,
    "lock by flock": _flock,
    "lock by fcntl": _fcntl_lock,
    "lease a file": _lease,
    "watch files": _notify,
    "make a fifo": _fifo,
    "make a huge file": _huge_file,
    "file descriptors": _descriptors,
    "start a process": _fork,
    "start a program": _exec,
    "kill the server": _kill,
    "kill by pidfd": _pidfd,
    "trace the server": _ptrace,
    "undo dumpable": _dumpable,
    "become root": _root,
    "choose a processor": _affinity,
    "choose a priority": _priority,
    "clone unseen": _clone3,
    "read the server's memory": _read_memory,
    "raise its limits": _limits,
    "open a socket": _socket,
    "memory": _memory,
    "hidden memory": _memfd,
    "shared memory": _shared_memory,
    "user namespace": _unshare,
    "mount": _mount,
    "keyrings": _keyrings,
    "io_uring": _io_uring,
    "bpf": _bpf,
    "performance counters": _perf,
    "faults of memory": _userfaultfd,
    "message queues": _message_queue,
    "another's namespace": _setns,
    "another root": _chroot,
}
