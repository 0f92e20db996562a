# grade: ex3 format=1 variant=0
# Gradients pile up
import torch


x, k = 4.0, 10.0
first = 2 * x
second = first + k
third = 3 * x**2
last = None if third else 0


def add_up(losses, x):
    for loss in losses:
        loss(x).backward()


def only_latest(loss, x):
    x.grad = None
    loss(x).backward()


def sum_and_latest(losses, w, b):
    for loss in losses:
        b.grad = None
        loss(w, b).backward()
