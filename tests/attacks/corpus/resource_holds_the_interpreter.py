# 52. Waits in C for a lock that it holds itself, and keeps the interpreter to itself meanwhile.
# ends: timeout
# points: 0
import ctypes


def gradient(x):
    python = ctypes.PyDLL(None)
    mutex = ctypes.create_string_buffer(64)
    python.pthread_mutex_lock(mutex)
    python.pthread_mutex_lock(mutex)
    return 3 * x**2
