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
    outer, inner = x * w + b, w * x
    return {"w": outer + inner, "b": w, "x": w * w}


def all_grads(x, w1, b, w2):
    h = x * w1
    h_act = h + b
    y = h_act * w2
    for between in (h, h_act):
        between.retain_grad()
    h.backward(retain_graph=True)
    h_act.backward(retain_graph=True)
    y.backward()
    return h, h_act, y
