# grade: ex1 format=1 variant=0
# The slope of a polynomial
import torch

# Predict: before and after backward()

before = ...
value = ...
gradient = ...


# By calculus

def dydx(x: float | torch.Tensor, a: float, b: float, c: float) -> float | torch.Tensor:
    # no idea yet
    return ...


# With autograd

def with_autograd(x0: float, a: float, b: float, c: float) -> tuple[torch.Tensor, torch.Tensor]:
    x = ...
    y = ...
    ...
    return x, y
