# grade: ex1 format=1 variant=0
# The slope of a polynomial
import torch

# Predict: before and after backward()

before = None
value = 64.5
gradient = 56.0


# By calculus

def dydx(x, a, b, c):
    total = 0
    for n, factor in enumerate([c, b, a, 1]):
        total = total + n * factor * x**n
    return total


# With autograd

def with_autograd(x0: float, a: float, b: float, c: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the leaf x, with the slope at x0 in x.grad, and y."""
    x = torch.tensor(x0, requires_grad=True)
    y = x**3 + a * x**2 + b * x + c
    y.backward()
    return x, y
