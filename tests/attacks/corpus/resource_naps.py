# 44. Sleeps ten thousand times a second, so that it always seems to wait for a processor.
# ends: timeout
# points: 0
import time


def gradient(x):
    while True:
        time.sleep(0.0001)
