# 52. Overflows the stack of the interpreter, where no limit of Python's is asked.
# ends: crashed | timeout
# points: 0
import sys


def gradient(x):
    sys.setrecursionlimit(10**8)
    nested = ()
    for _ in range(10**6):
        nested = (nested,)
    hash(nested)
    return 3 * x**2
