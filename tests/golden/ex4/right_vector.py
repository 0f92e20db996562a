# grade: ex4 format=1 variant=0
import numpy as np
import torch

try:
    import seaborn as sns
except ImportError:
    sns = None


def fit(
    X: torch.Tensor, y: torch.Tensor, w0: float, b0: float, lr: float, steps: int
) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """Fit y ≈ w * X + b by gradient descent; return w, b and the loss of every step."""
    theta = torch.tensor([w0, b0], requires_grad=True)
    A = torch.vander(X, 2)
    losses = np.zeros(steps)
    for i in range(steps):
        loss = torch.mean((A @ theta - y) ** 2)
        loss.backward()
        losses[i] = loss.item()
        with torch.no_grad():
            theta -= lr * theta.grad
        theta.grad.zero_()
    return theta[0], theta[1], list(losses)
