# grade: ex6 format=1 variant=0
import torch

x = -1.5
target = -2.0
w0 = 4.0
lr = 0.04
steps = 4

w = torch.tensor([w0], requires_grad=True)
ws: list[float] = []
losses: list[float] = []

for i in range(steps):
    loss = ((w * x - target) ** 2).sum()
    losses.append(loss.item())
    loss.backward()
    with torch.no_grad():
        w.sub_(w.grad, alpha=lr)
        w.grad.zero_()
    ws.append(w.item())
    print(i, ws[-1], losses[-1])
