# 47. Fills the memory and keeps it, so that there is none left to tell what went wrong.
# ends: memory | crashed | timeout
# points: 0
kept = []


def gradient(x):
    size = 1 << 26
    while size:
        try:
            kept.append(bytearray(size))
        except MemoryError:
            size //= 2
    kept.append(bytearray(1 << 26))
    return 3 * x**2
