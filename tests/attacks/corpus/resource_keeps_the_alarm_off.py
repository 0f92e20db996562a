# 43. Takes away the alarm that asks a run to stop, and goes on a little longer than it may.
# ends: timeout
# points: 0
import signal
import time


def gradient(x):
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, lambda *_: None)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        time.sleep(0.01)
    return 3 * x**2
