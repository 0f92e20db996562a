# 88. A Function with a backward of its own.
# ends: finished
# points: full
import torch


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 3 * x**2


def gradient(x):
    leaf = x.clone().requires_grad_()
    Cube.apply(leaf).sum().backward()
    return leaf.grad
