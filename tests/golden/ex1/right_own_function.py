# grade: ex1 format=1 variant=0
# The slope of a polynomial
import torch


before = None
value = 64.5
gradient = 56.0


def dydx(x, a, b, c):
    return 3 * x**2 + 2 * a * x + b


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * 3 * x**2


def with_autograd(x0, a, b, c):
    x = torch.tensor(x0, requires_grad=True)
    y = Cube.apply(x) + a * x**2 + b * x + c
    y.backward()
    return x, y
