# 5. A tensor whose class fails at everything that is asked of it.
# ends: error
# points: 0
import torch


class Refuses(torch.Tensor):
    def detach(self):
        raise ValueError("not for you")

    to = numpy = cpu = numel = is_complex = detach


def gradient(x):
    return (3 * x**2).as_subclass(Refuses)
