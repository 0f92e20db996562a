# 88. Works in double precision, and tracks its answer.
# ends: finished
# points: full
def gradient(x):
    y = x.double().requires_grad_()
    (y**3).sum().backward()
    return y.grad
