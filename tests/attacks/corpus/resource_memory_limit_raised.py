# 48. Raises the limits on its memory, files, threads and processor time.
# ends: error
# points: 0
import ctypes
import os
import resource

NAMES = ("AS", "CPU", "FSIZE", "NOFILE", "CORE", "MEMLOCK", "MSGQUEUE", "SIGPENDING", "NPROC")


def by_prlimit(what, limit):
    words = (ctypes.c_ulong * 2)(limit, limit)
    if ctypes.CDLL(None).prlimit(os.getpid(), what, words, None):
        raise OSError("prlimit")


def gradient(x):
    for name in NAMES:
        what = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(what)
        for way in (lambda what, limit: resource.setrlimit(what, (limit, limit)), by_prlimit):
            try:
                way(what, hard + 1)
            except (ValueError, OSError):
                continue
            print(name, "was raised from", hard)
            return 3 * x**2
    raise PermissionError("no limit can be raised")
