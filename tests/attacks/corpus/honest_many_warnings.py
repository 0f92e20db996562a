# 88. Warns a thousand times.
# ends: finished
# points: full
import warnings


def gradient(x):
    for number in range(1000):
        warnings.warn(f"number {number}", stacklevel=1)
    return 3 * x**2
