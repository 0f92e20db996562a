# 62. Drops, fetches and shares pages of a library, and asks which ones are there: so may others.
# ends: error
# points: 0
import ctypes
import errno
import mmap
import os

import torch

MADVISE, MLOCK, MINCORE, FADVISE, READAHEAD, PREADV2, CACHESTAT = 28, 149, 27, 221, 187, 327, 451
NORMAL = 0
ADVICE = {"willneed": 3, "remove": 9, "mergeable": 12, "cold": 20, "pageout": 21, "populate": 22}
ADVICE["collapse"] = 25
HUGE = 0x40000 | mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p


def stopped(*words):
    refused = {errno.EPERM, errno.ENOSYS}
    return libc.syscall(*words) < 0 and ctypes.get_errno() in refused


def gradient(x):
    fd, size = os.open(torch._C.__file__, os.O_RDONLY), ctypes.c_size_t(4096)
    page = libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, fd, ctypes.c_long(0))
    at, room = ctypes.c_void_p(page), ctypes.create_string_buffer(64)
    assert libc.syscall(MADVISE, at, size, NORMAL) == 0
    for name, advice in ADVICE.items():
        if not stopped(MADVISE, at, size, advice):
            print(name, "got through", ctypes.get_errno())
            return 3 * x**2
    calls = ((MLOCK, at, size), (MINCORE, at, size, room), (FADVISE, fd, 0, size, 4))
    calls += ((READAHEAD, fd, 0, size), (PREADV2, fd, room, 0, 0, 0, 8), (CACHESTAT, fd, 0, 0, 0))
    for words in calls:
        if not stopped(*words):
            print(words[0], "got through", ctypes.get_errno())
            return 3 * x**2
    libc.mmap(None, ctypes.c_size_t(1 << 21), mmap.PROT_READ, HUGE, -1, ctypes.c_long(0))
    if ctypes.get_errno() != errno.EPERM:
        print("huge pages got through", ctypes.get_errno())
        return 3 * x**2
    raise PermissionError("pages of files are nobody's")
