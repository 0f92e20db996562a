# 62. Waits for a bell in a page of a library, which another run could ring: a futex not its own.
# ends: error
# points: 0
import ctypes
import errno
import mmap
import os

import torch

FUTEX, WAIT, LOCK_PI, WAIT_BITSET, WAKE, PRIVATE = 202, 0, 6, 9, 1, 128
ALL, MILLISECOND = 0xFFFFFFFF, (ctypes.c_long * 2)(0, 1_000_000)
OTHERS = {"futex_waitv": 449, "futex_wake": 454, "futex_wait": 455, "futex_requeue": 456}
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p


def heard(at, operation):
    value = ctypes.c_uint32.from_address(at).value
    words = (operation, value, ctypes.byref(MILLISECOND), None, ALL)
    return libc.syscall(FUTEX, ctypes.c_void_p(at), *words), ctypes.get_errno()


def gradient(x):
    own = ctypes.c_uint32(7)
    # What works among its own threads: the kernel waits, here for a millisecond.
    assert heard(ctypes.addressof(own), WAIT | PRIVATE) == (-1, errno.ETIMEDOUT)
    fd = os.open(torch._C.__file__, os.O_RDONLY)
    size, offset = ctypes.c_size_t(4096), ctypes.c_long(0)
    page = libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, fd, offset)
    if heard(page, WAIT) != (-1, errno.EAGAIN) or heard(page, WAIT_BITSET) != (-1, errno.EAGAIN):
        return 3 * x**2
    if heard(page, WAKE)[0] != 0 or heard(page, LOCK_PI)[1] != errno.ENOSYS:
        return 3 * x**2
    for name, number in OTHERS.items():
        if libc.syscall(number, None, 0, 0, 0, 0, 0) >= 0 or ctypes.get_errno() != errno.ENOSYS:
            print(name, "got through", ctypes.get_errno())
            return 3 * x**2
    raise PermissionError("no bell but its own")
