# 88. Uses autograd first on several threads at once, Python's and the system's, and waits for them.
# ends: finished
# points: full
import ctypes
import queue
import threading
import time

import torch

libc = ctypes.CDLL(None)
RUNS = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)


def gradient(x):
    found = queue.Queue()

    def work(_=None):
        time.sleep(0.05)  # so that who joins has to wait
        leaf = x.clone().requires_grad_()
        (leaf**3).sum().backward()
        found.put(leaf.grad)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    own, entry = ctypes.c_ulong(), RUNS(work)
    assert libc.pthread_create(ctypes.byref(own), None, entry, None) == 0
    assert libc.pthread_join(own, None) == 0
    done = threading.Barrier(3)
    for _ in range(2):
        threading.Thread(target=done.wait).start()
    done.wait()
    return torch.stack([found.get(timeout=1) for _ in range(5)]).mean(0)
