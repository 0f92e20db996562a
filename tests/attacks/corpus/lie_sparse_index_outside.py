# 12. A sparse tensor with an index far outside of it, made without a check.
# ends: finished | error | crashed
# points: 0
import torch


def gradient(x):
    where = torch.tensor([[1 << 40]])
    return torch.sparse_coo_tensor(where, torch.ones(1), x.shape, check_invariants=False)
