# 12. A tensor that has leaked out of torch.func.grad and is dead outside of it.
# ends: error | finished
# points: 0
import torch


def gradient(x):
    kept = []
    torch.func.vmap(lambda v: (kept.append(v), v)[1])(x)
    return kept[0]
