"""The few calls of the Linux kernel that Python 3.11 has no name for.

Constants are called as in the kernel's headers.  Every call raises OSError.
"""

import ctypes
import os
import struct
from functools import cache

from .syscalls import numbers

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18
MNT_DETACH = 2
MOUNT_ATTR_RDONLY = 1
MOUNT_ATTR_NOSUID = 2
MOUNT_ATTR_NODEV = 4
MOUNT_ATTR_NOEXEC = 8

PR_SET_PDEATHSIG = 1
PR_GET_DUMPABLE = 3
PR_SET_DUMPABLE = 4
PR_SET_NAME = 15
PR_GET_NAME = 16
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_SET_VMA = 0x53564D41

SECCOMP_SET_MODE_FILTER = 1
LANDLOCK_CREATE_RULESET_VERSION = 1
LANDLOCK_RULE_PATH_BENEATH = 1

_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_LINUX_CAPABILITY_VERSION_3 = 0x20080522
_MOST_CAPABILITIES = 64


@cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    for name in ("capset", "mount", "prctl", "setns", "syscall", "umount2", "unshare"):
        getattr(libc, name)  # kept there; else each child searches all of torch's libraries
    return libc


@cache
def _numbers() -> dict[str, int]:
    return numbers(os.uname().machine)


def unshare(flags: int) -> None:
    _check(_libc().unshare(flags), "unshare")


def setns(fd: int, kind: int) -> None:
    _check(_libc().setns(fd, kind), "setns")


def mount(
    source: str, target: str, kind: str | None = None, flags: int = 0, options: str = ""
) -> None:
    """Mount; `kind` is the file system, None for a bind or a change."""
    words = (None if word is None else word.encode() for word in (source, target, kind))
    done = _libc().mount(*words, ctypes.c_ulong(flags), options.encode())
    _check(done, f"mount {target}")


def umount2(target: str, flags: int) -> None:
    _check(_libc().umount2(target.encode(), flags), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    _syscall("pivot_root", new.encode(), old.encode())


def mount_setattr(path: str, add: int, *, recursive: bool) -> None:
    """Only adds, so that a mount which is locked as it is gives no EPERM."""
    attributes = struct.pack("QQQQ", add, 0, 0, 0)
    flags = _AT_RECURSIVE if recursive else 0
    _syscall("mount_setattr", _AT_FDCWD, path.encode(), flags, attributes, len(attributes))


def prctl(option: int, value: int = 0) -> int:
    words = (ctypes.c_ulong(word) for word in (value, 0, 0, 0))
    return _check(_libc().prctl(option, *words), f"prctl {option}")


def drop_capabilities() -> None:
    """Of this process; see `drop_bounding_set` for those that an exec could bring."""
    header = struct.pack("Ii", _LINUX_CAPABILITY_VERSION_3, 0)
    _check(_libc().capset(header, bytes(24)), "capset")


def drop_bounding_set() -> None:
    """Keeps what the process has; of one without CAP_SETPCAP it may keep all."""
    for capability in range(_MOST_CAPABILITIES):
        if _libc().prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            return  # past the kernel's last one


def seccomp(program: bytes) -> None:
    """Install a filter: the packed instructions of a classic BPF program."""
    held = ctypes.create_string_buffer(program, len(program))
    fprog = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(held))
    _syscall("seccomp", SECCOMP_SET_MODE_FILTER, 0, fprog)


def landlock_abi() -> int:
    """Raises OSError where there is no Landlock, or it is off."""
    return _syscall("landlock_create_ruleset", None, 0, LANDLOCK_CREATE_RULESET_VERSION)


def landlock_create_ruleset(attributes: bytes) -> int:
    return _syscall("landlock_create_ruleset", attributes, len(attributes), 0)


def landlock_add_rule(ruleset: int, allowed: int, path_fd: int) -> None:
    rule = struct.pack("=Qi", allowed, path_fd)
    _syscall("landlock_add_rule", ruleset, LANDLOCK_RULE_PATH_BENEATH, rule, 0)


def landlock_restrict_self(ruleset: int, flags: int) -> None:
    _syscall("landlock_restrict_self", ruleset, flags)


def _syscall(name: str, *words: int | bytes | None) -> int:
    wide = (ctypes.c_long(word) if isinstance(word, int) else word for word in words)
    return _check(_libc().syscall(ctypes.c_long(_numbers()[name]), *wide), name)


def _check(value: int, what: str) -> int:
    if value == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
    return value
