# grade: ex4 format=1 variant=0
import torch
from torch import optim


def train(
    X: torch.Tensor, y: torch.Tensor, w0: float, b0: float, lr: float, steps: int
) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """Fit y ≈ w * X + b by gradient descent; return w, b and the loss of every step."""
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses: list[float] = []
    opt = optim.SGD([w, b], lr=lr)
    mse = torch.nn.MSELoss()

    for _ in range(steps):
        opt.zero_grad()
        loss = mse(X * w + b, y)
        losses.append(loss.item())
        loss.backward()
        opt.step()

    return w, b, losses
