# grade: ex6 format=1 variant=0
import matplotlib.pyplot as plt
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
    loss = (x * w - target) ** 2
    loss.backward()
    losses += [loss.item()]
    w.data -= lr * w.grad
    ws.append(w.item())


if __name__ == "__main__":
    fig, ax = plt.subplots()
    ax.plot(losses, label="loss")
    ax.legend()
    plt.show()
