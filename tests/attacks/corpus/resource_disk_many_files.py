# 49. Makes 2000 empty files, which take no room but a place each in a table, and keeps them.
# ends: error
# points: 0
# in c, c_old, d: timeout | error | crashed | refused
import os
import time


def gradient(x):
    for number in range(2000):
        os.close(os.open(f"{number}", os.O_CREAT | os.O_WRONLY))
    time.sleep(99)
