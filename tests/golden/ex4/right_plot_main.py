# grade: ex4 format=1 variant=0
# works!! tried it with the data of the lecture, see the plot below
import torch
import matplotlib.pyplot as plt


def predict(X, params):
    return params["w"] * X + params["b"]


def mse(a, b):
    d = a - b
    return (d * d).sum() / d.numel()


def down(params, lr):
    for p in params.values():
        p.data = p.data - lr * p.grad


def clear(params):
    for p in params.values():
        p.grad = None


def fit(X, y, w0, b0, lr, steps):
    params = {
        "w": torch.tensor(w0, requires_grad=True),
        "b": torch.tensor(b0, requires_grad=True),
    }
    history = []
    for i in range(steps):
        loss = mse(predict(X, params), y)
        loss.backward()
        history += [float(loss.detach())]
        down(params, lr)
        clear(params)
        if i % 10 == 0:
            print("step", i, "loss", history[-1])
    return params["w"], params["b"], history


if __name__ == "__main__":
    X = torch.linspace(-1, 3, 20)
    y = 2 * X + 1 + 0.3 * torch.randn(20)
    w, b, losses = fit(X, y, 0.0, 0.0, 0.05, 200)
    plt.plot(losses)
    plt.savefig("curve.png")
    print("w =", w.item(), "b =", b.item())
