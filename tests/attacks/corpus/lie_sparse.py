# 12. The right numbers in a sparse tensor with entries that stand twice and must be added.
# ends: finished
# points: full
import torch


def gradient(x):
    half = 1.5 * x**2
    where = torch.arange(len(x)).repeat(2)[None]
    return torch.sparse_coo_tensor(where, torch.cat([half, half]), x.shape)
