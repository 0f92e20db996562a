"""Fit a straight line with a training loop written by hand: forward, loss, backward, update, zero.

canary: 480e2baa901ed2f8727c0165e0728490
"""

import torch

# <fit>


def fit(
    X: torch.Tensor, y: torch.Tensor, w0: float, b0: float, lr: float, steps: int
) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """Fit y ≈ w * X + b by gradient descent; return w, b and the loss of every step."""
    # <start>
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses: list[float] = []
    # </start>

    # <loop>
    for _ in range(steps):
        # </loop>
        # <forward>
        y_pred = w * X + b
        # </forward>

        # <loss>
        # <error>
        loss = ((y_pred - y) ** 2).mean()
        # </error>
        # <record>
        losses.append(loss.item())
        # </record>
        # </loss>

        # <backward>
        loss.backward()
        # </backward>

        # <update>
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        # </update>

        # <zero>
        w.grad.zero_()
        b.grad.zero_()
        # </zero>

    return w, b, losses


# </fit>


# <drive>
def plain(number: torch.Tensor | float) -> torch.Tensor | float:
    """Return a copy without graph or gradient; what is no tensor stays as it is."""
    return number.detach().clone() if isinstance(number, torch.Tensor) else number


def drive(
    X: torch.Tensor, y: torch.Tensor, w0: float, b0: float, lr: float, steps: int
) -> dict[str, object]:
    w, b, losses = fit(X, y, w0, b0, lr, steps)
    return {"w": plain(w), "b": plain(b), "losses": [plain(loss) for loss in losses]}


# </drive>
