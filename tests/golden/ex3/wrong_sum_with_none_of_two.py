# grade: ex3 format=1 variant=0
# Gradients pile up
import torch


first = 8.0
second = 18.0
third = 48.0
last = None


def add_up(losses, x):
    for loss in losses:
        loss(x).backward()


def only_latest(loss, x):
    x.grad = None
    loss(x).backward()


def sum_and_latest(losses, w, b):
    for loss in losses:
        of_w, b.grad = torch.autograd.grad(loss(w, b), [w, b])
        w.grad += of_w
