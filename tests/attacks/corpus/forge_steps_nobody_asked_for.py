# 41. A trace of a training loop, where nothing was to be traced.
# ends: finished | refused
# points: 0
import os
import sys

import torch


def gradient(x):
    encoder = sys._getframe(3).f_locals["encoder"]
    steps = [
        {"loss": loss, "leaves": {"w": [encoder.array(torch.ones(n + 1)), None, None]}}
        for n, loss in enumerate([1.0, None, "nan", "inf", 3])
    ]
    record = {"observations": {"gradient": encoder.observation(x)}, "inputs": {}, "fault": None}
    os.write(4, encoder.frame({**record, "warnings": [], "steps": steps}))
    os._exit(0)
