# 52. One power of two whole numbers, during which no signal is heard.
# ends: timeout
# points: 0
def gradient(x):
    number = 3 ** (10**8)
    return 3 * x**2 if number else x
