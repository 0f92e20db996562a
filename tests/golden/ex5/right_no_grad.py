# grade: ex5 format=1 variant=0
import torch

grad_whole = 2 * 25 * 1.5
grad_half = 75 / 2
tracked = False
shared = True
ended = "raised"


def half(a: torch.Tensor, k: float) -> torch.Tensor:
    """Return (k * a) ** 2, of which autograd sees one of the two factors."""
    with torch.no_grad():
        frozen = a * k
    print("frozen", frozen)
    return a * k * frozen


def chase(u: torch.Tensor, v: torch.Tensor, x: float) -> torch.Tensor:
    """Return the squared gap between a guess and its goal; the goal sends no gradient back."""
    with torch.no_grad():
        goal = u * v
    gap = goal - u * x
    return gap.square()
