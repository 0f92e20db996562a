# 62. Waits until the disk has what was written, which takes long when others write much.
# ends: finished
# points: full
import mmap
import os


def gradient(x):
    with open("note", "w+b") as file:
        file.write(b"x" * 4096)
        file.flush()
        os.fsync(file.fileno())
        mmap.mmap(file.fileno(), 4096).flush()
    for wait in (os.fsync, os.fdatasync):
        wait(1)  # the kernel has no such thing for a pipe: it was not asked
    return 3 * x**2
