# grade: ex5 format=1 variant=0
import torch

grad_whole = 75.0
grad_half = 37.5
tracked = False
shared = True
ended = "raised"


def half(a, k):
    b = k * a
    first = b.detach().requires_grad_()
    return first * b.detach().requires_grad_()


def chase(u: torch.Tensor, v: torch.Tensor, x: float) -> torch.Tensor:
    """Return the squared gap between a guess and its goal; the goal sends no gradient back."""
    goal = (u * v).detach()
    return (u * x - goal) ** 2
