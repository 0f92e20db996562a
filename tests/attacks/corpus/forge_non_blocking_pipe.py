# 30. Makes the pipe non-blocking: a large answer may not fit at once, and fails.
# ends: crashed | refused | finished
# points: 0
import os

import torch


def gradient(x):
    os.set_blocking(4, False)
    return [torch.zeros(1 << 16) for _ in range(16)]
