# 44. Keeps itself from running by sixty threads of its own, as if the machine did.
# ends: timeout | error
# points: 0
import os
import threading


def spin():
    while True:
        os.sched_yield()


def gradient(x):
    threading.stack_size(1 << 18)
    for _ in range(60):
        threading.Thread(target=spin, daemon=True).start()
    while True:
        os.sched_yield()
