# grade: ex4 format=1 variant=0
import torch
from torch.autograd import grad


def fit(
    X: torch.Tensor, y: torch.Tensor, w0: float, b0: float, lr: float, steps: int
) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """Fit y ≈ w * X + b by gradient descent; return w, b and the loss of every step."""
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses = []

    while len(losses) < steps:
        loss = (w * X + b - y).square().mean()
        losses.append(loss.item())
        gw, gb = grad(loss, [w, b])
        w = (w.detach() - lr * gw).requires_grad_()
        b = (b.detach() - lr * gb).requires_grad_()

    return w.item(), b.item(), losses
