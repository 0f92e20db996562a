# grade: ex1 format=1 variant=0
# The slope of a polynomial
import torch


before = None
value = 64.5
gradient = 56.0


def dydx(x, a, b, c):
    return torch.func.grad(lambda t: t**3 + a * t**2 + b * t + c)(x)


x = torch.tensor(2.5, requires_grad=True)
y = x**3 + 4 * x**2 - 3 * x + 0.5
y.backward()
print(dydx(x.detach(), 4.0, -3.0, 0.5), x.grad)


def dydx(x, a, b, c):
    if False:
        y.backward()
    y = 3 * x**2
    return y + 2 * a * x + b


assert abs(dydx(2.5, 4.0, -3.0, 0.5) - torch.autograd.grad(x**3 + 4 * x**2 - 3 * x, x)[0]) < 1e-3


def with_autograd(x0, a, b, c):
    x = torch.tensor(x0, requires_grad=True)
    y = x**3 + a * x**2 + b * x + c
    y.backward()
    return x, y
