# grade: ex1 format=1 variant=0
# The slope of a polynomial
import torch

# Predict: before and after backward()

before: None
before = None

value = 64.50
gradient = 27 + 36 - 7


# By calculus

def term(factor, power, x):
    """Slope of factor * x^power."""
    if power == 0:
        return 0 * x
    return power * factor * x ** (power - 1)


def dydx(x, a, b, c):
    """Return the slope of y = x^3 + a x^2 + b x + c at x, by calculus."""
    return sum(term(f, n, x) for n, f in {3: 1, 2: a, 1: b, 0: c}.items())


# With autograd

class Cubic(torch.nn.Module):
    def __init__(self, a, b, c):
        super().__init__()
        self.a, self.b, self.c = a, b, c

    def forward(self, x):
        return torch.pow(x, 3) + self.a * torch.square(x) + self.b * x + self.c


def with_autograd(x0, a, b, c):
    x = torch.tensor([x0], dtype=torch.float64, requires_grad=True)
    assert x.grad is None
    y = Cubic(a, b, c)(x)
    y.sum().backward()
    return x, y
