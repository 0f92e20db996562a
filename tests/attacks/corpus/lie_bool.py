# 11. True is 1, and 1 is near to some.
# ends: finished
# points: 0
def gradient(x):
    return (3 * x**2) > 0
