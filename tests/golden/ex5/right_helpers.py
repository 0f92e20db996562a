# grade: ex5 format=1 variant=0
import torch
import matplotlib.pyplot as plt

grad_whole = 75.0
grad_half = 37.5
tracked = False
shared = True
ended = "raised"


def sg(t):
    """stop-gradient, as in the papers"""
    return t.clone().detach()


def half(a, k):
    return sg(k * a) * (k * a)


def chase(u, v, x):
    guess, goal = u * x, sg(u) * sg(v)
    return (guess - goal).pow(2)


if __name__ == "__main__":
    xs = torch.linspace(-2, 2, 50)
    plt.plot(xs, [half(x, 2.0) for x in xs])
    plt.show()
