# 48. Maps a gigabyte of shared memory, which the limit on data does not count.
# ends: memory | timeout
# points: 0
import mmap


def gradient(x):
    kept = [mmap.mmap(-1, 1 << 26, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS) for _ in range(16)]
    for shared in kept:
        shared[:: mmap.PAGESIZE] = b"1" * (len(shared) // mmap.PAGESIZE)
    return 3 * x**2
