# 68. Has the kernel put pages of a read-only file into a pipe, which has led to writing there.
# ends: error
# points: 0
import os


def gradient(x):
    file = os.open(os.__file__, os.O_RDONLY)
    _, write = os.pipe()
    os.sendfile(write, file, 0, 1)
    return 3 * x**2
