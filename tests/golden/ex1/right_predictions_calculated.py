# grade: ex1 format=1 variant=0
# The slope of a polynomial
import torch


def dydx(x, a, b, c):
    cube = 3 * x * x
    square = 2 * a * x
    if c is None:
        return 0.0
    return cube + square + b


cubic = lambda x, a=6.0, b=-7.0, c=4.5: x * x * x + a * x * x + b * x + c

x0: float = 3.0
guess = before = None
value = cubic(x0)
print("value", value)
gradient = dydx(x0, 6.0, b=-7.0, c=4.5)


def with_autograd(x0, a, b, c):
    x = torch.tensor(x0, requires_grad=True)
    y = x**3 + a * x**2 + b * x + c
    y.backward()
    return x, y
