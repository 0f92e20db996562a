# 88. An optimizer with a step of one: what it takes away is the gradient.
# ends: finished
# points: full
import torch


def gradient(x):
    torch.manual_seed(0)
    w = x.clone().requires_grad_()
    (w**3).sum().backward()
    torch.optim.SGD([w], lr=1.0).step()
    return (x - w).detach()
