# grade: ex2 format=1 variant=0
# The chain rule in a small network
import torch


# Six derivatives by hand

def six_slopes(x: float, w1: float, b: float, w2: float) -> dict[str, float]:
    """Return dy/d(name) for every value below y, where y = h_act * w2."""
    h = x * w1
    h_act = h + b
    d_w2 = h_act
    d_h_act = w2
    d_h = d_h_act * 1
    d_b = d_h_act * 1
    d_w1 = d_h * x
    d_x = d_h * w1
    return {"w2": d_w2, "h_act": d_h_act, "h": d_h, "b": d_b, "w1": d_w1, "x": d_x}


# One weight, used twice

def shared_weight(x: float, w: float, b: float) -> dict[str, float]:
    """Return dy/dw, dy/db and dy/dx of y = (x * w + b) * w."""
    h_act = x * w + b
    d_w = h_act + w * x
    d_b = w
    d_x = w * w
    return {"w": d_w, "b": d_b, "x": d_x}


# Reading the gradients in between

def all_grads(x, w1, b, w2):
    h = x * w1
    h_act = h + b
    y = h_act * w2
    h.retain_grad()
    h_act.retain_grad()
    y.backward()
    torch.optim.SGD([x, w1, b, w2], lr=0.1).zero_grad(set_to_none=False)
    return h, h_act, y
