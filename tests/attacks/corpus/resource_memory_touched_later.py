# 47. Asks for an empty gigabyte, which costs nothing yet, and touches each page of it.
# ends: memory | timeout
# points: 0
import torch


def gradient(x):
    lazy = torch.empty(1 << 30, dtype=torch.uint8)
    lazy[::4096] = 1
    return 3 * x**2
