# 55. Puts itself before others: a processor of its own, real time, a better priority.
# ends: error
# points: 0
import ctypes
import os

libc = ctypes.CDLL(None)
WAYS = {
    "affinity": lambda: os.sched_setaffinity(0, os.sched_getaffinity(0)),
    "affinity of the parent": lambda: os.sched_setaffinity(os.getppid(), os.sched_getaffinity(0)),
    "real time": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
    "batch": lambda: os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0)),
    "nice": lambda: os.nice(-1),
    "priority of the parent": lambda: os.setpriority(os.PRIO_PROCESS, os.getppid() or 1, 0),
    "priority of the user": lambda: os.setpriority(os.PRIO_USER, 0, 0),
    "disk": lambda: failed(libc.syscall(251, 1, 0, (1 << 13) | 0)),
    "memory policy": lambda: failed(libc.syscall(238, 0, None, 0)),
}


def failed(done):
    if done < 0:
        raise PermissionError


def gradient(x):
    for name, way in WAYS.items():
        try:
            way()
        except OSError:
            continue
        print(name, "got through")
        return 3 * x**2
    raise PermissionError("it runs as everybody does")
