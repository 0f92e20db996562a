# Overrides what a tensor says of its version, its storage and its graph, by numbers of any size.
# ends: refused | error
# points: 0
import torch


class Odd(torch.Tensor):
    _version = 1 << 100
    requires_grad = "yes"
    is_leaf = []


def gradient(x):
    return (3 * x**2).as_subclass(Odd)
