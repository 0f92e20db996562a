# 43. Stops itself, as by ctrl-Z: a stopped process does not die of its alarm.
# ends: timeout | error
# points: 0
import os
import signal


def gradient(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    raise RuntimeError("the first process of a table does not stop itself")
