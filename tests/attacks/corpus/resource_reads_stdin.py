# 44. Waits for somebody to type something.
# ends: error
# points: 0
import sys


def gradient(x):
    line = sys.stdin.readline() or input()
    return 3 * x**2 if line else x
