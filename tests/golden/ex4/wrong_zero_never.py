# grade: ex4 format=1 variant=0
import torch


def fit(X, y, w0, b0, lr, steps):
    params = [torch.tensor(p, requires_grad=True) for p in (w0, b0)]
    losses = []
    for step in range(steps):
        loss = torch.nn.functional.mse_loss(params[0] * X + params[1], y)
        losses.append(loss.item())
        loss.backward()
        for p in params:
            p.data.add_(p.grad, alpha=-lr)
    return params[0], params[1], losses
