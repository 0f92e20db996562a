# 12. A tensor over memory that numpy has given back.
# ends: finished | error | crashed
# points: 0
import ctypes

import torch


def gradient(x):
    buffer = (ctypes.c_float * len(x)).from_address(0x10)
    return torch.frombuffer(buffer, dtype=torch.float32)
