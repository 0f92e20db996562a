# 51. Opens files until it may not, and holds them.
# ends: error
# points: 0
import os


def gradient(x):
    kept = [os.open(os.__file__, os.O_RDONLY) for _ in range(1024)]
    return 3 * x**2 if kept else x
