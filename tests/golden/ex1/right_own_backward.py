# grade: ex1 format=1 variant=0
# The slope of a polynomial
import torch


before = None
value = 64.5
gradient = 56.0


class Term:
    def __init__(self, factor, power):
        self.factor, self.power = factor, power

    def backward(self, x):
        if self.power == 0:
            return 0 * x
        return self.factor * self.power * x ** (self.power - 1)


def dydx(x, a, b, c):
    return sum(Term(*each).backward(x) for each in [(1, 3), (a, 2), (b, 1), (c, 0)])


def with_autograd(x0, a, b, c):
    x = torch.tensor(x0, requires_grad=True)
    y = x**3 + a * x**2 + b * x + c
    y.backward()
    return x, y
