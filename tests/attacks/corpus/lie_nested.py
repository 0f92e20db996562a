# 12. A nested tensor: rows of different lengths.
# ends: finished | error
# points: 0
import warnings

import torch

warnings.simplefilter("ignore")


def gradient(x):
    return torch.nested.nested_tensor([x, x[:1]])
