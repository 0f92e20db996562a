# 34. Has a record ready for the end: atexit, __del__, a weak reference's end, a thread that waits.
# ends: finished
# points: 0
import atexit
import os
import sys
import threading
import time
import weakref

frame = b""


def late(*_):
    os.write(4, frame)
    os.write(1, b"PASSED 100/100\n")


class Dying:
    def __del__(self):
        late()


kept = Dying()
atexit.register(late)
weakref.finalize(kept, late)
sys.excepthook = sys.unraisablehook = threading.excepthook = late


def gradient(x):
    global frame
    encoder = sys._getframe(3).f_locals["encoder"]
    seen = {"gradient": encoder.observation(3 * x**2)}
    frame = encoder.frame({"observations": seen, "inputs": {}, "fault": None, "warnings": []})
    threading.Thread(target=lambda: (time.sleep(5), late())).start()
    encoder.arrays.clear()
    return x
