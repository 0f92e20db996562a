# 74. Exits in the very moment in which it is killed for its time.
# ends: crashed | timeout
# points: 0
import os
import signal
import threading
import time

threading.stack_size(1 << 17)
start = time.monotonic()


def gradient(x):
    signal.setitimer(signal.ITIMER_REAL, 0)
    for delay in range(30):
        threading.Timer(start + 0.985 + delay / 1000 - time.monotonic(), os._exit, [0]).start()
    time.sleep(99)
