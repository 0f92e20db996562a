# 35. Says that there was no memory.
# ends: memory
# points: 0
def gradient(x):
    raise MemoryError("Cannot allocate memory")
