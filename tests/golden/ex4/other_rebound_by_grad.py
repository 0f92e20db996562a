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
        of_w, of_b = torch.autograd.grad(loss, (w, b), retain_graph=True)
        w, b = w - lr * of_w, b - lr * of_b
    return w.item(), b.item(), losses
