"""The loop that every benchmark runs: 200 steps on 20 points.

canary: 5d0c41f2a7c64c0f9d3f3a1be0a94c55
"""

import torch

# <fit>


def fit(X: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """Fit y ≈ w * X + b; return w, b and the loss of every step."""
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    losses: list[float] = []
    # <steps>
    for _ in range(200):
        y_pred = w * X + b
        # <loss>
        loss = ((y_pred - y) ** 2).mean()
        # </loss>
        losses.append(loss.item())
        loss.backward()
        # <update>
        with torch.no_grad():
            w -= 0.01 * w.grad
            b -= 0.01 * b.grad
        # </update>
        # <clear>
        w.grad.zero_()
        b.grad.zero_()
        # </clear>
    # </steps>
    return w, b, losses


# </fit>


# <drive>
def drive(X: torch.Tensor, y: torch.Tensor) -> dict[str, object]:
    w, b, losses = fit(X, y)
    return {"w": w, "b": b, "losses": losses}


# </drive>
