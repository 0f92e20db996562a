# grade: ex2 format=1 variant=0
# The chain rule in a small network
import torch


def six_slopes(x, w1, b, w2):
    return {
        "w2": x * w1 + b,
        "h_act": w2,
        "h": w2,
        "b": 1.0,
        "w1": w2 * w1,
        "x": w2 * x,
    }


def shared_weight(x, w, b):
    outer, inner = x * w + b, w * x
    return {"w": outer + inner, "b": w, "x": w * w}


def all_grads(x, w1, b, w2):
    h = x * w1
    h_act = h + b
    y = h_act * w2
    h.retain_grad()
    h_act.retain_grad()
    y.backward()
    return h, h_act, y
