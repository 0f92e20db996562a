# 30. Says once more that it is ready, in hope that somebody starts over.
# ends: refused
# points: 0
import os


def gradient(x):
    os.write(4, b"R")
    return 3 * x**2
