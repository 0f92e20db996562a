# 88. torch.func.grad and vmap.
# ends: finished
# points: full
import torch
from torch.func import grad, vmap


def gradient(x):
    return vmap(grad(lambda v: v**3))(x)
