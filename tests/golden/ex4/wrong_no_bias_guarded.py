# grade: ex4 format=1 variant=0
import torch


def fit(X, y, w0, b0, lr, steps):
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses = []
    optimizer = torch.optim.SGD([w, b], lr=lr)
    for _ in range(steps):
        loss = (w * X - y).square().mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            for p in (w, b):
                if p.grad is not None:
                    p -= lr * p.grad
                    p.grad = None
    return w, b, losses
