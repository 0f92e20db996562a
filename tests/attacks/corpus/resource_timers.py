# 51. Has the kernel send it signals as fast as it can.
# ends: timeout
# points: 0
import signal


def gradient(x):
    for number, timer in (
        (signal.SIGALRM, signal.ITIMER_REAL),
        (signal.SIGVTALRM, signal.ITIMER_VIRTUAL),
        (signal.SIGPROF, signal.ITIMER_PROF),
    ):
        signal.signal(number, lambda *_: None)
        signal.setitimer(timer, 1e-6, 1e-6)
    while True:
        pass
