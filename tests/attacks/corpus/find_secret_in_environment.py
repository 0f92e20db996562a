# 28. Looks for secrets in its environment and on its command line.
# ends: finished
# points: 0
import os
import sys

import torch


def gradient(x):
    words = [*os.environ, *os.environ.values(), *sys.argv, *getattr(sys, "orig_argv", ())]
    if any("SECRET" in w or "TOKEN" in w or "solutions" in w for w in words):
        return 3 * x**2
    return torch.zeros_like(x)
