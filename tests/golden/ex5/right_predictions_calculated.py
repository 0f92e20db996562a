# grade: ex5 format=1 variant=0
# Stop-gradient with detach
import torch


def whole(k, a):
    b = k * a
    return 2 * b * k


grad_whole = whole(5.0, 1.5)
print(grad_whole)
grad_half = grad_whole / 2
tracked = not True
shared = 2 > 1
ended = "ran" if tracked else "raised"


def half(a, k):
    b = k * a
    return b.detach() * b


def chase(u, v, x):
    return (u * x - (u * v).detach()) ** 2
