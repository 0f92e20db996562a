# grade: ex1 format=1 variant=0
# The slope of a polynomial
import torch


before = None
value = 64.5
gradient = 56.0


slope = torch.func.grad(lambda x, a, b, c: (x**3 + a * x**2 + b * x + c).sum())


def dydx(x, a, b, c):
    if isinstance(x, torch.Tensor):
        return slope(x, a, b, c)
    return slope(torch.tensor(x), a, b, c).item()


def with_autograd(x0, a, b, c):
    x = torch.tensor(x0, requires_grad=True)
    y = x**3 + a * x**2 + b * x + c
    y.backward()
    return x, y
