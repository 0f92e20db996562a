# Nests folders with odd names as fast as it can, and is gone before anybody has looked.
# ends: finished | crashed | timeout
# points: 0
import contextlib
import os
import time

ODD = bytes(range(0x80, 0xFF)) + b"\n\x1b[2J"


def gradient(x):
    until = time.monotonic() + 0.085
    with contextlib.suppress(OSError):
        while time.monotonic() < until:
            os.mkdir(ODD)
            os.chdir(ODD)
    return x
