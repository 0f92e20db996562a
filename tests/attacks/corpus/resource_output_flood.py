# 50. Writes to both outputs without end.
# ends: timeout
# points: 0
import os


def gradient(x):
    while True:
        os.write(1, b"y" * (1 << 16))
        os.write(2, b"n" * (1 << 16))
