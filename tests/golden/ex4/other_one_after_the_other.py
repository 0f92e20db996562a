# grade: ex4 format=1 variant=0
# A training loop by hand
import torch


def fit(X, y, w0, b0, lr, steps):
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = (w * X + b - y).square().mean()
        losses.append(loss.item())
        of_w = torch.autograd.grad(loss, w)[0]
        with torch.no_grad():
            w -= lr * of_w
        of_b = torch.autograd.grad((w * X + b - y).square().mean(), b)[0]
        with torch.no_grad():
            b -= lr * of_b
    return w, b, losses
