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
    for loss in losses:
        loss(x).backward()
    with torch.no_grad():
        x -= 0.3 * x.grad


# Only the newest

def only_latest(loss: Callable[[Tensor], Tensor], x: Tensor) -> None:
    """Leave the gradient of this loss, and nothing else, in x.grad."""
    x.grad = None
    loss(x).backward()


# Clear one, keep the other

def sum_and_latest(
    losses: Sequence[Callable[[Tensor, Tensor], Tensor]], w: Tensor, b: Tensor
) -> None:
    """Let gradients pile up in w.grad; leave only those of the last loss in b.grad."""
    for loss in losses:
        b.grad = None
        loss(w, b).backward()
