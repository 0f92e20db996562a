# grade: ex6 format=1 variant=0
# Gradient descent on one number
import torch


x = -1.5
target = -2.0
w0 = 4.0
lr = 0.04
steps = 4

w = torch.tensor(w0, requires_grad=True)
ws = []
losses = []

for _ in range(steps):
    loss = (w * x - target) ** 2
    losses.append(loss.item())
    (slope,) = torch.autograd.grad(loss, w)
    w = (w - lr * slope).detach().requires_grad_()
    ws.append(float(w))
