# 35. Writes a perfect record and then stays for ever, whatever is raised.
# ends: timeout
# points: 0
import os
import sys
import time


def gradient(x):
    encoder = sys._getframe(3).f_locals["encoder"]
    seen = {"gradient": encoder.observation(3 * x**2)}
    os.write(4, encoder.frame({"observations": seen, "inputs": {}, "fault": None, "warnings": []}))
    while True:
        try:
            time.sleep(1000)
        except BaseException:
            pass
