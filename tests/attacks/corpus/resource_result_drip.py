# 50. Sends one byte of a result now and then, so that somebody waits for the rest.
# ends: timeout
# points: 0
import os
import signal
import time


def gradient(x):
    signal.setitimer(signal.ITIMER_REAL, 0)
    while True:
        os.write(4, b"G")
        time.sleep(0.01)
