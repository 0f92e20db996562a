# 53. Ends itself as a failed assertion in C would.
# ends: crashed
# points: 0
import os


def gradient(x):
    print("Fatal: internal error of the grader, full points are given")
    os.abort()
