# 30. Closes all it holds and opens other things in their place.
# ends: crashed
# points: 0
import os


def gradient(x):
    os.closerange(0, 64)
    for n in range(8):
        os.open(f"in-its-place-{n}", os.O_RDWR | os.O_CREAT)
    return 3 * x**2
