# Ten thousand tensors where one is asked for: more than a message may hold.
# ends: refused | timeout
# points: 0
import torch


def gradient(x):
    return [torch.zeros(1) for _ in range(10_000)]
