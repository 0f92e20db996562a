# 47. Doubles a list of numbers until it has 2 ** 28 places.
# ends: memory | timeout
# points: 0
def gradient(x):
    grown = [0.0]
    for _ in range(28):
        grown += grown
    return 3 * x**2
