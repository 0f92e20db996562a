# Prints more than a pipe holds, in one go, and then answers: the right answer still counts.
# ends: finished
# points: full
import os


def gradient(x):
    left = memoryview(b"x" * (1 << 20))
    while left:
        left = left[os.write(1, left) :]
    return 3 * x**2
