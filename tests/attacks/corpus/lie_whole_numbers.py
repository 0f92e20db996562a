# 11. The numbers rounded down, as whole ones.
# ends: finished
# points: 0
def gradient(x):
    return (3 * x**2).long()
