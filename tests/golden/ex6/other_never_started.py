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

def descend():
    for _ in range(steps):
        loss = (w * x - target) ** 2
        losses.append(loss.item())
        loss.backward()
        w.data -= lr * w.grad
        w.grad = None
        ws.append(w.item())
