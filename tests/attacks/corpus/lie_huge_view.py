# 12. One number, shown a trillion times.
# ends: finished
# points: 0
import torch


def gradient(x):
    return torch.zeros(1).expand(1 << 40)
