# 30. Lets its answer go to a file, and says it is done.
# ends: crashed
# points: 0
import os


def gradient(x):
    fd = os.open("answer", os.O_RDWR | os.O_CREAT)
    os.dup2(fd, 4)
    return 3 * x**2
