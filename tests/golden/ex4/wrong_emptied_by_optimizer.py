# grade: ex4 format=1 variant=0
import torch


def fit(X, y, w0, b0, lr, steps):
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses = []
    optimizer = torch.optim.SGD([w, b], lr=lr)
    for _ in range(steps):
        y_pred = w * X + b
        loss = ((y_pred - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
    return w, b, losses
