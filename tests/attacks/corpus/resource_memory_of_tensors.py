# 47. Keeps tensors of ones until there are two gigabytes of them.
# ends: memory | timeout
# points: 0
import torch


def gradient(x):
    kept = [torch.ones(1 << 22) for _ in range(128)]
    return 3 * x**2 if kept else x
