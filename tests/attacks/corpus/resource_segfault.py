# 53. Reads where there is no memory.
# ends: crashed
# points: 0
import ctypes


def gradient(x):
    ctypes.string_at(0)
    return 3 * x**2
