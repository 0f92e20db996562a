# 88. Slow but within its time, and with half of its memory.
# ends: finished
# points: full
import time

import torch


def gradient(x):
    kept = torch.ones(50 << 20, dtype=torch.uint8)
    until = time.monotonic() + 0.1
    while time.monotonic() < until:
        pass
    time.sleep(0.05)
    return 3 * x**2 * kept[-1]
