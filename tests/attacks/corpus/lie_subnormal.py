# 10. Subnormal numbers and negative zeros.
# ends: finished
# points: 0
import torch


def gradient(x):
    return torch.where(x > 0, torch.full_like(x, 1e-42), torch.full_like(x, -0.0))
