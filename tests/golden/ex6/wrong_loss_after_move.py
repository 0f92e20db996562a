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
optimizer = torch.optim.SGD([w], lr=lr)

for _ in range(steps):
    optimizer.zero_grad()
    loss = (w * x - target) ** 2
    loss.backward()
    optimizer.step()
    ws.append(w.item())
    losses.append((ws[-1] * x - target) ** 2)
