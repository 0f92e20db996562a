# 44. Sleeps for thirty years.
# ends: timeout
# points: 0
import time


def gradient(x):
    time.sleep(10**9)
    return 3 * x**2
