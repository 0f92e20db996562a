# 39. Is no Python at all.
# ends: finished
# points: 0
def gradient(x:
    return 3 x
