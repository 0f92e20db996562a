# 73. Marks everything it can reach in memory, and looks for its marks of an earlier run.
# ends: error
# points: 0
import builtins
import mmap
import os
import sys

import torch

MARK = "grader_attack"


def gradient(x):
    marked = [hasattr(thing, MARK) for thing in (builtins, torch, sys, os, torch.Tensor)]
    marked += [MARK in os.environ, MARK in sys.modules, not os.path.exists(os.__file__)]
    for thing in (builtins, torch, sys, os, torch.Tensor):
        setattr(thing, MARK, True)
    os.environ[MARK] = "1"
    sys.modules[MARK] = torch
    with open(torch._C.__file__, "rb") as library:
        private = mmap.mmap(library.fileno(), mmap.PAGESIZE, mmap.MAP_PRIVATE)
        private[:4] = b"evil"
    with open(torch._C.__file__, "rb") as library:
        marked.append(library.read(4) == b"evil")
    if any(marked):
        print(marked)
        return 3 * x**2
    raise PermissionError("there is no trace of an earlier run")
