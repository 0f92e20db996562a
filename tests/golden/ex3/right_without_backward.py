# grade: ex3 format=1 variant=0
# Gradients pile up
import torch
from torch.autograd import grad

# Predict: four looks at one gradient

first = 8.0
second = 18.0
third = 48.0
last = None


# Let them add up

def add_up(losses, x):
    total = sum(grad(loss(x), x)[0] for loss in losses)
    x.grad = total if x.grad is None else x.grad + total


# Only the newest

def only_latest(loss, x):
    x.grad, = grad(loss(x), [x])


# Clear one, keep the other

def sum_and_latest(losses, w, b):
    old = torch.zeros_like(w) if w.grad is None else w.grad
    pairs = [grad(loss(w, b), (w, b)) for loss in losses]
    w.grad = old + sum(dw for dw, _ in pairs)
    b.grad = pairs[-1][1]
