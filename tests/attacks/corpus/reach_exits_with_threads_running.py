# 74. Its main thread ends, others run on: is the process dead now, or not?
# ends: timeout | error
# points: 0
import ctypes
import threading
import time

EXIT = 60
threading.stack_size(1 << 17)


def linger():
    while True:
        time.sleep(0.01)


def gradient(x):
    for _ in range(4):
        threading.Thread(target=linger, daemon=True).start()
    ctypes.CDLL(None).syscall(EXIT, 0)
