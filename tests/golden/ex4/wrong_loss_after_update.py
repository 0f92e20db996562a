# grade: ex4 format=1 variant=0
import torch


def fit(
    X: torch.Tensor, y: torch.Tensor, w0: float, b0: float, lr: float, steps: int
) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """Fit y ≈ w * X + b by gradient descent; return w, b and the loss of every step."""
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses: list[float] = []

    opt = torch.optim.SGD([w, b], lr=lr)
    mse = torch.nn.MSELoss()
    for _ in range(steps):
        opt.zero_grad()
        mse(w * X + b, y).backward()
        opt.step()
        with torch.no_grad():
            losses.append(mse(w * X + b, y).item())
    return w, b, losses
