# grade: ex1 format=1 variant=0
# The slope of a polynomial
import numpy as np
import torch
from torch import autograd, nn

# Predict: before and after backward()

before = None
value = 64.5
gradient = 56.0


# By calculus

def dydx(x: float | torch.Tensor, a: float, b: float, c: float) -> float | torch.Tensor:
    """Return the slope of y = x^3 + a x^2 + b x + c at x, by calculus."""
    slope = np.polyder(np.array([1.0, a, b, c]))
    return torch.as_tensor(np.polyval(slope, np.asarray(x)))


# With autograd

def poly(t, *factors):
    total = torch.zeros_like(t)
    for factor in factors:
        total = total * t + factor
    return total


def with_autograd(x0: float, a: float, b: float, c: float) -> tuple[torch.Tensor, torch.Tensor]:
    x = nn.Parameter(torch.full((), x0))
    y = poly(x, 1.0, a, b, c)
    autograd.backward([y])
    return x, y.detach()
