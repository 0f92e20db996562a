# 88. A data loader without workers.
# ends: finished
# points: full
import torch
from torch.utils.data import DataLoader


def gradient(x):
    return torch.cat([3 * batch**2 for batch in DataLoader(x, batch_size=2)])
