# 58. Writes to its own memory through /proc, where pages that are read-only can be written.
# ends: error | crashed
# points: 0
import ctypes

text = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p).value


def gradient(x):
    with open("/proc/self/mem", "r+b", buffering=0) as memory:
        memory.seek(text)
        before = memory.read(1)
        memory.seek(text)
        memory.write(before)
    return 3 * x**2
