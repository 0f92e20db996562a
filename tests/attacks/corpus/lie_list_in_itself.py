# A list that holds itself.
# ends: finished
# points: 0
def gradient(x):
    own = []
    own.append(own)
    return own
