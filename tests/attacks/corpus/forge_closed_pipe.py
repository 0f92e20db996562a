# 30. Closes the pipe that its answer should go through.
# ends: crashed
# points: 0
import os


def gradient(x):
    os.close(4)
    return 3 * x**2
