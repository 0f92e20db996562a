# 71. Makes a device without mknod: what a rename may leave in the place of a file.
# ends: error
# points: 0
import ctypes
import os
import stat

RENAMEAT2, HERE, RENAME_WHITEOUT = 316, -100, 4
libc = ctypes.CDLL(None, use_errno=True)


def gradient(x):
    with open("note", "w"):
        pass
    words = [ctypes.c_long(RENAMEAT2), HERE, b"note", HERE, b"moved", RENAME_WHITEOUT]
    if libc.syscall(*words) or not stat.S_ISCHR(os.lstat("note").st_mode):
        raise OSError(ctypes.get_errno(), "no device was made")
    return 3 * x**2
