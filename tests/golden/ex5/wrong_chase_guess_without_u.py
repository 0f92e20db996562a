# grade: ex5 format=1 variant=0
import torch

grad_whole = 75.0
grad_half = 37.5
tracked = False
shared = True
ended = "raised"


def half(a: torch.Tensor, k: float) -> torch.Tensor:
    """Return (k * a) ** 2, of which autograd sees one of the two factors."""
    b = k * a
    return b.detach() * b


def chase(u, v, x):
    goal = (u * v).detach()
    return (torch.tensor(x) - goal) ** 2
