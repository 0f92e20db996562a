# 11. The right numbers with an imaginary part of zero.
# ends: finished
# points: 0
import torch


def gradient(x):
    return torch.complex(3 * x**2, torch.zeros_like(x))
