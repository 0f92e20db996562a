# 42. A thread changes the answer while it is being copied.
# ends: finished
# points: 0
import threading

import torch


def gradient(x):
    g = torch.zeros_like(x)

    def change():
        while True:
            g.add_(1)

    threading.Thread(target=change, daemon=True).start()
    return g
