# 49. Keeps 128 MB in files that have no name, or no longer one: no list of a folder shows them.
# ends: error
# points: 0
# in c, c_old, d: timeout | error | crashed | refused
import os
import time


def gradient(x):
    for number in range(16):
        fd = os.open("named", os.O_CREAT | os.O_RDWR)
        os.unlink("named")
        os.posix_fallocate(fd, 0, 4 << 20)
        try:
            fd = os.open(".", os.O_TMPFILE | os.O_RDWR)
        except OSError:
            fd = os.open(f"{number}", os.O_CREAT | os.O_RDWR)
        os.posix_fallocate(fd, 0, 4 << 20)
    time.sleep(99)
