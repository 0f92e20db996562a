# 50. Finds where its result goes and writes there without end.
# ends: refused | timeout
# points: 0
import os


def gradient(x):
    while True:
        for fd in range(3, 16):
            try:
                os.write(fd, bytes(1 << 20))
            except OSError:
                pass
