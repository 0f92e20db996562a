# 48. Keeps memory in files without a name, which no limit of a process counts.
# ends: error
# points: 0
import os


def gradient(x):
    for number in range(16):
        fd = os.memfd_create(f"grader-attack-{number}")
        os.truncate(fd, 1 << 25)
    return 3 * x**2
