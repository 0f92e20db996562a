# 30. Writes half a record and leaves.
# ends: refused
# points: 0
import os
import sys


def gradient(x):
    encoder = sys._getframe(3).f_locals["encoder"]
    seen = {"gradient": encoder.observation(3 * x**2)}
    frame = encoder.frame({"observations": seen, "inputs": {}, "fault": None, "warnings": []})
    os.write(4, frame[: len(frame) // 2])
    os._exit(0)
