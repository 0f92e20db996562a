"""Stop-gradient: let a value through and hold its gradient back.

canary: 7f87691b8c16b425b157fab2ee5fad44
"""

import torch

# <half>


def half(a: torch.Tensor, k: float) -> torch.Tensor:
    """Return (k * a) ** 2, of which autograd sees one of the two factors."""
    # <factors>
    b = k * a
    return b.detach() * b
    # </factors>


# </half>


# <chase>


def chase(u: torch.Tensor, v: torch.Tensor, x: float) -> torch.Tensor:
    """Return the squared gap between a guess and its goal; the goal sends no gradient back."""
    # <gap>
    guess = u * x
    goal = (u * v).detach()
    return (guess - goal) ** 2
    # </gap>


# </chase>


# <drive>
def drive_half(a0: float, k: float) -> dict[str, object]:
    a = torch.tensor(a0, requires_grad=True)
    c = half(a, k)
    early = a.grad is not None
    c.backward()
    return {"c": c.detach().clone(), "a": a, "early": early}


def drive_chase(u0: float, v0: float, x: float) -> dict[str, object]:
    u = torch.tensor(u0, requires_grad=True)
    v = torch.tensor(v0, requires_grad=True)
    loss = chase(u, v, x)
    early = u.grad is not None
    loss.backward()
    return {"loss": loss.detach().clone(), "u": u, "v": v, "early": early}


# </drive>
