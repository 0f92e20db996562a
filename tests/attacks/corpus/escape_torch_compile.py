# 67. Has torch compile its function, which starts workers and a compiler.
# ends: error | timeout | memory | crashed
# points: 0
import torch
import torch._dynamo


@torch._dynamo.optimize()  # `torch.compile` is a stand-in
def compiled(x):
    return 3 * x**2


def gradient(x):
    return compiled(x)
