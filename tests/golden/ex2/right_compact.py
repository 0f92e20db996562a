# grade: ex2 format=1 variant=0
# The chain rule in a small network
import torch


# Six derivatives by hand

def six_slopes(x, w1, b, w2):
    up = w2
    return dict(w2=x * w1 + b, h_act=up, h=up, b=up, w1=up * x, x=up * w1)


# One weight, used twice

def shared_weight(x, w, b):
    # multiplied out: y = x w^2 + b w
    return {"x": w**2, "w": 2 * x * w + b, "b": w}


# Reading the gradients in between

def all_grads(x, w1, b, w2):
    h = x * w1
    h.retain_grad()
    h_act = h + b
    h_act.retain_grad()
    y = h_act * w2
    y.backward()
    for name, t in dict(x=x, w1=w1, b=b, w2=w2, h=h, h_act=h_act).items():
        print(f"{name:>5} {t.grad.item():8.3f}")
    return h, h_act, y


if __name__ == "__main__":
    print(six_slopes(5.0, 1.5, 3.5, -4.0))
    print(shared_weight(5.0, 1.5, 3.5))
