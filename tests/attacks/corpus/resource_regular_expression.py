# 52. Matches a pattern that needs 2 ** 60 steps.
# ends: timeout
# points: 0
import re


def gradient(x):
    re.match(r"(a+)+$", "a" * 60 + "b")
    return 3 * x**2
