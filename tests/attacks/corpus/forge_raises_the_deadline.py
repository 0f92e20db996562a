# 35. Raises the very exception by which the grader says that time is up.
# ends: timeout
# points: 0
import sys


def gradient(x):
    raise sys.modules["box.child"].OutOfTime
