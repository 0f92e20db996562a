# grade: ex1 format=1 variant=0
# The slope of a polynomial
import torch

# Predict: before and after backward()

before = None
value = 64.5
gradient = 56.0


# By calculus

def dydx(x: float | torch.Tensor, a: float, b: float, c: float) -> float | torch.Tensor:
    """Return the slope of y = x^3 + a x^2 + b x + c at x, by calculus."""
    return 3 * x**2 + 2 * a * x + b


# With autograd

def with_autograd(x0, a, b, c):
    x = torch.tensor(x0, requires_grad=True)
    y = x**3 + a * x**2 + b * x + c
    x.grad = torch.func.grad(lambda t: t**3 + a * t**2 + b * t + c)(x.detach())
    return x, y
