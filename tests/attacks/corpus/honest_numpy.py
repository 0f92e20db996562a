# 88. Works it out in numpy.
# ends: finished
# points: full
import numpy as np
import torch


def gradient(x):
    np.random.seed(1)
    return torch.from_numpy(3 * np.square(x.numpy()))
