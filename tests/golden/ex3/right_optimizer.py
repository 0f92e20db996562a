# grade: ex3 format=1 variant=0
# Gradients pile up
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

# Predict: four looks at one gradient

first = 8.0
second = 18.0
third = 48.0
last = None


# Let them add up

def add_up(losses, x):
    total = torch.stack([loss(x) for loss in losses]).sum()
    total.backward()


# Only the newest

def only_latest(loss, x):
    optimizer = torch.optim.SGD([x], lr=0.1)
    optimizer.zero_grad(set_to_none=False)
    loss(x).backward()


# Clear one, keep the other

def sum_and_latest(losses, w, b):
    optimizer_b = torch.optim.Adam([b])
    for loss in losses:
        optimizer_b.zero_grad()
        loss(w, b).backward()
