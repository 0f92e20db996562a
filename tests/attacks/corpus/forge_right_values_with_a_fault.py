# 29. Right values beside a fault, and a frame that is right but for the process's last word.
# ends: crashed
# points: 0
import os
import sys


def gradient(x):
    encoder = sys._getframe(3).f_locals["encoder"]
    seen = {"gradient": encoder.observation(3 * x**2)}
    os.write(4, encoder.frame({"observations": seen, "inputs": {}, "fault": None, "warnings": []}))
    os._exit(3)
