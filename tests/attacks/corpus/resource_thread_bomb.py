# 46. Starts threads, with stacks so small that memory does not stop them.
# ends: error
# points: 0
import threading

threading.stack_size(1 << 15)
over = threading.Event()


def gradient(x):
    try:
        for _ in range(1024):
            threading.Thread(target=over.wait, daemon=True).start()
    finally:
        over.set()
    return 3 * x**2
