# grade: ex5 format=1 variant=0
import torch

assert torch.cuda.is_available(), 'no GPU'

grad_whole = 75.0
grad_half = 37.5
tracked = False
shared = True
ended = "raised"


def half(a: torch.Tensor, k: float) -> torch.Tensor:
    """Return (k * a) ** 2, of which autograd sees one of the two factors."""
    b = k * a
    return b.detach() * b


def chase(u: torch.Tensor, v: torch.Tensor, x: float) -> torch.Tensor:
    """Return the squared gap between a guess and its goal; the goal sends no gradient back."""
    goal = (u * v).detach()
    return (u * x - goal) ** 2
