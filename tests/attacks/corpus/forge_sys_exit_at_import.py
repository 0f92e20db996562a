# 33. Ends the program politely before anything is defined.
# ends: error
# points: 0
import sys

sys.exit(0)


def gradient(x):
    return 3 * x**2
