# 49. Fills its work folder with files of 4 MB, up to 128 MB, and stays to keep them.
# ends: error
# points: 0
# in c, c_old, d: timeout | error | crashed | refused
import os
import time


def gradient(x):
    for number in range(32):
        fd = os.open(f"{number}", os.O_CREAT | os.O_RDWR)
        os.posix_fallocate(fd, 0, 4 << 20)
        os.close(fd)
    time.sleep(99)
