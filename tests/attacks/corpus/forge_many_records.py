# 30. Writes a hundred thousand empty records.
# ends: refused
# points: 0
import os


def gradient(x):
    left = memoryview((b"GRD1" + bytes(12)) * 100_000)
    while left:
        left = left[os.write(4, left) :]
    os._exit(0)
