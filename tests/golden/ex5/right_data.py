# grade: ex5 format=1 variant=0
import torch

grad_whole = 75
grad_half = 37.5
tracked = bool(0)
tracked = False
shared = True
ended = 'raised'


def half(a: torch.Tensor, k: float) -> torch.Tensor:
    """Return (k * a) ** 2, of which autograd sees one of the two factors."""
    b = k * a
    return (b**2 + (b**2).data) / 2


def chase(u: torch.Tensor, v: torch.Tensor, x: float) -> torch.Tensor:
    """Return the squared gap between a guess and its goal; the goal sends no gradient back."""
    return torch.nn.functional.mse_loss(u * x, u.data * v.data)
