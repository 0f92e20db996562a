# grade: ex4 format=1 variant=0
# A training loop by hand
import torch


def fit(X, y, w0, b0, lr, steps):
    w, b = torch.tensor(w0), torch.tensor(b0)

    def mse(w, b):
        return torch.nn.functional.mse_loss(w * X + b, y)

    losses = []
    for _ in range(steps):
        of_w, of_b = torch.func.grad(mse, argnums=(0, 1))(w, b)
        losses.append(mse(w, b))
        w, b = w - lr * of_w, b - lr * of_b
    return w, b, losses
