# 48. Keeps 32 megabytes in the buffers of pipes, which belong to the kernel.
# ends: error
# points: 0
import fcntl
import os


def gradient(x):
    kept = 0
    while kept < 32 << 20:
        _, write = os.pipe()
        try:
            fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 1 << 20)
        except (OSError, AttributeError):
            pass
        os.set_blocking(write, False)
        try:
            while True:
                kept += os.write(write, bytes(1 << 16))
        except BlockingIOError:
            pass
    return 3 * x**2
