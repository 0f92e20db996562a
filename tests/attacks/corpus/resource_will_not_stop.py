# 43. Blocks and ignores the signal that asks it to stop, and swallows what is raised.
# ends: timeout
# points: 0
import faulthandler
import signal


def gradient(x):
    faulthandler.unregister(signal.SIGXCPU)
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
