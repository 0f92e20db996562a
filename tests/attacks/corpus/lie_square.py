# 7. The right numbers in every row of a matrix.
# ends: finished
# points: 0
def gradient(x):
    return (3 * x**2).expand(len(x), len(x))
