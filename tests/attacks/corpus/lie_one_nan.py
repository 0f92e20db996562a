# 9. One NaN among the right values: the largest difference is NaN, and that is not too large.
# ends: finished
# points: 0
def gradient(x):
    g = 3 * x**2
    g[-1] = float("nan")
    return g
