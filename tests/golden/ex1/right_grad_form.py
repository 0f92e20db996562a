# grade: ex1 format=1 variant=0
# The slope of a polynomial
import torch


before = None
value = 64.5
gradient = 56.0


def dydx(x, a, b, c):
    return 3 * x**2 + 2 * a * x + b


def with_autograd(x0, a, b, c):
    x = torch.tensor(x0).requires_grad_()
    y = c + x * (b + x * (a + x))
    (found,) = torch.autograd.grad(y, x)
    x.grad = found
    return x, y
