# Ends the process, below an answer that is right.
# ends: finished
# points: 3.75
import os


def gradient(x):
    return 3 * x**2


os._exit(1)
