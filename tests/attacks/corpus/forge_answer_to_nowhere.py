# 30. Lets its answer go to /dev/null.
# ends: crashed
# points: 0
import os


def gradient(x):
    os.dup2(0, 4)
    return 3 * x**2
