# 69. Reads from the channels that it should only write to, and moves about in them.
# ends: error
# points: 0
import os


def gradient(x):
    for fd in (1, 2, 4):
        for way in (os.read, os.ftruncate, lambda fd, _: os.lseek(fd, 0, os.SEEK_SET)):
            try:
                way(fd, 1)
            except OSError:
                continue
            print("it got through on", fd)
            return 3 * x**2
    raise PermissionError("its pipes go one way")
