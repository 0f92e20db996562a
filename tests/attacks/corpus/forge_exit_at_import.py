# 33. Ends the program before anything is defined.
# ends: crashed
# points: 0
import os

os._exit(0)


def gradient(x):
    return 3 * x**2
