"""Ways for two runs to hear each other, or how busy the machine is, one attack each.

A page, a number that the kernel counts for all, a clock of another's: what one run can change and
another one see is a channel.  Each of these works where nothing stops it, alone or not.
"""

import ctypes
import errno
import mmap
import os
import resource
import select
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .attacks import Attack, Targets, call, reached

_FUTEX_WAIT = 0
_MADV_WILLNEED = 3
_MAP_HUGETLB = 0x40000
_HUGE = 2 << 20
_CPUCLOCK_SCHED = 2
_MILLISECOND = (ctypes.c_long * 2)(0, 1_000_000)
_SOME_ROOM = 1 << 10


def _futex(_: Targets) -> str:
    with _page_of_all() as page:
        value = int.from_bytes(ctypes.string_at(page, 4), "little")
        try:
            call("futex", page, _FUTEX_WAIT, value, ctypes.addressof(_MILLISECOND), 0, 0)
        except OSError as error:
            if error.errno != errno.ETIMEDOUT:
                raise
    return "another run could have ended the wait"


def _pages(_: Targets) -> str:
    with _page_of_all() as page:
        call("madvise", page, mmap.PAGESIZE, _MADV_WILLNEED)
    return "a page of a file that all read can be had in memory, or out of it"


def _load(_: Targets) -> str:
    room = ctypes.create_string_buffer(_SOME_ROOM)
    call("sysinfo", ctypes.addressof(room))
    return "how many processes there are, and how much memory is free, is told"


def _usage(_: Targets) -> str:
    resource.getrusage(resource.RUSAGE_SELF)
    return "how often it waited for others is told"


def _disks(_: Targets) -> str:
    os.statvfs(os.__file__)
    return "how much of a disk is free is told"


def _huge_pages(_: Targets) -> str:
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _MAP_HUGETLB
    return reached("mmap", 0, _HUGE, mmap.PROT_READ, flags, -1, 0)


def _clock(targets: Targets) -> str:
    time.clock_gettime(~int(targets["server"]) << 3 | _CPUCLOCK_SCHED)
    return "how much of the processor another has used is told"


def _others(targets: Targets) -> str:
    os.sched_getaffinity(int(targets["server"]))
    return "it is told that the server is there"


def _pipe(_: Targets) -> str:
    for fd in os.pipe():
        os.close(fd)
    return "the kernel numbers them for all"


def _poll(_: Targets) -> str:
    select.epoll().close()
    return "the kernel counts them for each user"


def _disk_wait(_: Targets) -> str:
    try:
        os.fsync(1)
    except OSError as error:
        if error.errno == errno.EINVAL:
            return "the disk was asked"
        raise
    raise PermissionError("that was pretended: a pipe has no disk")


@contextmanager
def _page_of_all() -> Iterator[int]:
    """One of a file that every child can read, mapped as all who want can map it."""
    with Path(os.__file__).open("rb") as file:
        page = call("mmap", 0, mmap.PAGESIZE, mmap.PROT_READ, mmap.MAP_SHARED, file.fileno(), 0)
    try:
        yield page
    finally:
        call("munmap", page, mmap.PAGESIZE)


CHANNELS: Mapping[str, Attack] = {
    "wait for another run": _futex,
    "move pages of files": _pages,
    "load of the machine": _load,
    "own waiting": _usage,
    "free space": _disks,
    "huge pages": _huge_pages,
    "another's clock": _clock,
    "who is there": _others,
    "make a pipe": _pipe,
    "make a watcher": _poll,
    "wait for the disk": _disk_wait,
}
