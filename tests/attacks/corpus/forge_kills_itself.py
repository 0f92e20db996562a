# 33. Sends itself the signal by which the grader ends what is late; a first process has no such luck.
# ends: timeout | finished
# points: 0
import os
import signal


def gradient(x):
    os.kill(os.getpid(), signal.SIGKILL)
    return x
