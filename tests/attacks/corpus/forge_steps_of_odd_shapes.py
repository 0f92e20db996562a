# 41. A trace with leaves of other names and shapes in every row.
# ends: finished | refused
# points: 0
import os
import sys

import torch


def gradient(x):
    encoder = sys._getframe(3).f_locals["encoder"]
    odd = [torch.ones(0), torch.ones(2, 3) > 0, torch.full((1,), float("nan"))]
    steps = [
        {"loss": 1.0, "leaves": {"x" * n: [encoder.array(t), encoder.array(t), encoder.array(t)]}}
        for n, t in enumerate(odd)
    ]
    record = {"observations": {"gradient": encoder.observation(x)}, "inputs": {}, "fault": None}
    os.write(4, encoder.frame({**record, "warnings": [], "steps": steps}))
    os._exit(0)
