# grade: ex6 format=1 variant=0
import torch

x = -1.5
target = -2.0
w0 = 4.0
lr = 0.04
steps = 4

w = torch.tensor(w0, requires_grad=True)
ws: list[float] = []
losses: list[float] = []

def one_step(w):
    """Where w goes, and the loss before it goes."""
    loss = (target - w * x).square()
    (slope,) = torch.autograd.grad(loss, w)
    return (w - lr * slope).detach().requires_grad_(), loss.detach()


while len(ws) < steps:
    w, loss = one_step(w)
    losses.append(loss)
    ws.append(w.detach())
