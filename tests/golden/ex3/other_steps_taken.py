# grade: ex3 format=1 variant=0
# Gradients pile up
import torch


first = 8.0
second = 18.0
third = 48.0
last = None


def add_up(losses, x):
    optimizer = torch.optim.SGD([x], lr=0.1)
    for loss in losses:
        loss(x).backward()
        optimizer.step()


def only_latest(loss, x):
    x.grad = None
    loss(x).backward()


def sum_and_latest(losses, w, b):
    for loss in losses:
        b.grad = None
        loss(w, b).backward()
