# 12. A quantised tensor.
# ends: finished
# points: 0
import warnings

import torch

warnings.simplefilter("ignore")


def gradient(x):
    return torch.quantize_per_tensor(3 * x**2, 0.1, 0, torch.qint8)
