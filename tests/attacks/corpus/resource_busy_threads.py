# 55. Keeps all processors busy: in C, on as many threads as there may be.
# ends: timeout | error
# points: 0
import threading

import torch


def spin():
    a = torch.ones(128, 128)
    while True:
        a @ a


def gradient(x):
    threading.stack_size(1 << 18)
    for _ in range(12):
        threading.Thread(target=spin, daemon=True).start()
    spin()
