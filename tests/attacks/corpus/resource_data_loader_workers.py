# 45. Has a data loader start a worker process for each batch.
# ends: error
# points: 0
import torch
from torch.utils.data import DataLoader


def gradient(x):
    for _ in range(8):
        for _batch in DataLoader(torch.ones(8), batch_size=1, num_workers=2):
            pass
    return 3 * x**2
