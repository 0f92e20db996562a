# grade: ex4 format=1 variant=0
# A training loop by hand
import torch


def fit(X, y, w0, b0, lr, steps):
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses = []
    for _ in range(steps):
        half = len(X) // 2
        error = w * X + b - y
        losses.append((error**2).mean().item())
        ((w * X[:half] + b - y[:half]) ** 2 / len(X)).sum().backward()
        rest = w * X[half:]
        rest = rest + b
        rest = rest - y[half:]
        (rest * rest / len(X)).sum().backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = b.grad = None
    return w, b, losses
