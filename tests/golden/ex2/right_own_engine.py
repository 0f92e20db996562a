# grade: ex2 format=1 variant=0
# The chain rule in a small network
import torch


class Value:
    def __init__(self, number, *parents):
        self.number, self.parents, self.grad = number, parents, 0.0

    def __mul__(self, other):
        return Value(self.number * other.number, (self, other.number), (other, self.number))

    def __add__(self, other):
        return Value(self.number + other.number, (self, 1.0), (other, 1.0))

    def backward(self, upstream=1.0):
        self.grad += upstream
        for parent, local in self.parents:
            parent.backward(upstream * local)


def six_slopes(x, w1, b, w2):
    found = {name: Value(number) for name, number in zip(("x", "w1", "b", "w2"), (x, w1, b, w2))}
    found["h"] = found["x"] * found["w1"]
    found["h_act"] = found["h"] + found["b"]
    (found["h_act"] * found["w2"]).backward()
    return {name: each.grad for name, each in found.items()}


def shared_weight(x, w, b):
    found = {"x": Value(x), "w": Value(w), "b": Value(b)}
    x, w, b = found.values()
    ((x * w + b) * w).backward()
    return {name: each.grad for name, each in found.items()}


def all_grads(x, w1, b, w2):
    h = x * w1
    h_act = h + b
    y = h_act * w2
    h.retain_grad()
    h_act.retain_grad()
    y.backward()
    return h, h_act, y
