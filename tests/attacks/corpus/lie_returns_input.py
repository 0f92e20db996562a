# 13. Hands back what it was handed.
# ends: finished
# points: 0
def gradient(x):
    return x
