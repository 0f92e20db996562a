# 43. Marks the end of its definitions before they begin, so that all is the rest of the file.
# ends: timeout
# points: 0
import os

os.write(4, b"r1:resource_never_loaded.py\n")
while True:
    pass


def gradient(x):
    return 3 * x**2
