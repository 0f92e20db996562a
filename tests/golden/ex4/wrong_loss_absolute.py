# grade: ex4 format=1 variant=0
import torch


def fit(
    X: torch.Tensor, y: torch.Tensor, w0: float, b0: float, lr: float, steps: int
) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """Fit y ≈ w * X + b by gradient descent; return w, b and the loss of every step."""
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses: list[float] = []

    opt = torch.optim.SGD((w, b), lr)
    for _ in range(steps):
        opt.zero_grad()
        loss = torch.nn.functional.l1_loss(w * X + b, y)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return w, b, losses
