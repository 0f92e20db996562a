# grade: ex4 format=1 variant=0
import torch


def fit(
    X: torch.Tensor, y: torch.Tensor, w0: float, b0: float, lr: float, steps: int
) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """Fit y ≈ w * X + b by gradient descent; return w, b and the loss of every step."""
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses: list[float] = []

    for _ in range(steps):
        y_pred = w * X + b
        loss = ((y_pred - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    print(w, b, losses)
