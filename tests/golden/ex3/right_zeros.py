# grade: ex3 format=1 variant=0
# Gradients pile up
import torch

# Predict: four looks at one gradient

first = 2 * 4
second = 8 + 10
third = 3 * 4**2
last = None


# Let them add up

def add_up(losses, x):
    [loss(x).backward() for loss in losses]


# Only the newest

def clear(t):
    if t.grad is not None:
        t.grad.detach_()
        t.grad.zero_()


def only_latest(loss, x):
    clear(x)
    value = loss(x)
    value.backward()
    print("loss", value.item(), "slope", x.grad)
    return x.grad


# Clear one, keep the other

def sum_and_latest(losses, w, b):
    for i in range(len(losses)):
        value = losses[i](w, b)
        clear(b)
        value.backward()


if __name__ == "__main__":
    x = torch.tensor(4.0, requires_grad=True)
    only_latest(lambda t: t**2, x)
    only_latest(lambda t: 10 * t, x)
    print(x.grad)
