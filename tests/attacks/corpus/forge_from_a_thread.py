# 34. A thread that goes on writing records while and after the answer is sent.
# ends: refused
# points: 0
import os
import sys
import threading
import time


def gradient(x):
    encoder = sys._getframe(3).f_locals["encoder"]
    seen = {"gradient": encoder.observation(3 * x**2)}
    frame = encoder.frame({"observations": seen, "inputs": {}, "fault": None, "warnings": []})

    def write():
        while True:
            os.write(4, frame)

    threading.Thread(target=write, daemon=True).start()
    time.sleep(0.02)
    return x
