# 88. Tests itself, with helpers, classes, warnings and a main part that leaves.
# ends: finished
# points: full
import sys
import warnings
from dataclasses import dataclass

import torch


@dataclass
class Power:
    exponent: int

    def slope(self, x):
        return self.exponent * x ** (self.exponent - 1)


def gradient(x):
    warnings.warn("as it should be", stacklevel=2)
    return Power(3).slope(x)


print("tests:", torch.allclose(gradient(torch.ones(2)), torch.full((2,), 3.0)))
sys.exit(0)
