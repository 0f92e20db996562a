# 12. The right numbers as a view with its negative bit set: a raw copy would have the other sign.
# ends: finished
# points: full
import torch


def gradient(x):
    g = torch.complex(x, -3 * x**2).conj().imag
    assert g.is_neg()
    return g
