# 61. Shares memory by name, as multiprocessing and torch do between processes.
# ends: error
# points: 0
# in d: finished; points: full
import _posixshmem
import os

import torch


def gradient(x):
    name = f"/grader-attack-{os.getpid()}"
    try:
        os.close(_posixshmem.shm_open(name, os.O_CREAT | os.O_RDWR, mode=0o600))
        _posixshmem.shm_unlink(name)
    except OSError:
        torch.ones(4).share_memory_()
    return 3 * x**2
