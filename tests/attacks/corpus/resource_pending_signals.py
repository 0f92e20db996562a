# 51. Keeps a thousand signals waiting, each of which the kernel must remember.
# ends: error
# points: 0
import os
import signal


def gradient(x):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN])
    for _ in range(1000):
        os.kill(os.getpid(), signal.SIGRTMIN)
    kept = 0
    while signal.sigtimedwait([signal.SIGRTMIN], 0):
        kept += 1
    if kept < 1000:
        raise OSError(f"only {kept} were kept")
    return 3 * x**2
