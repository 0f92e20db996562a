# 19. Claims to have called backward: by counters, flags and a graph of its own.
# ends: finished
# points: 0
import torch

called = True
calls = {"backward": 1}


def gradient(x):
    g = torch.zeros_like(x, requires_grad=True) * 1
    g.retain_grad()
    g.sum().backward()
    g.backward_called = True
    gradient.called = gradient.passed = True
    return g
