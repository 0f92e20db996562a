# Hands in a generator function: nothing of it ever runs.
# ends: finished
# points: 0
def gradient(x):
    yield 3 * x**2
