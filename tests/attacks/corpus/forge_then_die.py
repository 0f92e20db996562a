# 29. Writes a perfect record and then dies of a signal.
# ends: crashed
# points: 0
import ctypes
import os
import sys


def gradient(x):
    encoder = sys._getframe(3).f_locals["encoder"]
    seen = {"gradient": encoder.observation(3 * x**2)}
    os.write(4, encoder.frame({"observations": seen, "inputs": {}, "fault": None, "warnings": []}))
    ctypes.string_at(0)
