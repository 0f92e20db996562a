# 48. Locks memory, so that the machine cannot swap it out.
# ends: error | memory
# points: 0
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def gradient(x):
    kept = ctypes.create_string_buffer(1 << 20)
    if libc.mlock(kept, ctypes.c_size_t(len(kept))) and libc.mlockall(1):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return 3 * x**2
