# Trains for ever, below an answer that is right.
# ends: finished
# points: 3.75
def gradient(x):
    return 3 * x**2


while True:
    pass
