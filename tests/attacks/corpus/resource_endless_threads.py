# 46. Starts a thread again whenever no more can be started, and never ends one.
# ends: timeout | error
# points: 0
import threading
import time

threading.stack_size(1 << 15)


def gradient(x):
    while True:
        try:
            threading.Thread(target=time.sleep, args=(99,), daemon=True).start()
        except (RuntimeError, MemoryError):
            pass
