# grade: ex5 format=1 variant=0
# Stop-gradient with detach
import torch


grad_whole = 75.0
grad_half = 37.5
tracked = False
shared = True
ended = "raised"


def half(a, k):
    c = (k * a) ** 2
    c.register_hook(lambda slope: slope / 2)
    return c


def chase(u, v, x):
    return (u * x - (u * v).detach()) ** 2
