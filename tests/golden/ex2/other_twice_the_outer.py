# grade: ex2 format=1 variant=0
# The chain rule in a small network
import torch


def six_slopes(x, w1, b, w2):
    below = w2 * 1.0
    return {
        "w2": x * w1 + b,
        "h_act": w2,
        "h": below,
        "b": below,
        "w1": below * x,
        "x": below * w1,
    }


def shared_weight(x, w, b):
    h_act = x * w + b
    return {"w": h_act + h_act, "b": w, "x": w**2}


def all_grads(x, w1, b, w2):
    h = x * w1
    h_act = h + b
    y = h_act * w2
    h.retain_grad()
    h_act.retain_grad()
    y.backward()
    return h, h_act, y
