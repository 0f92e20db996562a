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

for _ in range(steps):
    loss = torch.square(w * x - target)
    losses.append(loss.item())
    loss.backward()
    w.data = w.data - w.grad
    w.grad.zero_()
    ws.append(w.item())
