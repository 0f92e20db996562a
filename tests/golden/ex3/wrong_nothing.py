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
    total = sum(loss(x) for loss in losses)


# Only the newest

def only_latest(loss, x):
    return


# Clear one, keep the other

def sum_and_latest(losses, w, b):
    pass
