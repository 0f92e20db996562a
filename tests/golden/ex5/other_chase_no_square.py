# grade: ex5 format=1 variant=0
# Stop-gradient with detach
import torch


grad_whole = 75.0
grad_half = 37.5
tracked = False
shared = True
ended = "raised"


def half(a, k):
    b = k * a
    return b.detach() * b


def chase(u, v, x):
    goal = (u * v).detach()
    return u * x - goal
