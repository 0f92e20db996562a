# 30. Writes two records; the second is right.
# ends: refused
# points: 0
import os
import sys


def gradient(x):
    encoder = sys._getframe(3).f_locals["encoder"]
    seen = {"gradient": encoder.observation(x)}
    os.write(4, encoder.frame({"observations": seen, "inputs": {}, "fault": None, "warnings": []}))
    return 3 * x**2
