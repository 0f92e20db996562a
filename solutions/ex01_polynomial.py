"""The slope of a polynomial: once by calculus, once by autograd.

canary: 337010d3c04c49d5e83901b72eeca002
"""

import torch


# <by_hand>
def dydx(x: float | torch.Tensor, a: float, b: float, c: float) -> float | torch.Tensor:
    """Return the slope of y = x^3 + a x^2 + b x + c at x, by calculus."""
    # <derivative>
    return 3 * x**2 + 2 * a * x + b
    # </derivative>


# </by_hand>


# <with_autograd>
def with_autograd(x0: float, a: float, b: float, c: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the leaf x, with the slope at x0 in x.grad, and y."""
    # <leaf>
    x = torch.tensor(x0, requires_grad=True)
    # </leaf>
    # <forward>
    y = x**3 + a * x**2 + b * x + c
    # </forward>
    # <backward>
    y.backward()
    # </backward>
    # <hand_back>
    return x, y
    # </hand_back>


# </with_autograd>


# <drive>
def drive_by_hand(x: float | torch.Tensor, a: float, b: float, c: float) -> dict[str, object]:
    return {"slope": dydx(x, a, b, c)}


def drive_with_autograd(x0: float, x1: float, a: float, b: float, c: float) -> dict[str, object]:
    x, y = with_autograd(x0, a, b, c)
    x_again, y_again = with_autograd(x1, b, c, a)
    leaves = x.is_leaf and x_again.is_leaf
    return {"x": x, "y": y, "x_again": x_again, "y_again": y_again, "is_leaf": leaves}


# </drive>
