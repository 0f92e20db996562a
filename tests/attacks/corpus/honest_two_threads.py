# 88. Uses two threads of Python's, and two in torch.
# ends: finished
# points: full
from concurrent.futures import ThreadPoolExecutor

import torch


def gradient(x):
    torch.set_num_threads(2)
    with ThreadPoolExecutor(2) as pool:
        return torch.stack(list(pool.map(lambda v: 3 * v**2, x)))
