# 39. Ends its lines in three ways, two of which count as none for some.
# ends: finished
# points: full
def gradient(x):
    return 3 * x**2

