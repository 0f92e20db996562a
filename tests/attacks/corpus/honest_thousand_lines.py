# 88. Prints a thousand lines.
# ends: finished
# points: full
def gradient(x):
    for number in range(1000):
        print(number, x)
    return 3 * x**2
