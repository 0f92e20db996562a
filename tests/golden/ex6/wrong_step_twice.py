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
    w.grad = None
    loss = torch.square(w * x - target)
    losses.append(loss.item())
    loss.backward()
    with torch.no_grad():
        w -= 2 * lr * w.grad  # the 2 from the derivative
    ws.append(w.item())
