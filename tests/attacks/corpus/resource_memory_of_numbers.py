# 47. Two numbers of as many digits as memory holds, by turns.
# ends: memory | timeout
# points: 0
def gradient(x):
    number = 1 << (1 << 33)
    return 3 * x**2 if number else x
