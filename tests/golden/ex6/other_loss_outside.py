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

loss = (w * x - target) ** 2
for _ in range(steps):
    losses.append(loss.item())
    loss.backward(retain_graph=True)
    with torch.no_grad():
        w.sub_(lr * w.grad)
    w.grad = None
    ws.append(w.item())
