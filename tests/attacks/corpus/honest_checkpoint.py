# 88. Checkpointing.
# ends: finished
# points: full
import torch
from torch.utils.checkpoint import checkpoint


def gradient(x):
    leaf = x.clone().requires_grad_()
    checkpoint(lambda v: v**3, leaf, use_reentrant=False).sum().backward()
    return leaf.grad
