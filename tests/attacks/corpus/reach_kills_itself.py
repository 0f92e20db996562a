# 74. Kills itself as its parent would, so that it looks as if its time had been up.
# ends: crashed | timeout
# points: 0
import os
import signal


def gradient(x):
    os.kill(os.getpid(), signal.SIGKILL)
    os._exit(137)
