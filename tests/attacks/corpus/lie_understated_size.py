# 12. A billion numbers that say they are one.
# ends: memory | error | crashed
# points: 0
import torch


class Small(torch.Tensor):
    def numel(self):
        return 1


def gradient(x):
    return torch.zeros(1).expand(1 << 30).as_subclass(Small)
