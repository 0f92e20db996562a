# grade: ex1 format=1 variant=0
# The slope of a polynomial
import torch


def dydx(x, a, b, c):
    return 3 * x**2 + 2 * a * x + b


def with_autograd(x0, a, b, c):
    x = torch.tensor(x0, requires_grad=True)
    y = x**3 + a * x**2 + b * x + c
    y.backward()
    return x, y


leaf, y = with_autograd(3.0, 6.0, -7.0, 4.5)
before = None
value = y.item()
gradient = leaf.grad.item()
