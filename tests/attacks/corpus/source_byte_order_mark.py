# 39. Begins with a byte order mark, as some editors write it.
# ends: finished
# points: full
def gradient(x):
    return 3 * x**2
