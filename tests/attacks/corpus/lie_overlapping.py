# 12. A view whose rows lie on each other, of impossible strides.
# ends: finished
# points: 0
import torch


def gradient(x):
    return torch.as_strided(torch.zeros(2), (len(x),), (0,), 1)
