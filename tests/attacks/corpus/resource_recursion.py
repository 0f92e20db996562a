# 52. Calls itself without end, after it has lifted Python's own limit on that.
# ends: crashed | memory | timeout
# points: 0
import sys


def gradient(x):
    sys.setrecursionlimit(10**8)
    return gradient(x)
