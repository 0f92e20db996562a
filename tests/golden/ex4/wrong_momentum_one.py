# grade: ex4 format=1 variant=0
import torch


def fit(
    X: torch.Tensor, y: torch.Tensor, w0: float, b0: float, lr: float, steps: int
) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """Fit y ≈ w * X + b by gradient descent; return w, b and the loss of every step."""
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses: list[float] = []

    optimizer = torch.optim.SGD([w, b], lr=lr, momentum=1.0)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(w * X + b, y)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return w, b, losses
