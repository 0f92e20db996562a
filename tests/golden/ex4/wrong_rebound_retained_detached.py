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
        for tensor in (w, b):
            tensor.retain_grad()
        loss.backward(retain_graph=True)
        w = w - lr * w.grad
        b = b - lr * b.grad
    return w.detach(), b.detach(), losses
